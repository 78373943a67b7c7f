"""`zenml user`, `zenml service-account` and `zenml secret backup|restore`, and their calls of `Client()`."""

import re
import uuid

import room
from people import ADMIN, Person, user
from report import feature, refused
from room import strongroom, unused
from zenml.exceptions import CredentialsNotValid, EntityExistsError, IllegalOperationError


def works(person):
    """Whether the server lets this user in, and how it says no."""
    with person.client() as client:
        try:
            client.list_secrets(size=1)
        except CredentialsNotValid:
            return False
    return True


def found(kind, name):
    return next((account for account in strongroom(kind, "list") if account["name"] == name), None)


@feature("zenml user create, list, update, delete")
def users():
    name, password = unused("person"), "of a person"
    ADMIN.zenml("user", "create", name, f"--password={password}")
    assert "exists" in ADMIN.zenml("user", "create", name, "--password=long enough", fails=True).text
    # ZenML's server takes any password.
    assert "at least 8" in ADMIN.zenml("user", "create", unused("person"), "--password=short", fails=True).text
    person = Person(name, username=name, password=password)
    assert works(person) and found("user", name)["role"] == "editor"
    listed = ADMIN.zenml("user", "list", "--output=json", "--size=500").json["items"]
    assert {name, room.ADMIN} <= {item["name"] for item in listed}
    # The command fails on the answer of any server, ZenML's own too: its table asks for a field that its model has not.
    assert "no attribute 'password_changed_at'" in ADMIN.zenml("user", "describe", name, fails=True).text
    with ADMIN.client() as client:
        assert client.get_user(name).name == name
    ADMIN.zenml("user", "update", name, "--full_name=Some Body", "--email=some@body.example")
    assert found("user", name)["full_name"] == "Some Body"
    # Who is no administrator makes and deletes nobody.
    person.zenml("user", "create", unused("person"), "--password=long enough", fails=True)
    person.zenml("user", "delete", room.ADMIN, fails=True)
    ADMIN.zenml("user", "delete", name)
    assert not found("user", name) and not works(person)
    ADMIN.zenml("user", "delete", name, fails=True)


@feature("a user changes the password; the old one and its tokens end")
def passwords():
    person = user(unused("changing"), "old password")
    with person.client() as client:
        with refused(IllegalOperationError, None):
            client.update_user(person.name, updated_password="new password", old_password="wrong password")
        client.update_user(person.name, updated_password="new password", old_password="old password")
    assert not works(Person(person.name, username=person.name, password="old password"))
    assert works(Person(unused("changed"), username=person.name, password="new password"))


@feature("a user who is deactivated is signed out, and may not sign in")
def inactive():
    person = user(unused("inactive"))
    assert works(person)
    with ADMIN.client() as client:
        client.update_user(person.name, updated_is_admin=True)
        assert found("user", person.name)["role"] == "admin"
    strongroom("user", "update", person.name, "--active=false")
    assert not works(person)


def shown_key(done):
    (key,) = set(re.findall(r"ZENKEY_[A-Za-z0-9+/=_-]+", done.text))
    return key


@feature("zenml service-account create, list, describe, update, delete")
def service_accounts():
    name = unused("robot")
    key = shown_key(ADMIN.zenml("service-account", "create", name, "-d", "of a test"))
    assert works(Person(name, api_key=key))
    assert "exists" in ADMIN.zenml("service-account", "create", name, fails=True).text
    listed = ADMIN.zenml("service-account", "list", "--output=json", "--size=500").json["items"]
    assert name in [item["name"] for item in listed]
    assert "of a test" in ADMIN.zenml("service-account", "describe", name).text
    new = unused("robot")
    ADMIN.zenml("service-account", "update", name, f"--name={new}", "--description=other")
    assert found("service-account", new)["description"] == "other" and not found("service-account", name)
    ADMIN.zenml("service-account", "update", new, "--active=false")
    assert not works(Person(name, api_key=key))
    ADMIN.zenml("service-account", "delete", new, stdin="y\n")
    assert not found("service-account", new)
    ADMIN.zenml("service-account", "describe", new, fails=True)


