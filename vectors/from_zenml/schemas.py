"""The secret schemas: fields, what a secret of each holds, what is refused."""

from .record import attempt, pairs, write
from .secrets import TYPES, schema_class, secret

# Given to every boolean field, alone.
BOOLEANS = [
    True,
    False,
    "true",
    "false",
    "True",
    "FALSE",
    "t",
    "f",
    "yes",
    "No",
    "y",
    "N",
    "on",
    "OFF",
    "1",
    "0",
    1,
    0,
    1.0,
    "",
    " true",
    "maybe",
    "2",
    "1.0",
    2,
    -1,
    0.5,
    None,
    [],
]
# Given to one field of text.
TEXTS = ["", "x", 1, -7, 1.0, 1e16, 0.1, True, None, [], {}]
LITERALS = ["s3", "S3", " s3", "", True, None]

ODD_KEYS = ["extra", "AWS_ACCESS_KEY_ID", "", "zenml_schema_name", "TYPE"]


def fields(schema):
    """The fields that ZenML declares, in their order."""
    declared = schema_class(schema).__fields__
    for key in schema_class(schema).get_schema_keys():
        field = declared[key]
        yield {
            "name": key,
            "type": type_name(field),
            "required": bool(field.required),
            "default": field.default,
        }


def type_name(field):
    """`string`, `boolean` or `literal`."""
    return {str: "string", bool: "boolean"}.get(field.type_, "literal")


def example(field):
    """A value for a field."""
    if field["type"] == "string":
        return f"the {field['name']}"
    return True if field["type"] == "boolean" else field["default"]


def schema_case(schema):
    """One schema with its least and its fullest secret."""
    declared = list(fields(schema))
    least = {f["name"]: example(f) for f in declared if f["required"]}
    full = {f["name"]: example(f) for f in declared}
    return {
        "schema": schema,
        "open": schema == "arbitrary",
        "fields": declared,
        "minimal": instance(schema, least),
        "full": instance(schema, full),
    }


def instance(schema, values):
    """A secret made of `values` and what it then holds."""
    content = secret("s", values, schema).content
    return {"values": pairs(values), "content": pairs(content)}


def coercion(schema, given):
    """What becomes of `given`, a dict of values."""
    made, error = attempt(lambda: secret("s", given, schema))
    case = {"schema": schema, "values": pairs(given)}
    if error:
        return {**case, "error": error}
    return {**case, "content": pairs(made.content)}


def coercions():
    """Values of other types, absent and unknown keys."""
    for value in BOOLEANS:
        yield coercion("seldon_s3", {"rclone_config_s3_env_auth": value})
    for value in LITERALS:
        yield coercion("seldon_s3", {"rclone_config_s3_type": value})
    for value in TEXTS:
        yield coercion("gcp", {"token": value})
        yield coercion("azure", {"tenant_id": value})
        yield coercion("seldon_s3", {"rclone_config_s3_provider": value})
        yield coercion("arbitrary", {"any": value})
    for schema in TYPES[1:]:
        yield coercion(schema, {})
        for key in ODD_KEYS:
            yield coercion(schema, {key: "x"})


def make():
    """Writes `vectors/schemas.json` and `vectors/schema-coercions.json`."""
    write("schemas.json", [schema_case(schema) for schema in TYPES])
    write("schema-coercions.json", list(coercions()))
