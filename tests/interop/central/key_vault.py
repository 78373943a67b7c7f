"""A central server with its values in a Key Vault that ZenML's own store uses too, configured by the variables of ZenML's servers."""

import json
import os
import pathlib
import subprocess
import tempfile
import uuid
from contextlib import contextmanager
from types import SimpleNamespace

# Gone at the end.
KEPT = tempfile.TemporaryDirectory(prefix="interop-values-")
FOLDER = pathlib.Path(KEPT.name)
# Before ZenML is imported, as it reads them then.
os.environ["ZENML_CONFIG_PATH"] = str(FOLDER / "zenml")
os.environ["ZENML_ANALYTICS_OPT_IN"] = "false"
os.environ["ZENML_LOGGING_VERBOSITY"] = "ERROR"

from azure.identity import ClientSecretCredential  # noqa: E402
from azure.keyvault.secrets import SecretClient  # noqa: E402
from zenml.zen_stores.secrets_stores.azure_secrets_store import (  # noqa: E402
    AzureSecretsStore,
    AzureSecretsStoreConfiguration,
)

from report import feature  # noqa: E402

VAULT = os.environ["INTEROP_VAULT_URL"].removeprefix("https://").split(".")[0]
PRINCIPAL = {name: os.environ[f"AZURE_{name.upper()}"] for name in ("tenant_id", "client_id", "client_secret")}
PASSWORD = "of an administrator for one run"

HARD = {
    "empty": "",
    "unicode": "zwei ü 🔑 \u2028",
    "lines": "one\r\ntwo\t\\ \"quoted\"",
    "json": '{"a": [1, null]}',
    "a key": "1",
    "ключ": "2",
}


def without_azure():
    """An environment in which only ZenML's variables say how to sign in."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AZURE_", "INTEROP_"))}
    return kept | {"STRONGROOM_HOME": str(FOLDER / "strongroom"), "STRONGROOM_NO_HINTS": "1"}


class Server:
    """The server, and the command line of its administrator."""

    def __init__(self):
        password = FOLDER / "password"
        password.write_text(PASSWORD)
        environment = without_azure() | {
            "ZENML_SECRETS_STORE_TYPE": "azure",
            "ZENML_SECRETS_STORE_KEY_VAULT_NAME": VAULT,
            "ZENML_SECRETS_STORE_AUTH_METHOD": "service-principal",
            "ZENML_SECRETS_STORE_AUTH_CONFIG": json.dumps(PRINCIPAL),
        }
        words = ["server", "start", "-o", "json", "--listen=127.0.0.1:0"]
        words += ["--admin-user=admin", f"--admin-password-file={password}"]
        self.process = subprocess.Popen(
            [os.environ["INTEROP_STRONGROOM"], *words], env=environment, stdout=subprocess.PIPE, encoding="utf-8"
        )
        self.url = json.loads(self.process.stdout.readline())["url"]

    def secret(self, *words, stdin="", fails=None):
        """What a command prints, read as JSON; `fails`: the kind of its failure."""
        environment = without_azure() | {
            "STRONGROOM_URL": self.url,
            "STRONGROOM_USERNAME": "admin",
            "STRONGROOM_PASSWORD": PASSWORD,
        }
        done = subprocess.run(
            [os.environ["INTEROP_STRONGROOM"], "--output=json", "secret", *words],
            env=environment,
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
        )
        assert (done.returncode != 0) == (fails is not None), f"{words}: {done.stderr}"
        if fails:
            error = json.loads(done.stderr)["error"]
            assert fails in (error["kind"], error["message"]), error
            return error
        return json.loads(done.stdout) if done.stdout.strip() else None

    def create(self, values):
        """A new secret; its name and id."""
        name = f"s-{uuid.uuid4()}"
        made = self.secret("create", name, "--values=-", stdin=json.dumps(values))
        return name, uuid.UUID(made["id"])

    def values(self, name):
        return self.secret("get", name)["values"]


@contextmanager
def server():
    """A server that ends, with ZenML's store for it."""
    import urllib.request

    started = Server()
    try:
        with urllib.request.urlopen(f"{started.url}/api/v1/info") as answer:
            info = json.load(answer)
        assert info["secrets_store_type"] == "azure", info
        yield started, zenmls(uuid.UUID(info["id"]))
    finally:
        started.process.terminate()
        assert started.process.wait(30) == 0


