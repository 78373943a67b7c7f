"""What ZenML's Azure secrets manager makes of entries found in a vault."""

from .record import attempt, pairs
from .vault import Vault, azure_manager

ID = "00000000-0000-0000-0000-000000000001"
OTHER_ID = "00000000-0000-0000-0000-000000000002"
ITEM = f"zenml-component-{ID}-s"
JSON = '{"a": "1", "zenml_schema_name": "arbitrary"}'
TAGS = {
    "zenml_scope": "component",
    "zenml_secret_name": "s",
    "zenml_component_uuid": ID,
}
FULL = {
    **TAGS,
    "zenml_component_name": "m1",
    "zenml_secret_schema": "arbitrary",
}


def group(name, key, schema="arbitrary"):
    """Tags of one key of an unscoped secret, without those that are None."""
    tags = {
        "zenml-group-key": name,
        "zenml-key-name": key,
        "zenml-schema-name": schema,
    }
    return {tag: value for tag, value in tags.items() if value is not None}


SCOPED = [
    # what it shows, entries of the vault as (name, value, tags)
    ("whole", [(ITEM, JSON, FULL)]),
    ("tags of the scope suffice", [(ITEM, JSON, TAGS)]),
    ("more tags do not matter", [(ITEM, JSON, {**FULL, "team": "x"})]),
    (
        "the schema is the document's, not the tag's",
        [(ITEM, JSON, {**FULL, "zenml_secret_schema": "aws"})],
    ),
    ("nothing there", []),
    ("no tags", [(ITEM, JSON, None)]),
    ("empty tags", [(ITEM, JSON, {})]),
    (
        "another manager's tags",
        [(ITEM, JSON, {**FULL, "zenml_component_uuid": OTHER_ID})],
    ),
    (
        "another secret's tags",
        [(ITEM, JSON, {**FULL, "zenml_secret_name": "S"})],
    ),
    ("tags of another scope", [(ITEM, JSON, {**FULL, "zenml_scope": "none"})]),
    ("tagged, but under another name", [("elsewhere", JSON, FULL)]),
    ("no schema in the document", [(ITEM, '{"a": "1"}', FULL)]),
    ("not JSON", [(ITEM, "plain", FULL)]),
    ("empty", [(ITEM, "", FULL)]),
]

UNSCOPED = [
    ("whole", [("x", "1", group("s", "a")), ("y", "2", group("s", "b"))]),
    (
        "order is the listing's",
        [
            ("x", "1", group("s", "b")),
            ("y", "2", group("s", "a")),
        ],
    ),
    (
        "others are left out",
        [
            ("x", "1", group("s", "a")),
            ("y", "2", group("S", "b")),
            ("z", "3", None),
            ("zenml-other", "4", {"team": "x"}),
        ],
    ),
    (
        "typed",
        [
            ("x", "u", group("s", "username", "basic_auth")),
            ("y", "p", group("s", "password", "basic_auth")),
        ],
    ),
    (
        "booleans are parsed",
        [
            (
                "x",
                "True",
                group("s", "rclone_config_s3_env_auth", "seldon_s3"),
            ),
        ],
    ),
    (
        "the last entry's schema counts",
        [
            ("x", "u", group("s", "username", "arbitrary")),
            ("y", "p", group("s", "password", "basic_auth")),
        ],
    ),
    (
        "one key twice: the later wins",
        [
            ("x", "1", group("s", "a")),
            ("y", "2", group("s", "a")),
        ],
    ),
    ("empty value", [("x", "", group("s", "a"))]),
    ("nothing there", []),
    ("only the group tag", [("x", "1", {"zenml-group-key": "s"})]),
    ("an empty key", [("x", "1", group("s", ""))]),
    ("a key called name", [("x", "1", group("s", "name"))]),
    ("no schema", [("x", "1", group("s", "a", None))]),
    ("an unknown schema", [("x", "1", group("s", "a", "mysql"))]),
    (
        "a typed secret half there",
        [
            ("x", "u", group("s", "username", "basic_auth")),
        ],
    ),
]


def reads():
    """Cases: entries, and what `get` and `list` answer."""
    for scope, cases in (("component", SCOPED), ("none", UNSCOPED)):
        for shows, entries in cases:
            vault = Vault()
            for entry in entries:
                vault.put(*entry)
            manager = azure_manager(vault, "m1", ID, scope=scope)
            yield {
                "shows": shows,
                "scope": scope,
                "component_id": ID,
                "secret": "s",
                "items": [
                    {"item": item, "value": value, "tags": tags}
                    for item, value, tags in entries
                ],
                "list": sorted(manager.get_all_secret_keys()),
                **outcome(*attempt(lambda: manager.get_secret("s"))),
            }


def outcome(found, error):
    """What `get` returned or raised."""
    if error:
        return {"error": error}
    return {"schema": found.TYPE, "content": pairs(found.content)}
