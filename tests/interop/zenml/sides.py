"""Strongroom's command line and ZenML's classes behind the same verbs, so that a scenario can be told from either side.

A secret is its schema and its values. What both sides refuse comes up as `Absent`, `Exists` or `Illegal`.
"""

import json
import os
import pathlib
import subprocess
import tempfile
import uuid
from datetime import datetime

# Gone at the end.
KEPT = tempfile.TemporaryDirectory(prefix="interop-zenml-")
FOLDER = pathlib.Path(KEPT.name)
# Before ZenML is imported, as it reads them then.
os.environ["ZENML_CONFIG_PATH"] = str(FOLDER / "zenml")
os.environ["ZENML_ANALYTICS_OPT_IN"] = "false"
os.environ["ZENML_LOGGING_VERBOSITY"] = "ERROR"

# These register their schemas.
import zenml.integrations.kserve.secret_schemas  # noqa: E402, F401
import zenml.integrations.seldon.secret_schemas  # noqa: E402, F401
import zenml.integrations.whylogs.secret_schemas  # noqa: E402, F401
from zenml.enums import StackComponentType  # noqa: E402
from zenml.exceptions import SecretExistsError  # noqa: E402
from zenml.secret.secret_schema_class_registry import SecretSchemaClassRegistry  # noqa: E402

SCHEMAS = SecretSchemaClassRegistry.secret_schema_classes


class Refused(Exception):
    pass


class Absent(Refused):
    pass


class Exists(Refused):
    pass


class Illegal(Refused):
    pass


KINDS = {"not_found": Absent, "already_exists": Exists, "invalid": Illegal}


def strongroom(*words, stdin=None):
    """What a command prints, read as JSON. Each process has the home and the settings of this program's run."""
    command = [os.environ["INTEROP_STRONGROOM"], "--output", "json", *words]
    environment = os.environ | {"STRONGROOM_HOME": str(FOLDER / "strongroom")}
    done = subprocess.run(
        command, env=environment, input=stdin or "", capture_output=True, encoding="utf-8", timeout=60
    )
    if done.returncode == 0:
        return json.loads(done.stdout) if done.stdout.strip() else None
    kind = json.loads(done.stderr)["error"]["kind"] if done.stderr.startswith("{") else "no JSON"
    raise KINDS.get(kind, Refused)(f"{words}: {done.stderr}")


class Strongroom:
    """A secrets manager of Strongroom on a stack of its own."""

    def __init__(self, name, flavor, **attributes):
        given = [f"--{key}={value}" for key, value in attributes.items() if value is not None]
        strongroom("secrets-manager", "register", name, f"--flavor={flavor}", *given)
        strongroom("stack", "register", name, "-a", "default", "-o", "default", "-x", name)
        self.stack = name
        self.id = strongroom("secrets-manager", "describe", name)["id"]

    def secret(self, verb, *words, **options):
        return strongroom("--stack", self.stack, "secrets-manager", "secret", verb, *words, **options)

    def register(self, name, schema, values):
        self.secret("register", name, f"--schema={schema}", "--values=-", stdin=json.dumps(values))

    def get(self, name):
        got = self.secret("get", name)
        assert got["name"] == name, got
        return got["schema"], got["values"]

    def list(self):
        return sorted(item["name"] for item in self.secret("list"))

    def update(self, name, values):
        self.secret("update", name, "--values=-", stdin=json.dumps(values))

    def delete(self, name):
        self.secret("delete", name, "--yes")

    def cleanup(self):
        self.secret("cleanup", "--yes")


class ZenML:
    """A secrets manager of ZenML with the id that Strongroom gave its own. `update` merges, as its command line does."""

    def __init__(self, strongroom, manager, config, flavor):
        now, somebody = datetime.now(), uuid.uuid4()
        self.manager = manager(
            name=strongroom.stack,
            id=uuid.UUID(strongroom.id),
            config=config,
            flavor=flavor,
            type=StackComponentType.SECRETS_MANAGER,
            user=somebody,
            workspace=somebody,
            created=now,
            updated=now,
        )

    def register(self, name, schema, values):
        self.refusing(self.manager.register_secret, SCHEMAS[schema](name=name, **values))

    def get(self, name):
        secret = self.refusing(self.manager.get_secret, name)
        assert secret.name == name, secret.name
        return secret.TYPE, secret.content

    def list(self):
        return sorted(self.refusing(self.manager.get_all_secret_keys))

    def update(self, name, values):
        schema, before = self.get(name)
        self.refusing(self.manager.update_secret, SCHEMAS[schema](name=name, **before | values))

    def delete(self, name):
        self.refusing(self.manager.delete_secret, name)

    def cleanup(self):
        self.refusing(self.manager.delete_all_secrets)

    @staticmethod
    def refusing(call, *words):
        try:
            return call(*words)
        except SecretExistsError as error:
            raise Exists(error) from error
        except KeyError as error:
            raise Absent(error) from error
        except ValueError as error:
            raise Illegal(error) from error


def assert_same(got, schema, values):
    """The same schema, keys and values. ZenML's class says what a value means: text stands for booleans in places. Keys
    may come in another order, as an unscoped secret has none."""
    assert got[0] == schema, got
    wanted = SCHEMAS[schema](name="x", **values).content
    assert SCHEMAS[schema](name="x", **got[1]).content == wanted and set(got[1]) == set(wanted), (got, wanted)


def assert_refused(kind, call, *words):
    try:
        call(*words)
    except kind:
        pass
    else:
        raise AssertionError(f"not refused: {words}")
