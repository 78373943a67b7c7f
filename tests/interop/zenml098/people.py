"""Who uses the server: each has a configuration of ZenML of its own, runs `zenml`, and is `Client()` for a while."""

import os
import sys
from contextlib import contextmanager

import room
import terminal

os.environ |= {
    "HOME": str(room.FOLDER),
    "ZENML_ANALYTICS_OPT_IN": "false",
    "ZENML_ENABLE_REPO_INIT_WARNINGS": "false",
    "COLUMNS": "400",
    "NO_COLOR": "1",
}
os.environ["ZENML_CONFIG_PATH"] = str(room.FOLDER / "nobody")

STDOUT = sys.stdout
# After the environment is set, as ZenML reads it then. This is what `zenml` runs; it turns stdout into stderr for all but
# tables.
import zenml_cli  # noqa: E402

sys.stdout = STDOUT
from zenml.client import Client  # noqa: E402
from zenml.config.global_config import GlobalConfiguration  # noqa: E402
from zenml.login.credentials_store import CredentialsStore  # noqa: E402
from zenml.models import SecretUpdate  # noqa: E402


def forget():
    """As a new process, ZenML knows of no server and no user."""
    Client._reset_instance()
    GlobalConfiguration._reset_instance()
    CredentialsStore._clear()


def main():
    forget()
    sys.stdout = sys.stderr
    zenml_cli.cli()


# How `zenml secret` spells who may see a secret, by command.
PRIVATE = {"create": ["--private"], "list": ["--private=true"]}
PRIVATE |= {command: ["--private", "true"] for command in ("get", "update")}
PUBLIC = {"create": [], "list": ["--private=false"]}
PUBLIC |= {command: ["--private", "false"] for command in ("get", "update")}


class Person:
    """A user or a service account. Without credentials, `zenml login` is to give them."""

    def __init__(self, name, **credentials):
        self.name = name
        self.environment = {"ZENML_CONFIG_PATH": str(room.FOLDER / name)}
        if credentials:
            self.environment["ZENML_STORE_URL"] = room.URL
        self.environment |= {f"ZENML_STORE_{key.upper()}": text for key, text in credentials.items()}

    def zenml(self, *words, stdin="", fails=False):
        """A command; `fails`: its exit code is 1."""
        done = terminal.run(main, words, self.environment, stdin)
        assert done.code == (1 if fails else 0), done
        return done

    def secret(self, *words, **options):
        return self.zenml("secret", *words, **options)

    def shown(self, *words):
        """The keys and values that `zenml secret get` prints, if they are single words."""
        lines = self.secret("get", *words).text.splitlines()
        rule = next(number for number, line in enumerate(lines) if "───" in line)
        return dict(line.split() for line in lines[rule + 1 :] if line.strip())

    def names(self, *filters):
        """What `zenml secret list` names."""
        printed = self.secret("list", "--output=json", *filters)
        return [item["name"] for item in printed.json["items"]] if printed.out.strip() else []

    @contextmanager
    def client(self):
        """`Client()` in this process."""
        before = dict(os.environ)
        os.environ.update(self.environment)
        forget()
        try:
            yield Client()
        finally:
            forget()
            os.environ.clear()
            os.environ.update(before)


class Calls:
    """Calls of `Client()` that this version has its own words for."""

    visibility, of_user = "private", "user"

    def __init__(self, client):
        self.client = client

    def create(self, name, values, private=False):
        return self.client.create_secret(name, values, private=private)

    def exactly(self, name, private=None):
        return self.client.get_secret_by_name_and_private_status(name, private)

    def move(self, known, private):
        return self.client.update_secret(known, update_private=private)

    def patch(self, known, **change):
        return self.client.zen_store.update_secret(known, SecretUpdate(**change))

    @staticmethod
    def is_private(secret):
        return secret.private

    @staticmethod
    def visible(private):
        return {"private": private}


def user(name, password="of a user", role="editor"):
    """A user that Strongroom's command line makes."""
    room.strongroom("user", "create", name, f"--role={role}", "--password-file=-", stdin=password)
    return Person(name, username=name, password=password)


def robot(name, role="editor"):
    """A service account that Strongroom's command line makes, with its API key."""
    made = room.strongroom("service-account", "create", name, f"--role={role}")
    return Person(name, api_key=made["key"])


room.signed_in()
ADMIN = Person(room.ADMIN, username=room.ADMIN, password=room.ADMIN_PASSWORD)
