"""Every way in that ZenML 0.98 has."""

import pathlib
import sys

import room
from people import ADMIN, Person, robot, user
from report import feature, refused
from zenml.exceptions import CredentialsNotValid

BROWSER = pathlib.Path(__file__).with_name("browser.py")


def works(person):
    """Status, and a secret that Strongroom's command line reads."""
    status = person.zenml("status").text
    assert f"remote ZenML server: `{room.URL}`" in status, status
    name = room.unused()
    person.secret("create", name, "--user=me", "--token=wört")
    assert room.values(name) == {"user": "me", "token": "wört"}
    assert "wört" in person.secret("get", name).text
    return status


@feature("user and password in ZENML_STORE_*")
def password():
    status = works(ADMIN)
    assert "'admin'" in status and "Server status: 'available'" in status, status
    with ADMIN.client() as client:
        assert client.active_user.name == room.ADMIN and client.active_user.is_admin
        assert client.active_project.name == client.active_stack_model.name == "default"


@feature("an API key of a service account in ZENML_STORE_*")
def api_key():
    made = robot("robot")
    assert "'robot'" in works(made)
    with made.client() as client:
        assert client.active_user.is_service_account and not client.active_user.is_admin


@feature("a wrong password, an unknown user, a wrong API key")
def wrong():
    for person in [
        Person("wrong-password", username=room.ADMIN, password="no"),
        Person("unknown", username="nobody", password="no"),
        Person("wrong-key", api_key="ZENKEY_" + "a" * 40),
    ]:
        with refused(CredentialsNotValid, None), person.client() as client:
            client.list_secrets()
        assert "uthentication" in person.zenml("secret", "list", fails=True).text


@feature("zenml login URL --api-key, zenml logout")
def login_with_key():
    key = robot("robot-to-log-in").environment["ZENML_STORE_API_KEY"]
    person = Person("login-key")
    person.zenml("login", room.URL, "--api-key", stdin=f"{key}\n")
    assert "'robot-to-log-in'" in works(person)
    person.zenml("logout", room.URL)
    assert room.URL not in person.zenml("status").text


@feature("zenml login URL, approved on the server's page")
def login_in_browser():
    person, approver = Person("login-browser"), user("approver")
    person.environment |= {
        "BROWSER": f"{sys.executable} {BROWSER} %s",
        "PERSON": approver.name,
        "PERSON_PASSWORD": approver.environment["ZENML_STORE_PASSWORD"],
    }
    assert "Successfully logged in" in person.zenml("login", room.URL).text
    assert "'approver'" in works(person)
