"""`zenml secret`, every command. What differs from version to version is in `people`."""

import json
import pathlib

import yaml
from people import ADMIN, PRIVATE, PUBLIC, user
from report import feature
from room import FOLDER, strongroom, unused, values

# In no table it is cut or wrapped.
HARD = {"umlaut": "zwei ü", "emoji": "🔑", "empty": "", "lines": "one\r\ntwo\n\ttab", "number": "007", "yes": "true"}


def created(*pairs, words=(), by=ADMIN):
    name = unused()
    printed = by.secret("create", name, *words, *pairs).text
    assert f"Secret '{name}' successfully created" in printed, printed
    return name


def identity(name):
    return strongroom("secret", "get", name)["id"]


@feature("create; get by name, by id, by part of either")
def create():
    name = created("--user=me", "--token=word")
    assert values(name) == {"user": "me", "token": "word"}
    for words in [name, identity(name), name[1:], identity(name)[:9]]:
        assert ADMIN.shown(words) == {"user": "me", "token": "word"}
    printed = ADMIN.secret("create", unused(), "--token=hidden").text
    assert "hidden" not in printed and "***" in printed


@feature("create from files and documents; hard values")
def documents():
    file = FOLDER / "document.json"
    file.write_text(json.dumps(HARD))
    assert values(created("-v", json.dumps(HARD))) == HARD
    assert values(created("-v", f"@{file}")) == HARD
    assert values(created("--values", "a: '1'\nb: two", "--c=3")) == {"a": "1", "b": "two", "c": "3"}
    long = FOLDER / "long"
    long.write_text("wört " * 1_000)
    assert values(created(f"--a=@{long}", "--b=@@at")) == {"a": "wört " * 1_000, "b": "@at"}


@feature("create of a name that is taken is refused")
def duplicate():
    name = created("--a=1")
    printed = ADMIN.secret("create", name, "--a=2", fails=True).text
    assert "Secret with name already exists" in printed and name in printed, printed
    assert values(name) == {"a": "1"}


@feature("list, filtered, sorted and in pages; no values")
def listed():
    beginning = unused("listed")
    names = [f"{beginning}-{letter}" for letter in "cab"]
    for name in names:
        ADMIN.secret("create", name, "--token=hidden")
    ADMIN.secret("create", f"{beginning}-d", "--token=hidden", *PRIVATE["create"])
    found = f"--name=startswith:{beginning}"
    assert sorted(ADMIN.names(found)) == [*sorted(names), f"{beginning}-d"]
    assert ADMIN.names(found, "--sort_by=desc:name", *PUBLIC["list"]) == sorted(names, reverse=True)
    assert ADMIN.names(found, *PRIVATE["list"]) == [f"{beginning}-d"]
    assert ADMIN.names(found, "--sort_by=name", "--size=3", "--page=2") == [f"{beginning}-d"]
    assert ADMIN.names(f"--name={beginning}-a") == [f"{beginning}-a"]
    assert ADMIN.names(f"--name=endswith:{beginning}") == []
    assert "hidden" not in ADMIN.secret("list", found).text
    assert "No " in ADMIN.secret("list", "--name=nothing").text


@feature("get of an unknown name, and of a part that two names have, is refused")
def unknown():
    printed = ADMIN.secret("get", "nothing", fails=True).text
    assert "Could not find a secret with name id or prefix `nothing`" in printed, printed
    beginning = unused("twins")
    names = [created_as(f"{beginning}-{letter}") for letter in "xy"]
    printed = ADMIN.secret("get", beginning, fails=True).text
    assert all(name in printed and identity(name) in printed for name in names), printed


def created_as(name, *words):
    ADMIN.secret("create", name, "--a=1", *words)
    return name


@feature("a whole name is found before its parts, even beyond the first page of them")
def whole_names():
    name = unused("whole")
    # More than a page of either version.
    for number in range(60):
        strongroom("secret", "create", f"{number}-{name}", "--a=part")
    created_as(name)
    assert ADMIN.shown(name) == {"a": "1"}
    # A part of a public name is no better than the whole name of a private one.
    private = unused("whole")
    created_as(f"part-of-{private}")
    ADMIN.secret("create", private, "--a=private", *PRIVATE["create"])
    assert ADMIN.shown(private) == {"a": "private"}


