"""azure-keyvault-secrets and azure-identity against a vault: see ../README.md."""

import report

# Each registers its scenarios, in the order of ../features.txt.
import signing_in  # noqa: F401
import secrets_of_a_vault  # noqa: F401
import lists  # noqa: F401
import deleting  # noqa: F401
import load  # noqa: F401

report.run()
