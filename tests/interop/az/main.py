"""The Azure CLI against a vault: see ../README.md. It takes a vault's name, so it needs Azure's names to lead there."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
from urllib.parse import urlsplit

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "python"))

import report  # noqa: E402
from report import feature  # noqa: E402

# Gone at the end: az keeps the client secret in it.
KEPT = tempfile.TemporaryDirectory(prefix="interop-az-")
FOLDER = pathlib.Path(KEPT.name)
VAULT = urlsplit(os.environ["INTEROP_VAULT_URL"]).hostname.split(".")[0]
ENVIRONMENT = os.environ | {
    "AZURE_CONFIG_DIR": str(FOLDER / "config"),
    "AZURE_CORE_COLLECT_TELEMETRY": "false",
    "AZURE_CORE_NO_COLOR": "true",
    "AZURE_CORE_ONLY_SHOW_ERRORS": "true",
}


class Refused(Exception):
    pass


def az(*words):
    """What a command prints, read as JSON."""
    command = [pathlib.Path(sys.executable).with_name("az"), *words, "--output", "json"]
    done = subprocess.run(command, env=ENVIRONMENT, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    if done.returncode:
        raise Refused(done.stderr)
    return json.loads(done.stdout) if done.stdout.strip() else None


def secret(verb, *words):
    return az("keyvault", "secret", verb, "--vault-name", VAULT, *words)


def refused(call, *words):
    try:
        call()
    except Refused as refusal:
        assert all(word in str(refusal) for word in words), str(refusal)
    else:
        raise AssertionError("nothing was refused")


def login(*words):
    # Without a look for subscriptions: there are none, and the token is for the vaults only.
    tenant, client = os.environ["AZURE_TENANT_ID"], os.environ["AZURE_CLIENT_ID"]
    login = ("login", "--service-principal", "--allow-no-subscriptions", "--skip-subscription-discovery")
    az(*login, "--scope", "https://vault.azure.net/.default", "--tenant", tenant, "--username", client, *words)


@feature("az login with a wrong client secret")
def wrong_secret():
    refused(lambda: login("--password", "wrong"), "AADSTS7000215")


@feature("az login with a federated token, az logout")
def by_federated_token():
    login("--federated-token", pathlib.Path(os.environ["AZURE_FEDERATED_TOKEN_FILE"]).read_text())
    assert secret("list") == []
    az("logout")
    refused(lambda: secret("list"), "az login")


@feature("az login with a client secret")
def by_client_secret():
    login("--password", os.environ["AZURE_CLIENT_SECRET"])
    assert secret("list") == []


@feature("set, show")
def set_and_show():
    put = secret("set", "--name", "plain", "--value", "välue")
    got = secret("show", "--name", "PLAIN")
    assert got["value"] == put["value"] == "välue" and got["id"] == put["id"], got
    assert got["attributes"]["enabled"] and got["attributes"]["recoveryLevel"] == "Recoverable+Purgeable", got


@feature("set with tags, content type and expiry")
def set_with_all():
    expiry = "2040-02-03T00:00:00Z"
    words = ("--tags", "a=b", "c=d", "--content-type", "text/plain", "--expires", expiry)
    secret("set", "--name", "full", "--value", "v", *words)
    got = secret("show", "--name", "full")
    assert (got["tags"]["a"], got["tags"]["c"], got["contentType"]) == ("b", "d", "text/plain"), got
    assert got["attributes"]["expires"] == "2040-02-03T00:00:00+00:00", got


@feature("set from a file, download")
def file():
    source, copy = FOLDER / "source", FOLDER / "copy"
    source.write_bytes(bytes(range(256)))
    secret("set", "--name", "file", "--file", str(source), "--encoding", "base64")
    secret("download", "--name", "file", "--file", str(copy), "--encoding", "base64")
    assert copy.read_bytes() == source.read_bytes()


@feature("show one version, list-versions")
def versions():
    first = secret("set", "--name", "versions", "--value", "1")["id"]
    secret("set", "--name", "versions", "--value", "2")
    assert az("keyvault", "secret", "show", "--id", first)["value"] == "1"
    listed = secret("list-versions", "--name", "versions")
    assert len(listed) == 2 and first in [item["id"] for item in listed], listed


@feature("show an unknown name")
def unknown():
    refused(lambda: secret("show", "--name", "absent"), "SecretNotFound")


@feature("list")
def listing():
    names = {item["name"] for item in secret("list")}
    assert names == {"plain", "full", "file", "versions"}, names


@feature("set-attributes")
def attributes():
    secret("set-attributes", "--name", "plain", "--tags", "new=tag", "--content-type", "t")
    got = secret("show", "--name", "plain")
    assert (got["value"], got["tags"], got["contentType"]) == ("välue", {"new": "tag"}, "t"), got


@feature("show a disabled secret")
def disabled():
    secret("set-attributes", "--name", "plain", "--enabled", "false")
    refused(lambda: secret("show", "--name", "plain"), "SecretDisabled")
    secret("set-attributes", "--name", "plain", "--enabled", "true")
    assert secret("show", "--name", "plain")["value"] == "välue"


@feature("delete, list-deleted, show-deleted")
def delete():
    gone = secret("delete", "--name", "versions")
    assert gone["recoveryId"].endswith("/deletedsecrets/versions") and gone["scheduledPurgeDate"], gone
    shown = until("SecretNotFound", lambda: secret("show-deleted", "--name", "versions"))
    assert shown["recoveryId"] == gone["recoveryId"], shown
    assert [item["name"] for item in secret("list-deleted")] == ["versions"]


@feature("set on a name that was deleted")
def taken():
    refused(lambda: secret("set", "--name", "versions", "--value", "3"), "deleted but recoverable")


@feature("recover after delete")
def recover():
    secret("recover", "--name", "versions")
    assert until("SecretNotFound", lambda: secret("show", "--name", "versions"))["value"] == "2"


@feature("purge after delete")
def purge():
    secret("delete", "--name", "versions")
    until("ObjectIsBeingDeleted", lambda: secret("purge", "--name", "versions"))
    assert secret("list-deleted") == []


@feature("backup, restore")
def backup():
    blob = FOLDER / "blob"
    secret("backup", "--name", "full", "--file", str(blob))
    secret("delete", "--name", "full")
    until("ObjectIsBeingDeleted", lambda: secret("purge", "--name", "full"))
    until("Conflict", lambda: secret("restore", "--file", str(blob)))
    assert secret("show", "--name", "full")["tags"]["a"] == "b"


def until(word, call, patience=30):
    """Repeats a command for as long as it is refused with this word."""
    deadline = time.monotonic() + patience
    while True:
        try:
            return call()
        except Refused as refusal:
            if word not in str(refusal) or time.monotonic() > deadline:
                raise


report.run()
