"""ZenML 0.98.0 and a central server on the same vault: see ../README.md."""

import pathlib
import sys

# Behind this folder, as python/ has modules of the same names.
for folder in ("central", "python"):
    sys.path.append(str(pathlib.Path(__file__).parents[1] / folder))

import report  # noqa: E402

import key_vault  # noqa: E402, F401

report.run()
