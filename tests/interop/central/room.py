"""The central server of this run: its administrator, and Strongroom's own command line for it."""

import itertools
import json
import os
import pathlib
import subprocess

URL = os.environ["INTEROP_CENTRAL_URL"]
ADMIN, ADMIN_PASSWORD = os.environ["INTEROP_ADMIN"], os.environ["INTEROP_ADMIN_PASSWORD"]
FOLDER = pathlib.Path(os.environ["INTEROP_FOLDER"])

COUNT = itertools.count()


def unused(what="secret"):
    """A name that nothing has."""
    return f"{what}-{next(COUNT)}"


def strongroom(*words, stdin=""):
    """What a command of the administrator prints, read as JSON."""
    command = [os.environ["INTEROP_STRONGROOM"], "--output", "json", *words]
    environment = os.environ | {"STRONGROOM_HOME": str(FOLDER / "strongroom")}
    done = subprocess.run(
        command, env=environment, input=stdin, capture_output=True, encoding="utf-8", timeout=60
    )
    assert done.returncode == 0, f"{words}: {done.stderr}"
    return json.loads(done.stdout) if done.stdout.strip() else None


def signed_in():
    """Signs that command line in as the administrator."""
    strongroom("login", URL, f"--username={ADMIN}", "--password-file=-", stdin=ADMIN_PASSWORD)


def values(name):
    """What Strongroom's command line reads of a secret."""
    return strongroom("secret", "get", name)["values"]
