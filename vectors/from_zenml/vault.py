"""An Azure secrets manager of ZenML over a vault that is a dictionary."""

from datetime import datetime
from types import SimpleNamespace
from uuid import UUID

from azure.core.exceptions import ResourceNotFoundError
from zenml.enums import StackComponentType
from zenml.integrations.azure.flavors import AzureSecretsManagerFlavor
from zenml.integrations.azure.secrets_managers import AzureSecretsManager


class Vault:
    """Stands in for the SDK's SecretClient; keeps entries in order."""

    def __init__(self):
        self.entries = {}

    def put(self, name, value, tags):
        """Places an entry that ZenML did not write."""
        properties = SimpleNamespace(name=name, tags=tags)
        entry = SimpleNamespace(name=name, value=value, properties=properties)
        self.entries[name] = entry

    def set_secret(self, name, value):
        """Writes a new version, which has no tags.

        The SDK up to 4.9, so all of ZenML's time, sends `str()` of a value:
        booleans of typed secrets are stored as `True` and `False`.
        """
        self.put(name, str(value), None)

    def update_secret_properties(self, name, tags):
        """Sets the tags of the latest version."""
        self.entries[name].properties.tags = tags

    def get_secret(self, name):
        """The latest version of one entry."""
        if name not in self.entries:
            raise ResourceNotFoundError(name)
        return self.entries[name]

    def list_properties_of_secrets(self):
        """Names and tags of all entries."""
        return [entry.properties for entry in self.entries.values()]

    def begin_delete_secret(self, name):
        """Deletes one entry at once."""
        del self.entries[name]
        return SimpleNamespace(result=lambda: None)


def component(flavor, config, name, component_id):
    """A stack component, as ZenML builds one out of its database row."""
    return flavor.implementation_class(
        name=name,
        id=UUID(component_id),
        config=config,
        flavor=flavor.name,
        type=StackComponentType.SECRETS_MANAGER,
        user=None,
        workspace=UUID(int=0),
        created=datetime(2023, 9, 1),
        updated=datetime(2023, 9, 1),
    )


def azure_manager(vault, name, component_id, **attributes):
    """An Azure secrets manager that talks to `vault`."""
    AzureSecretsManager.CLIENT = vault  # one for the process, as in ZenML
    flavor = AzureSecretsManagerFlavor()
    config = flavor.config_class(key_vault_name="vault", **attributes)
    return component(flavor, config, name, component_id)