@feature("zenml service-account api-key create, list, describe, update, rotate, delete")
def api_keys():
    name = unused("robot")
    ADMIN.zenml("service-account", "create", name, "--create-api-key=false")

    def api_key(*words, **options):
        return ADMIN.zenml("service-account", "api-key", name, *words, **options)

    key = shown_key(api_key("create", "second", "-d", "of a test"))
    person = Person(name, api_key=key)
    assert works(person)
    assert "exists" in api_key("create", "second", fails=True).text
    for words in [["list"], ["describe", "second"]]:
        printed = api_key(*words).text
        assert "second" in printed and key not in printed
    rotated = shown_key(api_key("rotate", "second", "--retain=5"))
    assert rotated != key and works(person) and works(Person(unused("rotated"), api_key=rotated))
    last = shown_key(api_key("rotate", "second"))
    assert works(Person(unused("last"), api_key=last))
    for old in (key, rotated):
        assert not works(Person(unused("old"), api_key=old))
    api_key("update", "second", "--active=false")
    assert not works(Person(unused("inactive-key"), api_key=last))
    api_key("update", "second", "--active=true", "--name=third")
    remaining = Person(unused("active-key"), api_key=last)
    assert works(remaining)
    api_key("delete", "third", "-y")
    # The token that it got ends with it.
    assert not works(remaining)
    api_key("describe", "third", fails=True)


@feature("the same by Client(), and what an editor may not")
def by_client():
    name, other = unused("robot"), user(unused("editor"))
    with ADMIN.client() as client:
        account = client.create_service_account(name, description="of a test")
        with refused(EntityExistsError, None):
            client.create_service_account(name)
        assert client.get_service_account(name).id == account.id
        assert client.list_service_accounts(name=name).items[0].description == "of a test"
        key = client.create_api_key(account.id, "key", set_key=False)
        assert key.key.startswith("ZENKEY_") and client.get_api_key(account.id, "key").key is None
        assert client.rotate_api_key(account.id, "key", retain_period_minutes=1).retain_period_minutes == 1
        assert client.update_api_key(account.id, "key", active=False).active is False
        client.delete_api_key(account.id, "key")
        with refused(KeyError, None):
            client.get_api_key(account.id, "key")
        with refused(KeyError, None):
            client.get_user(str(uuid.uuid4()))
    with other.client() as client:
        for call in [
            lambda: client.create_service_account(unused("robot")),
            lambda: client.delete_service_account(name),
            lambda: client.create_user(unused("person"), password="long enough"),
            lambda: client.update_user(other.name, updated_is_admin=True),
        ]:
            with refused(IllegalOperationError, None):
                call()
    with ADMIN.client() as client:
        client.delete_service_account(name)
        with refused(KeyError, None):
            client.get_service_account(name)


@feature("a reader reads and changes nothing; a lister sees names, and secrets without values")
def roles():
    name = unused()
    ADMIN.secret("create", name, "--a=1")
    reader, lister = user(unused("reader"), role="reader"), user(unused("lister"), role="lister")
    assert reader.shown(name) == {"a": "1"} and name in lister.names(f"--name={name}")
    for person in (reader, lister):
        person.secret("create", unused(), "--a=1", fails=True)
        with person.client() as client, refused(IllegalOperationError, None):
            client.update_secret(name, add_or_update_values={"a": "2"})
    with lister.client() as client:
        assert client.get_secret(name).secret_values == {}
    assert "is empty" in lister.secret("get", name).text
    assert room.values(name) == {"a": "1"}


@feature("zenml secret backup, restore: there is no second store, as ZenML says it")
def no_backup():
    for command in ("backup", "restore"):
        printed = ADMIN.secret(command, fails=True).text
        assert f"Could not {command} secrets" in printed, printed
        with ADMIN.client() as client, refused(NotImplementedError, None):
            getattr(client, f"{command}_secrets")()
