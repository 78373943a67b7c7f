"""ZenML's `AzureSecretsManager` and Strongroom on one vault, in the four scopes."""

import os
from urllib.parse import urlsplit

import contents
from azure.identity import DefaultAzureCredential
from azure.keyvault.secrets import SecretClient
from report import feature
from sides import SCHEMAS, Absent, Exists, Illegal, Strongroom, ZenML, assert_refused, assert_same
from zenml.integrations.azure.flavors.azure_secrets_manager_flavor import AzureSecretsManagerConfig
from zenml.integrations.azure.secrets_managers import AzureSecretsManager

URL = os.environ["INTEROP_VAULT_URL"]
VAULT = urlsplit(URL).hostname.split(".")[0]
SCOPES = {"none": None, "global": None, "component": None, "namespace": "team-1"}
SCOPED = [scope for scope in SCOPES if scope != "none"]


def pair(name, scope, namespace):
    ours = Strongroom(name, "azure", key_vault_name=VAULT, scope=scope, namespace=namespace)
    config = AzureSecretsManagerConfig(key_vault_name=VAULT, scope=scope, namespace=namespace)
    return ours, ZenML(ours, AzureSecretsManager, config, "azure")


PAIRS = {scope: pair(f"azure-{scope}", scope, namespace) for scope, namespace in SCOPES.items()}
CLIENT = SecretClient(URL, DefaultAzureCredential())


def story(writer, reader, name):
    """What `writer` wrote, `reader` reads, lists, updates and deletes."""
    values = {"user": "me", "token": "secret wert"}
    writer.register(name, "arbitrary", values)
    assert_same(reader.get(name), "arbitrary", values)
    assert name in reader.list()
    assert_refused(Exists, reader.register, name, "arbitrary", values)
    reader.update(name, {"token": "änother", "more": ""})
    values |= {"token": "änother", "more": ""}
    assert_same(writer.get(name), "arbitrary", values)
    # The order of keys, too.
    assert list(writer.get(name)[1]) == list(reader.get(name)[1])
    writer.update(name, {"user": "you"})
    values |= {"user": "you"}
    assert_same(reader.get(name), "arbitrary", values)
    reader.delete(name)
    assert name not in writer.list()
    assert_refused(Absent, writer.get, name)


def both_ways(scope):
    ours, theirs = PAIRS[scope]

    @feature(f"scope {scope}: what ZenML writes, Strongroom reads, lists, updates, deletes")
    def from_zenml():
        story(theirs, ours, "written-by-zenml")

    @feature(f"scope {scope}: what Strongroom writes, ZenML reads, lists, updates, deletes")
    def from_strongroom():
        story(ours, theirs, "written-by-strongroom")


for scope in SCOPES:
    both_ways(scope)


def names():
    return {item.name for item in CLIENT.list_properties_of_secrets()}


def taken(name):
    """All of an item that is not about its time and version; it is gone afterwards."""
    item = CLIENT.get_secret(name)
    tags = {tag: text for tag, text in item.properties.tags.items() if tag != "strongroom-write"}
    CLIENT.begin_delete_secret(name).result()
    CLIENT.purge_deleted_secret(name)
    return item.value, tags, item.properties.content_type, item.properties.enabled


@feature("the same secret by either is the same items, to the byte")
def same_items():
    for scope, sides in PAIRS.items():
        cases = {"unicode-too": ("arbitrary", contents.UNICODE), "empty-too": ("arbitrary", contents.EMPTY)}
        cases |= {"flags": ("seldon_gs", {"rclone_config_gs_anonymous": True})}
        if scope == "component":
            cases |= {f"same-{name}": case for name, case in contents.every_schema().items()}
        for name, (schema, values) in cases.items():
            written = []
            for side in sides:
                before = names()
                side.register(name, schema, values)
                written.append({item: taken(item) for item in names() - before})
            assert written[0] and written[0] == written[1], written


def carried_over(name, schema, values, scopes=SCOPES):
    """Written by either side, read by the other."""
    for scope in scopes:
        ours, theirs = PAIRS[scope]
        for writer, reader, by in [(ours, theirs, "s"), (theirs, ours, "z")]:
            writer.register(f"{name}-{by}", schema, values)
            assert_same(reader.get(f"{name}-{by}"), schema, values)


@feature("names with dots, blanks and more, unscoped")
def unscoped_names():
    for name in ["a.b c", "_x/y", "ümlaut", "1+1=2"]:
        carried_over(name, "arbitrary", {"key": "value"}, ["none"])
        ours, theirs = PAIRS["none"]
        assert {f"{name}-s", f"{name}-z"} <= set(ours.list()) and ours.list() == theirs.list()
        theirs.delete(f"{name}-s")
        ours.delete(f"{name}-z")
        assert not {f"{name}-s", f"{name}-z"} & set(ours.list())


@feature("Unicode, control characters and line ends")
def unicode():
    carried_over("unicode", "arbitrary", contents.UNICODE)


@feature("empty values")
def empty():
    carried_over("empty", "arbitrary", contents.EMPTY)


