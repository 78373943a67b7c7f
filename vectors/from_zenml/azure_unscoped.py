"""Secrets in scope `none`: one Key Vault entry for each key."""

from .record import pairs
from .secrets import secret
from .vault import Vault, azure_manager

ID = "00000000-0000-0000-0000-000000000001"

UNSCOPED = [
    # secret, key
    ("mysecret", "password"),
    ("mysecret", "username"),
    ("a-b", "c"),
    ("a", "b-c"),
    ("a", "b"),
    ("ab", "c"),
    ("A", "b"),
    ("my secret", "my key"),
    ("my.secret", "a.key"),
    ("my/secret", "a/key"),
    ("-", "-"),
    ("größe", "schlüssel"),
    ("秘密", "鍵"),
    ("🔑", "🔒"),
    ("e\u0301", "\u00e9"),
    ("line\nbreak", "tab\tkey"),
    ("secret", ""),
    ("", "key"),
    ("", ""),
    ("zenml", "zenml_schema_name"),
    ("n" * 22, "k" * 22),
    ("n" * 23, "k" * 22),
    ("n" * 100, "k" * 100),
    ("~~~~~~", "?>?>?>"),
]

SECRETS = [
    # secret, schema, values
    ("three", "arbitrary", {"b": "2", "a": "1", "empty": ""}),
    ("nothing", "arbitrary", {}),
    ("no-fields", "azure", {}),
    ("login", "basic_auth", {"password": "p", "username": "u"}),
    ("bucket", "seldon_s3", {"rclone_config_s3_env_auth": "yes"}),
    ("numbers", "arbitrary", {"i": 7, "f": 1.0, "e": 1e16, "b": False}),
]


def unscoped_names():
    """Registers secrets of one key each."""
    for name, key in UNSCOPED:
        (entry,) = registered(secret(name, {key: "v"}))
        yield {"secret": name, "key": key, **stored(entry)}


def unscoped_secrets():
    """Registers whole secrets; the entries are in the order of writing."""
    for name, schema, values in SECRETS:
        made = secret(name, values, schema)
        yield {
            "secret": name,
            "schema": schema,
            "values": pairs(values),
            "items": [stored(entry) for entry in registered(made)],
        }


def registered(made):
    """The entries of an empty vault after registering a secret."""
    vault = Vault()
    manager = azure_manager(vault, "m1", ID, scope="none")
    manager.register_secret(made)
    return vault.entries.values()


def stored(entry):
    """One entry as data."""
    tags = pairs(entry.properties.tags)
    return {"item": entry.name, "tags": tags, "value": entry.value}
