"""Who uses the server: each has a configuration of ZenML of its own, runs `zenml`, and is `Client()` for a while."""

import os
from contextlib import contextmanager

import room
import terminal

os.environ |= {
    "HOME": str(room.FOLDER),
    "ZENML_ANALYTICS_OPT_IN": "false",
    "ZENML_ENABLE_REPO_INIT_WARNINGS": "false",
    "ZENML_DEFAULT_OUTPUT": "json",
    "COLUMNS": "400",
    "NO_COLOR": "1",
}
os.environ["ZENML_CONFIG_PATH"] = str(room.FOLDER / "nobody")

# After the environment is set, as ZenML reads it then.
import zenml.cli.cli  # noqa: E402, F401
from zenml.client import Client  # noqa: E402
from zenml.config.global_config import GlobalConfiguration  # noqa: E402
from zenml.login.credentials_store import CredentialsStore  # noqa: E402


def forget():
    """As a new process, ZenML knows of no server and no user."""
    Client._reset_instance()
    GlobalConfiguration._reset_instance()
    CredentialsStore._clear()


def main():
    forget()
    # It keeps the stdout of its import for tables, so not before.
    import zenml_cli

    zenml_cli.cli()


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
