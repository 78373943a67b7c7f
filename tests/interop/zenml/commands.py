"""`zenml secrets-manager secret` in each scope: its click commands in this process, as a start takes seconds."""

import sqlite3
import uuid

from azure_secrets import PAIRS, SCOPES, VAULT
from click.testing import CliRunner
from report import feature
from sides import FOLDER, Absent, Strongroom, assert_refused, assert_same
from zenml.cli.cli import cli
from zenml.client import Client
from zenml.enums import StackComponentType


def zenml(*words, fails=False):
    done = CliRunner().invoke(cli, words, env={"COLUMNS": "400"}, prog_name="zenml")
    assert (done.exit_code != 0) == fails, f"{words}: {done.exit_code}\n{done.output}"
    return done.output


def rows(printed):
    """The cells of a table's rows, without its heading."""
    lines = [line for line in printed.splitlines() if line[:1] in "┃│"]
    return [[cell.strip() for cell in line.strip("┃│").split("│")] for line in lines][1:]


def secret(verb, *words, **options):
    return zenml("secrets-manager", "secret", verb, *words, **options)


def put_on_stack(ours, flavor, configuration):
    """A component of ZenML with Strongroom's id on the active stack. It is made through the client, as the command
    `register` of 0.40 and later always fails; the id is set in the database, as nothing lets one choose it."""
    client, kind = Client(), StackComponentType.SECRETS_MANAGER
    made = client.create_stack_component(
        name=ours.stack, flavor=flavor, component_type=kind, configuration=configuration
    )
    file = client.zen_store.config.database
    with sqlite3.connect(file) as database:
        change = "UPDATE stack_component SET id = ? WHERE id = ?"
        assert database.execute(change, (uuid.UUID(ours.id).hex, made.id.hex)).rowcount == 1
    zenml("stack", "register", ours.stack, "-a", "default", "-o", "default", "-x", ours.stack)
    zenml("stack", "set", ours.stack)
    assert str(Client().active_stack.components[kind].id) == ours.id


def story(ours, name):
    ours.register(name, "basic_auth", {"username": "me", "password": "wört"})
    assert [name] in rows(secret("list"))
    assert sorted(rows(secret("get", name))) == [["password", "wört"], ["username", "me"]]
    secret("update", name, "--password=ä")
    assert_same(ours.get(name), "basic_auth", {"username": "me", "password": "ä"})
    ours.update(name, {"password": "ö"})
    assert ["password", "ö"] in rows(secret("get", name))
    secret("delete", name, "--yes")
    assert_refused(Absent, ours.get, name)
    assert name in secret("get", name, fails=True)
    ours.register(f"{name}-2", "arbitrary", {"a": "b"})
    secret("cleanup", "--yes")
    assert ours.list() == []
    # The command line of 0.44.1 writes no new secrets.
    assert "no longer supported" in secret("register", name, "--key=value", fails=True)


def for_scope(scope):
    @feature(f"scope {scope}: zenml secrets-manager secret get, list, update, delete, cleanup")
    def commands():
        ours = PAIRS[scope][0]
        configuration = {"key_vault_name": VAULT, "scope": scope}
        if SCOPES[scope]:
            configuration["namespace"] = SCOPES[scope]
        put_on_stack(ours, "azure", configuration)
        story(ours, "command")


for scope in SCOPES:
    for_scope(scope)


@feature("local file: zenml secrets-manager secret get, list, update, delete, cleanup")
def local():
    file = str(FOLDER / "commands.yaml")
    ours = Strongroom("local-commands", "local", secrets_file=file, sealed="false")
    put_on_stack(ours, "local", {"secrets_file": file})
    story(ours, "command")
