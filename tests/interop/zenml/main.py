"""ZenML 0.44.1, Strongroom and a central server on the same vault and file: see ../README.md."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "python"))
sys.path.append(str(pathlib.Path(__file__).parents[1] / "central"))

import report  # noqa: E402

# First: its lists are of the whole vault, and end at any item without tags.
import key_vault_store  # noqa: E402, F401
import azure_secrets  # noqa: E402, F401
import local_file  # noqa: E402, F401
import commands  # noqa: E402, F401

report.run()
