"""ZenML's `LocalSecretsManager` and Strongroom on one YAML file."""

import contents
from report import feature
from sides import FOLDER, Absent, Exists, Strongroom, ZenML, assert_refused, assert_same
from zenml.secrets_managers.local.local_secrets_manager import LocalSecretsManager, LocalSecretsManagerConfig


def pair(name):
    file = FOLDER / f"{name}.yaml"
    ours = Strongroom(name, "local", secrets_file=str(file), sealed="false")
    return ours, ZenML(ours, LocalSecretsManager, LocalSecretsManagerConfig(secrets_file=str(file)), "local"), file


def story(writer, reader):
    """What `writer` wrote, into a file that it made, `reader` reads, lists, updates, adds to and deletes."""
    values = {"user": "me", "token": "zwei wörter"}
    writer.register("first", "arbitrary", values)
    assert_same(reader.get("first"), "arbitrary", values)
    assert_refused(Exists, reader.register, "first", "arbitrary", values)
    reader.register("second", "aws", contents.of_schema("aws", False))
    assert_same(writer.get("second"), "aws", contents.of_schema("aws", False))
    assert writer.list() == reader.list() == ["first", "second"]
    reader.update("first", {"token": "", "more": "x"})
    values |= {"token": "", "more": "x"}
    assert_same(writer.get("first"), "arbitrary", values)
    writer.update("second", {"aws_session_token": "set"})
    assert reader.get("second")[1]["aws_session_token"] == "set"
    reader.delete("first")
    assert_refused(Absent, writer.get, "first")
    writer.delete("second")
    assert writer.list() == reader.list() == []
    # An emptied file takes secrets again.
    reader.register("third", "arbitrary", {})
    assert_same(writer.get("third"), "arbitrary", {})
    writer.cleanup()
    assert reader.list() == []


@feature("local file: what ZenML writes, Strongroom reads, lists, updates, deletes")
def from_zenml():
    ours, theirs, _ = pair("local-zenml")
    story(theirs, ours)


@feature("local file: what Strongroom writes, ZenML reads, lists, updates, deletes")
def from_strongroom():
    ours, theirs, _ = pair("local-strongroom")
    story(ours, theirs)


SECRETS = contents.every_schema() | {
    "unicode": ("arbitrary", contents.UNICODE),
    "empty": ("arbitrary", contents.EMPTY),
    "nothing": ("arbitrary", {}),
    "thirty": ("arbitrary", contents.THIRTY),
    "long": ("arbitrary", contents.LONG),
    "keys": ("arbitrary", contents.KEYS),
    "looks": ("arbitrary", contents.LOOKALIKES),
}
# YAML takes some of these for something else than text, and writes some with a `?`.
NAMES = ["a.b c", "ü", "🔑", "yes", "null", "1", "1e3", "0o17", "2001-01-01", "~", "* a", "? a", "!a", "&a", "a: b", "#a", "'\"", "{a}", "x" * 130]


def filled(name, side):
    """A file that one of the two sides of a pair wrote, and the other side."""
    *sides, file = pair(name)
    for secret, (schema, values) in SECRETS.items():
        sides[side].register(secret, schema, values)
    for secret in NAMES:
        sides[side].register(secret, "arbitrary", {"key": secret, secret: ""})
    return file, sides[1 - side]


@feature("local file: every schema, value and name; either writes the same bytes")
def same_file():
    written = []
    for side, by in enumerate(["strongroom", "zenml"]):
        file, other = filled(f"all-by-{by}", side)
        assert other.list() == sorted([*SECRETS, *NAMES])
        for secret, (schema, values) in SECRETS.items():
            assert_same(other.get(secret), schema, values)
        for secret in NAMES:
            assert_same(other.get(secret), "arbitrary", {"key": secret, secret: ""})
        written.append(file.read_bytes())
    assert written[0] == written[1], "the files differ"