class Store(AzureSecretsStore):
    """ZenML's store with the SDK's client. Its own way to that client asks Azure's Resource Manager for subscriptions first."""

    client = property(lambda self: CLIENT)


CLIENT = SecretClient(os.environ["INTEROP_VAULT_URL"], ClientSecretCredential(**PRINCIPAL))


def zenmls(server_id):
    """ZenML's store, as a ZenML server of that id would use it."""
    config = AzureSecretsStoreConfiguration(
        key_vault_name=VAULT, auth_method="service-principal", auth_config=PRINCIPAL
    )
    owner = SimpleNamespace(get_store_info=lambda: SimpleNamespace(id=server_id))
    return Store(zen_store=owner, config=config)


def absent(store, secret_id):
    """Whether ZenML's store says so."""
    try:
        store.get_secret_values(secret_id)
    except KeyError:
        return True
    return False


@feature("what the server keeps, ZenML's store reads: created, updated, rolled back, renamed")
def reads():
    with server() as (ours, theirs):
        name, secret_id = ours.create(HARD)
        assert theirs.get_secret_values(secret_id) == HARD
        ours.secret("update", name, "--more=1", "--remove-keys=empty")
        changed = {key: value for key, value in HARD.items() if key != "empty"} | {"more": "1"}
        assert theirs.get_secret_values(secret_id) == changed
        ours.secret("rollback", name, "--to=1", "--yes")
        assert theirs.get_secret_values(secret_id) == HARD
        ours.secret("rename", name, f"--new-name={name}-new")
        assert theirs.get_secret_values(secret_id) == ours.values(f"{name}-new") == HARD
        # and nothing that is of no store or of another one
        assert absent(theirs, uuid.uuid4())
        assert absent(zenmls(uuid.uuid4()), secret_id)


@feature("either writes the same item, but for one tag of the server's that ZenML ignores")
def same_items():
    with server() as (ours, theirs):
        _, secret_id = ours.create(HARD)
        other_id = uuid.uuid4()
        theirs.store_secret_values(other_id, HARD)
        first, second = (theirs.client.get_secret(f"zenml-{an_id}") for an_id in (secret_id, other_id))
        assert first.value == second.value
        assert first.properties.content_type == second.properties.content_type == "application/json"
        tags = dict(first.properties.tags)
        assert uuid.UUID(tags.pop("strongroom-write"))
        assert tags == second.properties.tags | {"zenml_secret_id": str(secret_id)}


@feature("what the server deleted is gone for ZenML's store")
def deletes():
    with server() as (ours, theirs):
        name, secret_id = ours.create({"a": "1"})
        ours.secret("delete", name, "--yes")
        assert absent(theirs, secret_id)


@feature("what ZenML's store wrote over is another version; the server reads its own, and writes over it")
def written_over():
    with server() as (ours, theirs):
        name, secret_id = ours.create({"a": "1"})
        theirs.update_secret_values(secret_id, {"a": "theirs"})
        assert theirs.get_secret_values(secret_id) == {"a": "theirs"}
        assert ours.values(name) == {"a": "1"}
        ours.secret("update", name, "--b=2")
        assert theirs.get_secret_values(secret_id) == ours.values(name) == {"a": "1", "b": "2"}


@feature("what ZenML's store deleted is missed, and mended by an import of all values")
def deleted():
    with server() as (ours, theirs):
        name, secret_id = ours.create({"a": "1"})
        theirs.delete_secret_values(secret_id)
    # another process: what was just written would be remembered
    with server() as (ours, theirs):
        ours.secret("get", name, fails="the server answered 500 RuntimeError")
        ours.secret("import", name, "--overwrite", "--filename=-", stdin='{"b": "2"}')
        assert theirs.get_secret_values(secret_id) == ours.values(name) == {"b": "2"}
