"""A central server with its values in the vault of this run, configured by the variables of ZenML's servers."""

import json
import os
import pathlib
import subprocess
import tempfile
import urllib.request
import uuid
from contextlib import contextmanager

# Gone at the end.
KEPT = tempfile.TemporaryDirectory(prefix="interop-values-")
FOLDER = pathlib.Path(KEPT.name)

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

# How 0.98 tells its servers to sign in, and how 0.44 does.
SIGN_IN = {
    "0.98": {
        "ZENML_SECRETS_STORE_AUTH_METHOD": "service-principal",
        "ZENML_SECRETS_STORE_AUTH_CONFIG": json.dumps(PRINCIPAL),
    },
    "0.44": {f"ZENML_SECRETS_STORE_AZURE_{name.upper()}": value for name, value in PRINCIPAL.items()},
}


def without_azure():
    """An environment in which only ZenML's variables say how to sign in."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AZURE_", "INTEROP_"))}
    return kept | {"STRONGROOM_HOME": str(FOLDER / "strongroom"), "STRONGROOM_NO_HINTS": "1"}


class Server:
    """The server, and the command line of its administrator."""

    def __init__(self, form):
        password = FOLDER / "password"
        password.write_text(PASSWORD)
        environment = without_azure() | SIGN_IN[form] | {
            "ZENML_SECRETS_STORE_TYPE": "azure",
            "ZENML_SECRETS_STORE_KEY_VAULT_NAME": VAULT,
            "STRONGROOM_SECRETS_STORE_FORMAT": form,
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
def running(form):
    """A server that ends, writing for that ZenML; with its id."""
    started = Server(form)
    try:
        with urllib.request.urlopen(f"{started.url}/api/v1/info") as answer:
            info = json.load(answer)
        assert info["secrets_store_type"] == "azure", info
        yield started, uuid.UUID(info["id"])
    finally:
        started.process.terminate()
        assert started.process.wait(30) == 0
