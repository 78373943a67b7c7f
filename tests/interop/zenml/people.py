"""Who uses the central server: each has a configuration of ZenML of its own, runs `zenml`, and is `Client()` for a while."""

import os
from contextlib import contextmanager

import room
import terminal

os.environ |= {"HOME": str(room.FOLDER), "ZENML_ANALYTICS_OPT_IN": "false", "COLUMNS": "400"}
os.environ["ZENML_CONFIG_PATH"] = str(room.FOLDER / "nobody")

# After the environment is set, as ZenML reads it then.
from zenml.cli.cli import cli  # noqa: E402
from zenml.client import Client  # noqa: E402
from zenml.config.global_config import GlobalConfiguration  # noqa: E402
from zenml.enums import SecretScope  # noqa: E402
from zenml.models import SecretUpdateModel  # noqa: E402

# How `zenml secret` spells who may see a secret, by command.
PRIVATE = {command: ["--scope=user"] for command in ("create", "list", "get")} | {"update": ["--new-scope=user"]}
PUBLIC = {command: ["--scope=workspace"] for command in ("create", "list", "get")} | {"update": ["--new-scope=workspace"]}


def forget():
    """As a new process, ZenML knows of no server and no user."""
    Client._reset_instance()
    GlobalConfiguration._reset_instance()


def main():
    forget()
    cli()


class Person:
    """A user, who connects to the server when told to."""

    def __init__(self, name, password):
        self.name, self.password = name, password
        self.environment = {"ZENML_CONFIG_PATH": str(room.FOLDER / name)}

    def zenml(self, *words, stdin="", fails=False):
        """A command; `fails`: its exit code is 1."""
        done = terminal.run(main, words, self.environment, stdin)
        assert done.code == (1 if fails else 0), done
        return done

    def connect(self, **options):
        words = [f"--url={room.URL}", f"--username={self.name}", f"--password={self.password}"]
        return self.zenml("connect", *words, **options)

    def secret(self, *words, **options):
        return self.zenml("secret", *words, **options)

    def rows(self, *words):
        """The cells of a table's rows, without its heading."""
        lines = [line for line in self.secret(*words).out.splitlines() if line[:1] in "┃│"]
        return [[cell.strip() for cell in line.strip("┃│").split("│")] for line in lines][1:]

    def shown(self, *words):
        """The keys and values that `zenml secret get` prints."""
        return dict(self.rows("get", *words))

    def names(self, *filters):
        """What `zenml secret list` names."""
        return [row[0] for row in self.rows("list", *filters)]

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

    visibility, of_user = "scope", "user_id"

    def __init__(self, client):
        self.client = client

    def create(self, name, values, private=False):
        return self.client.create_secret(name, values, scope=scope(private))

    def exactly(self, name, private=None):
        return self.client.get_secret_by_name_and_scope(name, private if private is None else scope(private))

    def move(self, known, private):
        return self.client.update_secret(known, new_scope=scope(private))

    def patch(self, known, **change):
        return self.client.zen_store.update_secret(known, SecretUpdateModel(**change))

    @staticmethod
    def is_private(secret):
        return secret.scope == SecretScope.USER

    @staticmethod
    def visible(private):
        return {"scope": scope(private)}


def scope(private):
    return SecretScope.USER if private else SecretScope.WORKSPACE


def user(name, password="of a user", role="editor"):
    """A user that Strongroom's command line makes, connected."""
    room.strongroom("user", "create", name, f"--role={role}", "--password-file=-", stdin=password)
    person = Person(name, password)
    person.connect()
    return person


room.signed_in()
ADMIN = Person(room.ADMIN, room.ADMIN_PASSWORD)
ADMIN.connect()
