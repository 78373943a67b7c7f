"""What ZenML's central store keeps in Azure Key Vault, and reads there.

Runs with ZenML 0.98 and with 0.44: each writes a file of its own.
"""

from datetime import datetime
from importlib.metadata import version
from types import SimpleNamespace
from uuid import UUID

from azure.core.exceptions import ResourceNotFoundError
from zenml.zen_stores.secrets_stores import azure_secrets_store

from .record import attempt, pairs, write

GENERATION = ".".join(version("zenml").split(".")[:2])
SERVER = UUID("5d7f1c3a-3b1e-4c55-8a58-1f0e9f6d2c11")
OTHER = UUID("8a0e6a4c-91c5-4f3e-b2de-5d0f9f6f1c7b")
ID = UUID("0c9a7f2e-1111-4222-8333-abcdefabcdef")
ITEM = f"zenml-{ID}"

WRITTEN = [
    {"a": "1"},
    {"b": "2", "a": "é 🔑"},
    {},
    {"empty": "", "quotes": "\"'\\", "lines": "one\r\ntwo\t\x01\x7f"},
    {"json": '{"a": [1, null]}', "yes": "true", "number": "1e3"},
    {"ключ": "a key that is not ASCII", "a b": "1", "": "an empty key"},
]

# Name, scope, times when it is made and when it is changed, if it is.
NOON = datetime(2023, 6, 1, 12, 0, 0, 123456)
LATER = datetime(2024, 1, 2, 3, 4, 5)
PLAIN = ("s", "workspace", NOON, None)
SECRETS = [
    ("Of-one-user-1", "user", LATER, None),
    ("s", "workspace", NOON, LATER),
]

NAMES = ["s", "Aa0-", "-", "a" * 255, "a" * 256, "a" * 257]
NAMES += ["a b", "a_b", "a.b", "a/b", "ü", "a\n", ""]

OURS = {"zenml": str(SERVER), "zenml_secret_id": str(ID)}
DESCRIBED = {
    **OURS,
    "zenml_secret_name": "s",
    "zenml_secret_scope": "workspace",
    "zenml_secret_workspace": str(UUID(int=1)),
    "zenml_secret_user": str(UUID(int=2)),
    "zenml_secret_created": "2023-06-01T12:00:00.123456",
    "zenml_secret_updated": "2023-06-01T12:00:00",
}
JSON = '{"a": "1"}'

READS = [
    # what it shows, value, tags
    ("the two tags of 0.98", JSON, OURS),
    ("all tags of 0.44", JSON, DESCRIBED),
    ("more tags do not matter", JSON, {**DESCRIBED, "team": "x"}),
    ("a tag of Strongroom", JSON, {**OURS, "strongroom-write": str(OTHER)}),
    ("another server", JSON, {**DESCRIBED, "zenml": str(OTHER)}),
    ("no server", JSON, {"zenml_secret_id": str(ID)}),
    ("another secret", JSON, {**OURS, "zenml_secret_id": str(OTHER)}),
    ("no secret", JSON, {"zenml": str(SERVER)}),
    (
        "the server in capitals",
        JSON,
        {**DESCRIBED, "zenml": str(SERVER).upper()},
    ),
    ("empty tags", JSON, {}),
    ("not JSON", "plain", DESCRIBED),
    ("a list", "[1]", DESCRIBED),
    ("no value", "", DESCRIBED),
    ("an empty map", "{}", DESCRIBED),
]


class Vault:
    """Stands in for the SDK's SecretClient."""

    def __init__(self):
        self.entries = {}

    def set_secret(self, name, value, tags, content_type):
        """Writes value and tags in one step."""
        properties = SimpleNamespace(
            name=name, tags=tags, content_type=content_type
        )
        self.entries[name] = SimpleNamespace(
            value=value, properties=properties
        )

    def get_secret(self, name):
        """The latest version of one entry."""
        if name not in self.entries:
            raise ResourceNotFoundError(name)
        return self.entries[name]

    def list_properties_of_secrets(self):
        """Names and tags of all entries."""
        return [entry.properties for entry in self.entries.values()]


def clock(time):
    """A clock that stands."""

    class Clock(datetime):
        """ZenML asks it."""

        @classmethod
        def utcnow(cls):
            """Always the same."""
            return time

    return Clock