@feature("values that look like numbers, booleans, JSON")
def lookalikes():
    carried_over("looks", "arbitrary", contents.LOOKALIKES)


@feature("a secret without keys, scoped")
def without_keys():
    carried_over("nothing", "arbitrary", {}, SCOPED)


@feature("null, numbers, lists and maps that ZenML wrote, scoped")
def not_text():
    for scope in SCOPED:
        ours, theirs = PAIRS[scope]
        theirs.register("not-text", "arbitrary", contents.NOT_TEXT)
        assert_same(ours.get("not-text"), "arbitrary", contents.NOT_TEXT)
        ours.update("not-text", {"more": "text"})
        assert_same(theirs.get("not-text"), "arbitrary", contents.NOT_TEXT | {"more": "text"})


@feature("keys that are no identifiers")
def keys():
    carried_over("keys", "arbitrary", contents.KEYS)


@feature("30 keys")
def thirty():
    carried_over("thirty", "arbitrary", contents.THIRTY)


@feature("a value of 18 KB")
def long():
    carried_over("long", "arbitrary", contents.LONG)


@feature("names that are too long or illegal are refused by both, scoped")
def refused_names():
    for scope in SCOPED:
        for side in PAIRS[scope]:
            for name in ["a.b", "a_b", "ü", "a b", "x" * 101]:
                assert_refused(Illegal, side.register, name, "arbitrary", {"a": "b"})
                assert_refused(Illegal, side.get, name)


@feature("the longest name that a scope takes")
def longest_names():
    carried_over("x" * 98, "arbitrary", {"a": "b"}, ["global", "namespace"])
    # 127 characters of an item's name, less `zenml-component-UUID-`.
    carried_over("x" * 72, "arbitrary", {"a": "b"}, ["component"])


@feature("ZenML changes one key of what Strongroom wrote, unscoped")
def one_key():
    ours, theirs = PAIRS["none"]
    ours.register("mixed", "arbitrary", {"a": "1", "b": "2"})
    # ZenML's class writes the keys that it is given and leaves the others.
    theirs.manager.update_secret(SCHEMAS["arbitrary"](name="mixed", b="3", c="4"))
    for side in [ours, theirs]:
        assert_same(side.get("mixed"), "arbitrary", {"a": "1", "b": "3", "c": "4"})
    ours.secret("update", "mixed", "--remove-keys=b", "--c=5")
    for side in [ours, theirs]:
        assert_same(side.get("mixed"), "arbitrary", {"a": "1", "c": "5"})


@feature("a name that either deleted, Strongroom registers again")
def registered_again():
    # ZenML's class does not: Azure holds a deleted name for as long as it can be recovered.
    for ours, theirs in PAIRS.values():
        ours.register("again", "arbitrary", {"a": "1", "b": "2"})
        theirs.delete("again")
        ours.register("again", "arbitrary", {"c": "3"})
        assert_same(theirs.get("again"), "arbitrary", {"c": "3"})
        ours.delete("again")
        ours.register("again", "arbitrary", {"a": "4"})
        assert_same(theirs.get("again"), "arbitrary", {"a": "4"})


@feature("an unknown secret is refused by both")
def unknown():
    for sides in PAIRS.values():
        for side in sides:
            assert_refused(Absent, side.get, "unknown")
            assert_refused(Absent, side.update, "unknown", {"a": "b"})
    # ZenML says nothing when there is nothing to delete in scope none.
    for scope in SCOPED:
        for side in PAIRS[scope]:
            assert_refused(Absent, side.delete, "unknown")


@feature("secrets of every schema, in four scopes")
def schemas():
    for name, (schema, values) in contents.every_schema().items():
        carried_over(name, schema, values, ["component"])
        if name.endswith("-all"):
            carried_over(name, schema, values, ["global", "namespace"])
            # An unscoped secret's name has at most 45 bytes with a key, and one key of Seldon's has 44.
            name = f"all{len(PAIRS['none'][0].list())}"
            values = {key: value for key, value in values.items() if len(f"{name}-s-{key}") <= 45}
            carried_over(name, schema, values, ["none"])


@feature("one name in four scopes and two namespaces is five secrets")
def apart():
    other = pair("azure-other", "namespace", "team-2")
    everybody = [*PAIRS.values(), other]
    for number, (ours, theirs) in enumerate(everybody):
        (ours if number % 2 else theirs).register("apart", "arbitrary", {"of": str(number)})
    for number, sides in enumerate(everybody):
        for side in sides:
            assert_same(side.get("apart"), "arbitrary", {"of": str(number)})


@feature("a cleanup by either leaves the secrets of other scopes")
def cleanup():
    for scope, sides in PAIRS.items():
        for mine, other in [sides, reversed(sides)]:
            others = {name: pair[0].list() for name, pair in PAIRS.items() if name != scope}
            mine.register(f"left-{type(mine).__name__}", "arbitrary", {"a": "b"})
            assert other.list()
            mine.cleanup()
            assert mine.list() == other.list() == []
            assert {name: pair[0].list() for name, pair in PAIRS.items() if name != scope} == others
