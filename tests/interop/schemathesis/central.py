"""Schemathesis against every operation of the central server's `/openapi.json`: see ../README.md.

All its checks, but for those that schemathesis.toml leaves out and says why.
"""

import json
import os
import pathlib
import subprocess
import sys
import urllib.parse
import urllib.request

for folder in ("central", "python"):
    sys.path.append(str(pathlib.Path(__file__).parents[1] / folder))

import report  # noqa: E402
import room  # noqa: E402

LOGOUT = "/api/v1/logout"
CONFIGURATION = pathlib.Path(__file__).with_name("schemathesis.toml")


def token():
    form = urllib.parse.urlencode({"username": room.ADMIN, "password": room.ADMIN_PASSWORD}).encode()
    with urllib.request.urlopen(f"{room.URL}/api/v1/login", form, timeout=30) as answer:
        return json.load(answer)["access_token"]


def schemathesis(phases, examples, *which):
    """Runs these phases on the operations that `which` leaves; the seed makes two runs alike. What it found is in the log."""
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIGURATION), "run"]
    command += [f"{room.URL}/openapi.json", "--header", f"Authorization: Bearer {token()}", "--phases", phases]
    command += ["--max-examples", str(examples), "--seed", "1", "--request-timeout", "30", "--warnings", "off", *which]
    # It keeps what it found in the folder that it is run in.
    done = subprocess.run(command, cwd=room.FOLDER, stdout=sys.stderr, stderr=sys.stderr, env=os.environ)
    assert done.returncode == 0, f"exit code {done.returncode}"


@report.feature("every operation answers as /openapi.json says, to good and to bad requests, without a server error")
def each():
    schemathesis("examples,coverage,fuzzing", 20, "--exclude-path", LOGOUT)
    # it ends the token that all others are tried with
    schemathesis("examples,coverage,fuzzing", 20, "--include-path", LOGOUT)


@report.feature("so it does when one request uses what another made")
def chained():
    schemathesis("stateful", 60, "--exclude-path", LOGOUT)


report.run()
