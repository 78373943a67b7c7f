"""ZenML 0.98's own store of secrets beside a central server, in one Key Vault."""

import os
import uuid
from contextlib import contextmanager
from types import SimpleNamespace

from vault_server import FOLDER, HARD, PRINCIPAL, VAULT, running

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


@contextmanager
def server(form="0.98"):
    """A server that ends, with ZenML's store for it."""
    with running(form) as (started, server_id):
        yield started, zenmls(server_id)


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
        ours.secret("get", name, fails="failed")
        ours.secret("import", name, "--overwrite", "--filename=-", stdin='{"b": "2"}')
        assert theirs.get_secret_values(secret_id) == ours.values(name) == {"b": "2"}


@feature("what the server keeps in the form of 0.44, this store reads too")
def form_of_0_44():
    with server("0.44") as (ours, theirs):
        name, secret_id = ours.create(HARD)
        ours.secret("rename", name, f"--new-name={name}-new")
        assert theirs.get_secret_values(secret_id) == ours.values(f"{name}-new") == HARD
        assert len(theirs.client.get_secret(f"zenml-{secret_id}").properties.tags) == 9
