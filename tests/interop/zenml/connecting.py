"""How ZenML 0.44 connects, and its `zenml user`."""

import room
from people import ADMIN, Calls, Person, user
from report import feature, refused
from room import strongroom, unused
from zenml.exceptions import IllegalOperationError


@feature("zenml connect --username --password, status, disconnect")
def connect():
    person = user(unused("connecting"))
    assert room.URL in person.connect().text
    status = person.zenml("status").text
    assert room.URL in status and person.name in status, status
    with person.client() as client:
        assert client.active_user.name == person.name
        assert client.active_workspace.name == client.active_stack_model.name == "default"
    person.zenml("disconnect")
    assert room.URL not in person.zenml("status").text


@feature("zenml connect with a wrong password, or an unknown user")
def wrong():
    for person in [Person(room.ADMIN, "no"), Person(unused("nobody"), "no")]:
        # With a configuration of its own, as the administrator's is in use.
        person.environment = {"ZENML_CONFIG_PATH": str(room.FOLDER / unused("wrong"))}
        done = person.connect(fails=True)
        assert "AuthorizationException" in done.text or "uthentication" in done.text, done


@feature("zenml stack list, describe; zenml workspace list")
def places():
    assert "default" in ADMIN.zenml("stack", "list").text
    assert "default" in ADMIN.zenml("stack", "describe").text
    assert "default" in ADMIN.zenml("workspace", "list").text


@feature("zenml user create, list, delete")
def users():
    name, password = unused("person"), "of a person"
    ADMIN.zenml("user", "create", name, f"--password={password}")
    person = Person(name, password)
    person.connect()
    assert name in ADMIN.zenml("user", "list").text
    made = unused()
    person.secret("create", made, "--a=1")
    assert room.values(made) == {"a": "1"}
    person.secret("delete", made, "-y")
    ADMIN.zenml("user", "delete", name)
    assert name not in [account["name"] for account in strongroom("user", "list")]
    person.secret("list", fails=True)


@feature("a reader changes nothing")
def reader():
    name = unused()
    ADMIN.secret("create", name, "--a=1")
    person = user(unused("reader"), role="reader")
    assert name in person.names(f"--name={name}")
    with person.client() as client:
        calls = Calls(client)
        for call in [
            lambda: calls.create(unused(), {"a": "2"}),
            lambda: client.update_secret(name, add_or_update_values={"a": "2"}),
            lambda: client.delete_secret(name),
        ]:
            with refused(IllegalOperationError, None):
                call()
    assert room.values(name) == {"a": "1"}
