"""Makes secrets of every schema class that ZenML 0.44.1 knows."""

# Importing these registers their classes; no third-party package is needed.
import zenml.integrations.kserve.secret_schemas  # noqa: F401
import zenml.integrations.seldon.secret_schemas  # noqa: F401
import zenml.integrations.whylogs.secret_schemas  # noqa: F401
from zenml.secret import SecretSchemaClassRegistry

TYPES = [
    "arbitrary",
    "aws",
    "azure",
    "gcp",
    "basic_auth",
    "whylabs",
    "seldon_s3",
    "seldon_gs",
    "seldon_az",
    "kserve_s3",
    "kserve_gs",
    "kserve_az",
]
assert set(TYPES) == set(SecretSchemaClassRegistry.secret_schema_classes)


def schema_class(schema):
    """The class that ZenML registers for a TYPE string."""
    return SecretSchemaClassRegistry.get_class(schema)


def secret(name, values, schema="arbitrary"):
    """A secret; `values` is a dict or a list of pairs."""
    return schema_class(schema)(name=name, **dict(values))
