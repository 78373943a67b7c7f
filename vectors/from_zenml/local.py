"""Secrets files of ZenML's local secrets manager."""

from zenml.secrets_managers.local.local_secrets_manager import (
    LocalSecretsManagerFlavor,
)

from .record import VECTORS, pairs, write
from .secrets import secret
from .vault import component

ID = "00000000-0000-0000-0000-000000000001"

# Names and keys that mean something else in YAML unless quoted.
ODD = [
    "yes",
    "no",
    "on",
    "y",
    "null",
    "~",
    "true",
    "1",
    "1.0",
    "1e3",
    "0x1F",
    "0o17",
    "1_000",
    "12:30:45",
    "2023-09-01",
    ".inf",
    "=",
    "<<",
    "a: b",
    "a #b",
    "- a",
    "? a",
    "-",
    "?",
    ":",
    "&a",
    "*a",
    "!a",
    "|",
    ">",
    "%a",
    "@a",
    "`a`",
    "[a]",
    "{a}",
    "{{a.b}}",
    "a, b",
    "'a'",
    '"a"',
    "a'b",
    'a"b',
    "back\\slash",
    " a",
    "a ",
    "",
    "a\nb",
    "a\tb",
    "\x00\x07\x1b\x7f",
    "\x85\xa0\u2028\ufeff",
    "größe",
    "秘密",
    "🔑",
    "---",
    "...",
    "a" * 128,
    "b" * 129,
    "long " * 30,
]

ALL_SCHEMAS = [
    # name, schema, values
    ("s-arbitrary", "arbitrary", {"b": "2", "a": "1"}),
    (
        "s-aws",
        "aws",
        {
            "aws_access_key_id": "AK",
            "aws_secret_access_key": "SK",
            "aws_session_token": "T",
        },
    ),
    ("s-azure", "azure", {"account_name": "n", "account_key": "k=="}),
    ("s-gcp", "gcp", {"token": '{"type": "service_account"}'}),
    ("s-basic", "basic_auth", {"username": "u", "password": "p"}),
    (
        "s-whylabs",
        "whylabs",
        {"whylabs_default_org_id": "o", "whylabs_api_key": "k"},
    ),
    ("s-seldon-s3", "seldon_s3", {"rclone_config_s3_env_auth": True}),
    ("s-seldon-gs", "seldon_gs", {}),
    ("s-seldon-az", "seldon_az", {"rclone_config_az_use_msi": "yes"}),
    ("s-kserve-s3", "kserve_s3", {"s3_endpoint": "e", "s3_use_https": "1"}),
    ("s-kserve-gs", "kserve_gs", {"google_application_credentials": "{}"}),
    ("s-kserve-az", "kserve_az", {"azure_tenant_id": "t"}),
]

VALUES = {
    "empty": "",
    "spaces": "  ",
    "lines": "a\r\nb\n",
    "nul": "\x00",
    "unicode": "é中🔑",
    "plus_and_slash": "~~~???>>>",
    "long": "0123456789" * 100,
    "integer": 7,
    "float": 1.0,
    "boolean": True,
    "list": [1, "a"],
}

FILES = {
    # file, secrets as (name, schema, values)
    "one.yaml": [("one", "arbitrary", {"n": "2", "k": "v"})],
    "all-schemas.yaml": ALL_SCHEMAS,
    "values.yaml": [("values", "arbitrary", VALUES)],
    "empty-secret.yaml": [
        ("empty", "arbitrary", {}),
        ("typed", "azure", {}),
    ],
    "odd-names.yaml": [(name, "arbitrary", {"k": "v"}) for name in ODD],
    "odd-keys.yaml": [("odd", "arbitrary", {key: "v" for key in ODD})],
    "created.yaml": [],
}


def manager(file):
    """A local secrets manager that keeps its secrets in `vectors/local/`."""
    path = VECTORS / "local" / file
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    flavor = LocalSecretsManagerFlavor()
    config = flavor.config_class(secrets_file=str(path))
    return component(flavor, config, "local", ID)


def contents(manager):
    """All that ZenML reads back, in the order of the file."""
    for name in manager.get_all_secret_keys():
        found = manager.get_secret(name)
        content = pairs(found.content)
        yield {"name": name, "schema": found.TYPE, "content": content}


def files():
    """Writes the files and says what is in them."""
    for file, secrets in FILES.items():
        made = manager(file)
        made.get_all_secret_keys()  # creates the file
        for name, schema, values in secrets:
            made.register_secret(secret(name, values, schema))
        yield {"file": file, "secrets": list(contents(made))}
    made = manager("emptied.yaml")
    made.register_secret(secret("gone", {"k": "v"}))
    made.delete_secret("gone")
    yield {"file": "emptied.yaml", "secrets": list(contents(made))}
    made = manager("updated.yaml")
    made.register_secret(secret("b", {"old": "1", "kept": "2"}))
    made.register_secret(secret("a", {"k": "v"}))
    made.update_secret(secret("b", {"kept": "3"}))
    yield {"file": "updated.yaml", "secrets": list(contents(made))}


def make():
    """Writes `vectors/local/`."""
    write("local/files.json", list(files()))
