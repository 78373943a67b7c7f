"""The JSON text of a secret's values, written and read."""

import json

from zenml.secrets_managers.utils import secret_from_dict, secret_to_dict

from .record import attempt, pairs, write
from .secrets import secret

CONTROLS = "".join(map(chr, range(0x20))) + "\x7f\x80\x9f\u2028\u2029"

WRITTEN = [
    # schema, values
    ("arbitrary", [["username", "admin"], ["password", "hunter2"]]),
    ("arbitrary", [["b", "2"], ["a", "\u00e9"]]),
    ("arbitrary", []),
    ("arbitrary", [["empty", ""]]),
    ("arbitrary", [["spaces", "  a  b  "], ["tab", "a\tb"]]),
    ("arbitrary", [["lines", "one\ntwo\r\nthree\n"]]),
    ("arbitrary", [["quote", "\"'`"], ["slashes", "/\\//\\\\"]]),
    ("arbitrary", [["html", "<a href='x'>&amp;</a>"], ["del", "\x7f"]]),
    ("arbitrary", [["controls", CONTROLS]]),
    ("arbitrary", [["latin", "\u00ff\u0100"], ["bmp", "\u4e2d\u6587\uffff"]]),
    ("arbitrary", [["emoji", "\U0001f511"], ["last", "\U0010ffff"]]),
    ("arbitrary", [["composed", "\u00e9"], ["combining", "e\u0301"]]),
    ("arbitrary", [["bom", "\ufeffx"], ["rtl", "\u202eabc"]]),
    ("arbitrary", [["json", '{"a": ["\\u00e9", null]}']]),
    ("arbitrary", [["base64", "AAEC/v8="], ["pem", "-----BEGIN X-----\n"]]),
    ("arbitrary", [["reference", "{{other.key}}"], ["at", "@file"]]),
    ("arbitrary", [["", "empty key"]]),
    (
        "arbitrary",
        [
            ["with space", "1"],
            ["with.dot", "2"],
            ["with-hyphen", "3"],
            ["with/slash", "4"],
            ["\u00fc\U0001f511", "5"],
            ['"quoted"', "6"],
            ["new\nline", "7"],
            ["class", "8"],
            ["NAME", "9"],
            ["schema", "10"],
        ],
    ),
    ("arbitrary", [[f"key_{n:02}", f"value {n}"] for n in range(30, 0, -1)]),
    ("arbitrary", [["int", 7], ["negative", -1], ["zero", 0]]),
    ("arbitrary", [["big", 9007199254740993], ["i64", -(2**63)]]),
    ("arbitrary", [["float", 0.1], ["whole", 1.0], ["tiny", 1.5e-07]]),
    ("arbitrary", [["huge", 1e16], ["minus_zero", -0.0]]),
    ("arbitrary", [["yes", True], ["no", False], ["text", "True"]]),
    ("arbitrary", [["none", None], ["some", "x"]]),
    ("arbitrary", [["list", [1, "a", None, []]], ["map", {"b": {}, "a": 1}]]),
    ("arbitrary", [["zenml_schema_name", "aws"], ["after", "x"]]),
    ("arbitrary", [["zenml-schema-name", "aws"], ["TYPE", "x"]]),
    ("arbitrary", [["arbitrary_kv_pairs", "x"]]),
    ("aws", [["aws_access_key_id", "AK"], ["aws_secret_access_key", "S/+="]]),
    (
        "aws",
        [
            ["aws_session_token", "T"],
            ["aws_secret_access_key", "S"],
            ["aws_access_key_id", "AK"],
        ],
    ),
    (
        "aws",
        [
            ["aws_access_key_id", ""],
            ["aws_secret_access_key", "S"],
            ["aws_session_token", None],
        ],
    ),
    ("azure", []),
    ("azure", [["tenant_id", "t"], ["account_name", "a"]]),
    ("gcp", [["token", '{"type": "service_account"}']]),
    ("basic_auth", [["username", "u"], ["password", "p\u00e4ss"]]),
    ("whylabs", [["whylabs_default_org_id", "o"], ["whylabs_api_key", "k"]]),
    ("seldon_s3", []),
    (
        "seldon_s3",
        [
            ["rclone_config_s3_endpoint", "https://s3"],
            ["rclone_config_s3_env_auth", "true"],
            ["rclone_config_s3_provider", "minio"],
        ],
    ),
    ("seldon_gs", [["rclone_config_gs_anonymous", True]]),
    ("seldon_az", [["rclone_config_az_use_msi", "on"]]),
    ("kserve_s3", [["s3_use_https", "1"], ["s3_verify_ssl", False]]),
    ("kserve_gs", [["google_application_credentials", "{}"]]),
    ("kserve_az", []),
]