@feature("update adds, changes and removes keys")
def update():
    name = created("--a=1", "--b=2", "--c=3")
    printed = ADMIN.secret("update", name, "--a=4", "--d=5", "-r", "b").text
    assert f"Secret '{name}' successfully updated" in printed, printed
    assert values(name) == {"a": "4", "c": "3", "d": "5"}
    ADMIN.secret("update", identity(name), "-v", '{"e": "6"}', "--remove-keys", "a", "--remove-keys", "c")
    assert values(name) == {"d": "5", "e": "6"}
    for refused in [["-r", "unknown"], ["--d=7", "-r", "d"]]:
        ADMIN.secret("update", name, *refused, fails=True)
    ADMIN.secret("update", "unknown", "--a=1", fails=True)
    # Part of a name is not enough to change it.
    ADMIN.secret("update", name[1:], "--a=1", fails=True)
    assert values(name) == {"d": "5", "e": "6"}


@feature("update makes it private and public; refused where the name is taken")
def visibility():
    name = created("--a=1")
    for words, private in [(PRIVATE, True), (PUBLIC, False)]:
        ADMIN.secret("update", name, *words["update"])
        found = strongroom("secret", "get", name)
        assert found["private"] == private and found["values"] == {"a": "1"}
    ADMIN.secret("create", name, "--a=private", *PRIVATE["create"])
    ADMIN.secret("update", identity(name), *PRIVATE["update"], fails=True)


@feature("rename; to a name that is taken it is refused")
def rename():
    name, other = created("--a=1"), created("--a=2")
    new = unused("renamed")
    printed = ADMIN.secret("rename", name, "-n", new).text
    assert f"Secret '{name}' successfully renamed to '{new}'" in printed, printed
    assert values(new) == {"a": "1"} and name not in ADMIN.names(f"--name={name}")
    ADMIN.secret("rename", new, "--new-name", other, fails=True)
    assert values(new) == {"a": "1"} and values(other) == {"a": "2"}
    # A private secret may have the name of a public one.
    private = created("--a=3", words=PRIVATE["create"])
    ADMIN.secret("rename", private, "-n", other)
    assert ADMIN.names(f"--name={other}", *PRIVATE["list"]) == [other]


@feature("delete; of an unknown name it is refused")
def delete():
    name = created("--a=1")
    ADMIN.secret("delete", name[1:], "-y", fails=True)
    printed = ADMIN.secret("delete", name, "-y").text
    assert f"Secret '{name}' successfully deleted" in printed, printed
    assert "does not exist" in ADMIN.secret("delete", name, "-y", fails=True).text
    assert name not in ADMIN.names()
    by_id = created("--a=1")
    ADMIN.secret("delete", identity(by_id), "--yes")
    ADMIN.secret("get", by_id, fails=True)


@feature("export, and create from what was exported")
def export():
    name = created("-v", json.dumps(HARD))
    file = FOLDER / "exported.yaml"
    ADMIN.secret("export", name, "-f", str(file))
    assert yaml.safe_load(file.read_text()) == HARD
    assert values(created("-v", f"@{file}")) == HARD
    private = created("--a=private", words=PRIVATE["create"])
    ADMIN.secret("export", private, *PRIVATE["get"], "--filename", str(file))
    assert yaml.safe_load(pathlib.Path(file).read_text()) == {"a": "private"}


@feature("a public and a private secret of one name are two")
def two():
    name = created("--a=public")
    ADMIN.secret("create", name, "--a=private", *PRIVATE["create"])
    assert ADMIN.names(f"--name={name}") == [name, name]
    assert ADMIN.shown(name, *PUBLIC["get"]) == {"a": "public"}
    assert ADMIN.shown(name, *PRIVATE["get"]) == {"a": "private"}
    ADMIN.secret("create", name, "--a=again", *PRIVATE["create"], fails=True)
    ADMIN.secret("create", name, "--a=again", fails=True)


@feature("what is private to somebody else is not listed, read, changed, deleted")
def strangers():
    stranger, name = user(unused("stranger")), unused("mine")
    ADMIN.secret("create", name, "--a=mine", *PRIVATE["create"])
    own = identity(name)
    assert name not in stranger.names(f"--name=startswith:{name}")
    for known in [name, own]:
        printed = stranger.secret("get", known, fails=True).text
        assert "mine" not in printed.replace(name, ""), printed
        stranger.secret("update", known, "--a=taken", fails=True)
        stranger.secret("rename", known, "-n", "taken", fails=True)
        stranger.secret("delete", known, "-y", fails=True)
    # The name is free for others.
    stranger.secret("create", name, "--a=theirs", *PRIVATE["create"])
    assert stranger.shown(name) == {"a": "theirs"} and ADMIN.shown(name) == {"a": "mine"}
    # What is public, everybody may change.
    public = created("--a=1")
    stranger.secret("update", public, "--a=2")
    assert values(public) == {"a": "2"}
    # Yet only whom it belongs to makes it private.
    stranger.secret("update", public, *PRIVATE["update"], fails=True)
    stranger.secret("delete", public, "-y")
    ADMIN.secret("get", public, fails=True)
