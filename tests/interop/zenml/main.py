"""ZenML 0.44.1 and Strongroom on the same vault and file: see ../README.md."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "python"))

import report  # noqa: E402

import azure_secrets  # noqa: E402, F401
import local_file  # noqa: E402, F401
import commands  # noqa: E402, F401

report.run()
