"""Runs scenarios and reports each on one line of JSON. A scenario that returns did what its feature promises; what
it returns, if anything, is what was seen instead of a plain success. One that raises fails the run."""

import json
import os
import sys
import traceback

SCENARIOS = []


def feature(name):
    def add(scenario):
        SCENARIOS.append((name, scenario))
        return scenario

    return add


def refused(exception, status, *words):
    """A context in which `exception` with `status` must come up (`None`: without one); `words` must be in its text."""

    class Refused:
        def __enter__(self):
            return self

        def __exit__(self, kind, error, trace):
            assert error is not None, f"nothing was refused, expected {status}"
            if not isinstance(error, exception):
                return False
            assert getattr(error, "status_code", None) == status, repr(error)
            assert all(word in str(error) for word in words), str(error)
            return True

    return Refused()


def run():
    failed = False
    for name, scenario in SCENARIOS:
        try:
            outcome = scenario() or "ok"
        except Exception as error:
            failed = True
            outcome = f"failed: {type(error).__name__}: {error}"
            traceback.print_exc(limit=-4, chain=False)
        print(json.dumps({"feature": name, "client": os.environ["INTEROP_CLIENT"], "outcome": outcome}), flush=True)
    sys.exit(failed)