READ = [
    '{"a": "1", "zenml_schema_name": "arbitrary"}',
    '{"zenml_schema_name": "arbitrary", "b": "first", "a": "second"}',
    '\n{"a":"1","zenml_schema_name":"arbitrary"}\t',
    '{"a": "1", "a": "2", "zenml_schema_name": "arbitrary"}',
    '{"a": "1", "b": "2", "a": "3", "zenml_schema_name": "arbitrary"}',
    '{"a": "\u00e9\\ud83d\\udd11", "zenml_schema_name": "arbitrary"}',
    '{"a": null, "b": 1, "c": true, "zenml_schema_name": "arbitrary"}',
    '{"name": "other", "a": "1", "zenml_schema_name": "arbitrary"}',
    '{"zenml_schema_name": "arbitrary"}',
    '{"zenml_schema_name": "azure"}',
    '{"username": 1, "password": true, "zenml_schema_name": "basic_auth"}',
    '{"username": 1.0, "password": 1e16, "zenml_schema_name": "basic_auth"}',
    '{"tenant_id": null, "zenml_schema_name": "azure"}',
    '{"rclone_config_s3_env_auth": "yes", "zenml_schema_name": "seldon_s3"}',
    '{"rclone_config_s3_env_auth": 1, "zenml_schema_name": "seldon_s3"}',
    '{"token": "not json", "zenml_schema_name": "gcp"}',
    "",
    "plain text",
    '{"a": "1"',
    "{'a': '1'}",
    "null",
    "1",
    '"text"',
    "[]",
    "{}",
    '{"a": "1"}',
    '{"a": "1", "zenml-schema-name": "arbitrary"}',
    '{"a": "1", "zenml_schema_name": "mysql"}',
    '{"a": "1", "zenml_schema_name": ""}',
    '{"a": "1", "zenml_schema_name": "Arbitrary"}',
    '{"a": "1", "zenml_schema_name": null}',
    '{"a": "1", "zenml_schema_name": 1}',
    '{"a": "1", "zenml_schema_name": ["arbitrary"]}',
    '{"username": "u", "zenml_schema_name": "basic_auth"}',
    '{"zenml_schema_name": "basic_auth"}',
    '{"username": "u", "password": null, "zenml_schema_name": "basic_auth"}',
    '{"username": "u", "password": "p", "extra": "x", '
    '"zenml_schema_name": "basic_auth"}',
    '{"username": {"a": 1}, "password": [], '
    '"zenml_schema_name": "basic_auth"}',
    '{"token": {"type": "x"}, "zenml_schema_name": "gcp"}',
    '{"rclone_config_s3_env_auth": "maybe", "zenml_schema_name": "seldon_s3"}',
    '{"rclone_config_s3_env_auth": 2, "zenml_schema_name": "seldon_s3"}',
    '{"rclone_config_s3_env_auth": null, "zenml_schema_name": "seldon_s3"}',
    '{"rclone_config_s3_type": "S3", "zenml_schema_name": "seldon_s3"}',
    '{"storage_type": "S3", "zenml_schema_name": "kserve_s3"}',
    '{"rclone_config_azureblob_type": "azureblob", '
    '"zenml_schema_name": "seldon_az"}',
]


def written():
    """Cases of a secret and the JSON text that ZenML stores for it."""
    for schema, values in WRITTEN:
        made = secret("s", values, schema)
        yield {
            "schema": schema,
            "values": values,
            "content": pairs(made.content),
            "json": json.dumps(secret_to_dict(made)),
        }


def read():
    """Cases of a stored text and what ZenML makes of it."""
    for document in READ:
        made, error = attempt(
            lambda: secret_from_dict(json.loads(document), secret_name="s")
        )
        case = {"document": document}
        if error:
            yield {**case, "error": error}
        else:
            content = pairs(made.content)
            yield {**case, "schema": made.TYPE, "content": content}


def make():
    """Writes `vectors/manager/`."""
    write("manager/json-values.json", list(written()))
    cases = list(read())
    accepted = [case for case in cases if "error" not in case]
    write("manager/json-reads.json", accepted)
    write("manager/json-rejects.json", [c for c in cases if "error" in c])
