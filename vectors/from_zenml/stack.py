"""A stack as `zenml stack export` writes it."""

import subprocess
import sys
from pathlib import Path

from zenml.client import Client
from zenml.enums import StackComponentType

from .record import VECTORS

ORCHESTRATOR = StackComponentType.ORCHESTRATOR
ARTIFACT_STORE = StackComponentType.ARTIFACT_STORE
SECRETS_MANAGER = StackComponentType.SECRETS_MANAGER
CONTAINER_REGISTRY = StackComponentType.CONTAINER_REGISTRY

COMPONENTS = [
    # type, name, flavor, configuration
    (ORCHESTRATOR, "docker: local", "local_docker", {}),
    (ARTIFACT_STORE, "files", "local", {"path": ""}),
    (
        SECRETS_MANAGER,
        "azure_secrets",
        "azure",
        {
            "key_vault_name": "my-vault",
            "scope": "namespace",
            "namespace": "team-a",
        },
    ),
    (
        CONTAINER_REGISTRY,
        "registry",
        "default",
        {
            "uri": "localhost:5000",
            "authentication_secret": "{{registry.credentials}}",
        },
    ),
]


def make():
    """Writes `vectors/stack-export.yaml` and `stack-export-default.yaml`.

    The components come from ZenML's Python client, because its command line
    refuses to register secrets managers since 0.40.
    """
    client = Client()
    for kind, name, flavor, configuration in COMPONENTS:
        client.create_stack_component(
            name=name,
            flavor=flavor,
            component_type=kind,
            configuration=configuration,
        )
    client.create_stack(
        "azure: stack", {kind: name for kind, name, _, _ in COMPONENTS}
    )
    export("azure: stack", "stack-export.yaml")
    export("default", "stack-export-default.yaml")


def export(stack, file):
    """Runs ZenML's command line, in the home that `make.py` set."""
    zenml = Path(sys.executable).with_name("zenml")
    path = VECTORS / file
    path.unlink(missing_ok=True)
    command = [zenml, "stack", "export", stack, path]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    print(f"{file}: 1 stack")
