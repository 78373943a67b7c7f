"""ZenML 0.44.1 and the central server: see ../README.md."""

import pathlib
import sys

# Behind this folder, as python/ has modules of the same names.
for folder in ("central", "python"):
    sys.path.append(str(pathlib.Path(__file__).parents[1] / folder))

import report  # noqa: E402

import connecting  # noqa: E402, F401
import secret_commands  # noqa: E402, F401
import client_calls  # noqa: E402, F401

report.run()
