"""ZenML 0.44's own store of secrets beside a central server, in one Key Vault.

The store runs as it is published. Users, workspaces and the server's id come from the server, by ZenML's own client of it.
"""

import uuid
from contextlib import contextmanager
from datetime import timedelta

import sides  # noqa: F401  # before ZenML is imported
from report import feature
from vault_server import HARD, PASSWORD, PRINCIPAL, VAULT, running
from zenml.enums import SecretScope
from zenml.models import SecretFilterModel, SecretRequestModel, SecretUpdateModel
from zenml.zen_stores.rest_zen_store import RestZenStore, RestZenStoreConfiguration
from zenml.zen_stores.secrets_stores.azure_secrets_store import (
    AzureSecretsStore,
    AzureSecretsStoreConfiguration,
)


@contextmanager
def server():
    """A server that ends, with ZenML's store for it."""
    with running("0.44") as (started, _):
        config = RestZenStoreConfiguration(url=started.url, username="admin", password=PASSWORD)
        owner = RestZenStore(config=config, skip_default_registrations=True)
        sign_in = {f"azure_{name}": value for name, value in PRINCIPAL.items()}
        config = AzureSecretsStoreConfiguration(key_vault_name=VAULT, **sign_in)
        yield started, AzureSecretsStore(zen_store=owner, config=config)


def absent(store, secret_id):
    """Whether ZenML's store says so."""
    try:
        store.get_secret(secret_id)
    except KeyError:
        return True
    return False


def assert_same(ours, theirs, name, secret_id, values):
    """The server and ZenML's store say the same of a secret."""
    told, found = ours.secret("get", name), theirs.get_secret(secret_id)
    assert told["values"] == found.secret_values == values, found
    assert told["name"] == found.name == name
    assert told["private"] == (found.scope == SecretScope.USER), found.scope
    assert told["owner"] == found.user.name and told["project"] == found.workspace.name
    assert theirs.list_secrets(SecretFilterModel(name=name, scope=found.scope)).items == [found]
    return found


@feature("what the server keeps, ZenML's store reads and lists: created, updated, renamed, made private, rolled back")
def reads():
    with server() as (ours, theirs):
        name, secret_id = ours.create(HARD)
        made = assert_same(ours, theirs, name, secret_id, HARD)
        assert made.created == made.updated
        ours.secret("update", name, "--more=1", "--remove-keys=empty")
        changed = {key: value for key, value in HARD.items() if key != "empty"} | {"more": "1"}
        update = assert_same(ours, theirs, name, secret_id, changed)
        assert made.updated < update.updated < made.updated + timedelta(minutes=5)
        ours.secret("rename", name, f"--new-name={name}-new")
        name = f"{name}-new"
        renamed = assert_same(ours, theirs, name, secret_id, changed)
        assert made.created == renamed.created and update.updated < renamed.updated
        ours.secret("update", name, "--private=true")
        assert_same(ours, theirs, name, secret_id, changed)
        ours.secret("rollback", name, "--to=1", "--yes")
        assert_same(ours, theirs, name, secret_id, HARD)
        assert absent(theirs, uuid.uuid4())


@feature("either writes the same item of 0.44, but for one tag of the server's that ZenML ignores")
def same_items():
    with server() as (ours, theirs):
        name, secret_id = ours.create(HARD)
        found = theirs.get_secret(secret_id)
        request = SecretRequestModel(
            name=f"{name}-2", values=HARD, scope=found.scope, user=found.user.id, workspace=found.workspace.id
        )
        other = theirs.create_secret(request)
        first, second = (theirs.client.get_secret(f"zenml-{an_id}") for an_id in (secret_id, other.id))
        assert first.value == second.value
        assert first.properties.content_type == second.properties.content_type == "application/json"
        tags = dict(first.properties.tags)
        assert uuid.UUID(tags.pop("strongroom-write"))
        ids = {"zenml_secret_id": str(secret_id), "zenml_secret_name": name}
        times = {f"zenml_secret_{what}": tags[f"zenml_secret_{what}"] for what in ("created", "updated")}
        assert tags == second.properties.tags | ids | times
        theirs.delete_secret(other.id)


@feature("what ZenML 0.44's store wrote over is another version; the server reads its own, and writes over it")
def written_over():
    with server() as (ours, theirs):
        name, secret_id = ours.create({"a": "1"})
        theirs.update_secret(secret_id, SecretUpdateModel(name=f"{name}-theirs", values={"a": "theirs"}))
        assert theirs.get_secret(secret_id).secret_values == {"a": "theirs"}
        assert ours.values(name) == {"a": "1"}
        ours.secret("update", name, "--b=2")
        assert_same(ours, theirs, name, secret_id, {"a": "1", "b": "2"})


@feature("what the server deleted is gone for ZenML's store; what that deleted is missed, and mended by an import of all values")
def deleted():
    with server() as (ours, theirs):
        name, secret_id = ours.create({"a": "1"})
        ours.secret("delete", name, "--yes")
        assert absent(theirs, secret_id)
        name, secret_id = ours.create({"a": "1"})
        theirs.delete_secret(secret_id)
    # another process: what was just written would be remembered
    with server() as (ours, theirs):
        ours.secret("get", name, fails="failed")
        ours.secret("import", name, "--overwrite", "--filename=-", stdin='{"b": "2"}')
        assert_same(ours, theirs, name, secret_id, {"b": "2"})


@feature("a name that 0.44 cannot keep there is refused by both")
def names():
    with server() as (ours, theirs):
        name, secret_id = ours.create({"a": "1"})
        for bad in ("a b", "a_b", "a.b", "ü"):
            ours.secret("create", bad, "--a=1", fails="invalid")
            ours.secret("rename", name, f"--new-name={bad}", fails="invalid")
            try:
                theirs.update_secret(secret_id, SecretUpdateModel(name=bad))
            except ValueError:
                continue
            raise AssertionError(bad)
        assert_same(ours, theirs, name, secret_id, {"a": "1"})
