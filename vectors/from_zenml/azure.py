"""What ZenML's Azure secrets manager stores, takes and refuses."""

from zenml.integrations.azure.flavors import AzureSecretsManagerFlavor
from zenml.integrations.azure.secrets_managers import AzureSecretsManager

from .azure_reads import reads
from .azure_unscoped import unscoped_names, unscoped_secrets
from .record import attempt, pairs, write
from .secrets import secret
from .vault import Vault, azure_manager

FIRST = "00000000-0000-0000-0000-000000000001"
SECOND = "8a0e6a4c-91c5-4f3e-b2de-5d0f9f6f1c7b"

SCOPED = [
    # scope, namespace, component id, component name, schema, secret, values
    ("global", None, FIRST, "m1", "arbitrary", "n1", {"a": "1"}),
    ("global", None, SECOND, "other name", "aws", "my-Secret-2", None),
    ("global", "unused", FIRST, "m1", "arbitrary", "n1", {"a": "1"}),
    ("global", None, FIRST, "m1", "arbitrary", "0", {"a": "1"}),
    ("global", None, FIRST, "m1", "arbitrary", "-a-", {"a": "1"}),
    ("global", None, FIRST, "m1", "arbitrary", "Case", {"a": "1"}),
    ("global", None, FIRST, "m1", "arbitrary", "x" * 100, {"a": "1"}),
    ("component", None, FIRST, "m1", "arbitrary", "n1", {"b": "2", "a": "é"}),
    ("component", None, SECOND, "azure_secrets", "gcp", "n1", None),
    ("component", None, SECOND, "Größe 🔑", "azure", "n1", None),
    ("component", None, FIRST, "m1", "basic_auth", "b-c", None),
    ("component", "unused", FIRST, "m1", "arbitrary", "n1", {}),
    ("component", None, FIRST, "m1", "seldon_s3", "y" * 74, None),
    ("component", None, FIRST, "m1", "kserve_az", "z" * 75, None),
    ("namespace", "a", FIRST, "m1", "arbitrary", "b-c", {"a": "1"}),
    ("namespace", "a-b", FIRST, "m1", "arbitrary", "c", {"a": "1"}),
    ("namespace", "Team-7", SECOND, "m2", "whylabs", "n1", None),
    ("namespace", "n" * 100, SECOND, "m2", "seldon_gs", "n1", None),
]

FULL = {
    "aws": {"aws_access_key_id": "AK", "aws_secret_access_key": "SK"},
    "basic_auth": {"username": "u", "password": "p"},
    "gcp": {"token": "{}"},
    "whylabs": {"whylabs_default_org_id": "o", "whylabs_api_key": "k"},
}

NAMES = [
    "a",
    "A-b-1",
    "-",
    "--",
    "0",
    "a" * 100,
    "a" * 101,
    "",
    " ",
    "a b",
    "a_b",
    "a.b",
    "a/b",
    "a\n",
    "..",
    "größe",
    "١",
    "ａ",
    "name",
    "{{a.b}}",
]

SCOPES = ["none", "global", "component", "namespace"]

ATTRIBUTES = [
    {"key_vault_name": "vault"},
    {"key_vault_name": "vault", "scope": "global"},
    {"key_vault_name": "vault", "scope": "component"},
    {"key_vault_name": "vault", "scope": "namespace", "namespace": "team"},
    {"key_vault_name": "vault", "scope": "none"},
    {"key_vault_name": "vault", "scope": "none", "namespace": "not checked"},
    {"key_vault_name": "vault", "scope": "global", "namespace": "team"},
    {"key_vault_name": "vault", "scope": ""},
    {"key_vault_name": "not a vault name: no check"},
    {"key_vault_name": ""},
    {},
    {"scope": "global"},
    {"key_vault_name": "vault", "scope": "Global"},
    {"key_vault_name": "vault", "scope": "team"},
    {"key_vault_name": "vault", "scope": "namespace"},
    {"key_vault_name": "vault", "scope": "namespace", "namespace": ""},
    {"key_vault_name": "vault", "namespace": "a b"},
    {"key_vault_name": "vault", "namespace": "a" * 101},
    {"key_vault_name": "vault", "scope": "global", "namespace": "a_b"},
    {"key_vault_name": "vault", "extra": "1"},
    {"extra": "1", "more": "2", "scope": "x"},
    {"key_vault_name": "{{a.b}}"},
    {"key_vault_name": "vault", "namespace": "{{ a.b }}"},
    {"key_vault_name": "vault", "extra": "{{a.b}}"},
]


def scoped_names():
    """Registers each secret in an empty vault and shows what is there."""
    for scope, namespace, id_, component, schema, name, values in SCOPED:
        vault = Vault()
        given = {"scope": scope, "namespace": namespace}
        manager = azure_manager(vault, component, id_, **given)
        values = FULL.get(schema, {}) if values is None else values
        manager.register_secret(secret(name, values, schema))
        assert manager.get_all_secret_keys() == [name]
        (entry,) = vault.entries.values()
        yield {
            **given,
            "component_id": id_,
            "component_name": component,
            "schema": schema,
            "secret": name,
            "values": pairs(values),
            "item": entry.name,
            "tags": pairs(entry.properties.tags),
            "value": entry.value,
        }


def name_rules():
    """Which secret names and namespaces ZenML takes."""
    for scope in SCOPES:
        namespace = "team" if scope == "namespace" else None
        given = {"scope": scope, "namespace": namespace}
        manager = azure_manager(Vault(), "m1", FIRST, **given)
        for name in NAMES:
            check = manager.validate_secret_name
            _, error = attempt(lambda: check(name))
            yield rule("secret", scope, name, error)
        for name in filter(None, NAMES):  # an empty namespace is not set
            check = AzureSecretsManagerFlavor().config_class._validate_scope
            _, error = attempt(lambda: check(scope, name))
            yield rule("namespace", scope, name, error)


def rule(kind, scope, name, error):
    """One case of `name_rules`."""
    case = {"kind": kind, "scope": scope, "name": name, "accepted": not error}
    return {**case, "error": error} if error else case


def attributes():
    """Which attributes an Azure secrets manager takes."""
    for given in ATTRIBUTES:
        make_config = AzureSecretsManagerFlavor().config_class
        config, error = attempt(lambda: make_config(**given))
        if error:
            yield {"attributes": given, "accepted": False, "error": error}
        else:
            holds = config.dict()
            yield {"attributes": given, "accepted": True, "holds": holds}


def make():
    """Writes `vectors/azure/`."""
    write("azure/scoped-names.json", list(scoped_names()))
    write("azure/unscoped-names.json", list(unscoped_names()))
    write("azure/unscoped-secrets.json", list(unscoped_secrets()))
    write("azure/name-rules.json", list(name_rules()))
    write("azure/attributes.json", list(attributes()))
    write("azure/reads.json", list(reads()))
    AzureSecretsManager.CLIENT = None