class Store(azure_secrets_store.AzureSecretsStore):
    """ZenML's store over a vault that is a dictionary."""

    client = property(lambda self: self.__dict__["vault"])
    zen_store = property(lambda self: self.__dict__["owner"])

    def _validate_user_and_workspace(self, user, workspace):
        """Whoever is named exists; what 0.44 makes of it is not stored."""
        return None, None


class Owner:
    """The store that the values belong to."""

    def get_store_info(self):
        """Who it is."""
        return SimpleNamespace(id=SERVER)


def store(vault):
    """A store over `vault`, without signing in."""
    made = Store.__new__(Store)
    object.__setattr__(made, "__dict__", {"vault": vault, "owner": Owner()})
    return made


def put(vault, values, secret):
    """Writes values as this version of ZenML does."""
    if GENERATION == "0.98":
        store(vault).store_secret_values(ID, values)
        return
    from zenml.models import (
        SecretRequestModel,
        SecretResponseModel,
        SecretUpdateModel,
    )

    name, scope, made, changed = secret
    user, workspace = UUID(int=2), UUID(int=1)
    request = SecretRequestModel(
        name=name,
        scope=scope,
        values=values,
        user=user,
        workspace=workspace,
    )
    writer = store(vault)
    azure_secrets_store.uuid = SimpleNamespace(uuid4=lambda: ID)
    azure_secrets_store.datetime = clock(made)
    # what it returns needs a database; what it stores does not
    attempt(lambda: Store.create_secret(writer, request))
    if not changed:
        return
    azure_secrets_store.datetime = clock(changed)
    there = SecretResponseModel.construct(
        id=ID,
        name=name,
        scope=request.scope,
        user=SimpleNamespace(id=user),
        workspace=SimpleNamespace(id=workspace),
        values={},
        created=made,
    )
    writer.__dict__["get_secret"] = lambda _: there
    update = SecretUpdateModel(values=values)
    attempt(lambda: Store.update_secret(writer, ID, update))


def written():
    """Values, and the item that ZenML keeps them in."""
    cases = [(values, PLAIN) for values in WRITTEN]
    if GENERATION == "0.44":
        cases += [(WRITTEN[0], secret) for secret in SECRETS]
    for values, secret in cases:
        vault = Vault()
        put(vault, values, secret)
        ((name, entry),) = vault.entries.items()
        yield {
            "server": str(SERVER),
            "id": str(ID),
            "values": pairs(values),
            "item": name,
            "value": entry.value,
            "content_type": entry.properties.content_type,
            "tags": pairs(entry.properties.tags),
        }


def names():
    """Names of secrets, and whether 0.44's store takes them."""
    for name in NAMES:
        _, error = attempt(lambda: Store._validate_azure_secret_name(name))
        yield {"name": name, "is_taken": error is None}


def get(vault):
    """The values that this version of ZenML finds."""
    if GENERATION == "0.98":
        return store(vault).get_secret_values(ID)
    entry = vault.get_secret(ITEM)
    tags, found = entry.properties.tags, {}
    reader = store(vault)

    def remember(metadata, created, updated, values=None):
        """ZenML's own check, and then its values without the models."""
        _, error = attempt(
            lambda: Store._create_secret_from_metadata(
                reader, metadata, created, updated, values
            )
        )
        if error and error["class"] == "KeyError":
            raise KeyError(error["message"])
        if not isinstance(values or {}, dict):  # its model refuses it
            raise TypeError("values are no map")
        found["values"] = values
        return found

    reader.__dict__["_create_secret_from_metadata"] = remember
    reader._convert_azure_secret(tags=tags, values=entry.value)
    return found["values"]


def reads():
    """Items, and what ZenML makes of them."""
    for shows, value, tags in READS:
        vault = Vault()
        vault.set_secret(ITEM, value, tags, "application/json")
        found, error = attempt(lambda: get(vault))
        outcome = {"error": error} if error else {"values": pairs(found or {})}
        yield {
            "shows": shows,
            "server": str(SERVER),
            "id": str(ID),
            "value": value,
            "tags": pairs(tags),
            **outcome,
        }


def make():
    """Writes `vectors/store/`."""
    write(f"store/azure-{GENERATION}-written.json", list(written()))
    write(f"store/azure-{GENERATION}-reads.json", list(reads()))
    if GENERATION == "0.44":
        write("store/azure-0.44-names.json", list(names()))
