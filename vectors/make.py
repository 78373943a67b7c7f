#!/usr/bin/env python3
"""Remakes the golden bytes in this folder with ZenML 0.44.1 itself.

How to run, in an environment of its own (Python 3.8 to 3.11):

    python -m venv zenml044
    zenml044/bin/pip install 'zenml[secrets-azure]==0.44.1' \
        'sqlmodel==0.0.8' 'bcrypt==4.0.1' 'setuptools<81' \
        azure-identity==1.10.0 azure-keyvault-secrets
    zenml044/bin/python vectors/make.py            # all files
    zenml044/bin/python vectors/make.py azure      # one group

The group `store` has a second file, by ZenML 0.98 (the environment is that of
tests/interop/zenml098): `zenml098/bin/python vectors/make.py store`.

Nothing here spells a stored format: every name, tag and byte comes out of
ZenML's own classes. No network is used, and the user's ZenML configuration
is left alone.
"""

import importlib
import os
import sys
import tempfile

GROUPS = [
    "manager",
    "azure",
    "local",
    "schemas",
    "references",
    "stack",
    "store",
]


def make(groups):
    """Runs the makers of the given groups, in a ZenML home of their own."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["ZENML_CONFIG_PATH"] = home
        os.environ["ZENML_ANALYTICS_OPT_IN"] = "false"
        os.environ["ZENML_LOGGING_VERBOSITY"] = "ERROR"
        for group in groups:
            importlib.import_module(f"from_zenml.{group}").make()


if __name__ == "__main__":
    if os.environ.get("PYTHONHASHSEED") != "0":
        # ZenML prints a set of schema names in one of its messages.
        os.environ["PYTHONHASHSEED"] = "0"
        os.execv(sys.executable, [sys.executable, *sys.argv])
    make(sys.argv[1:] or GROUPS)
