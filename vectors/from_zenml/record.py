"""Writes cases as JSON and turns ZenML's exceptions into data."""

import json
from pathlib import Path

VECTORS = Path(__file__).resolve().parent.parent


def write(name, cases):
    """Writes a list of cases to `vectors/NAME`."""
    path = VECTORS / name
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(cases, indent=1, ensure_ascii=True, allow_nan=False)
    path.write_text(text + "\n", encoding="ascii")
    print(f"{name}: {len(cases)} cases")


def pairs(mapping):
    """A mapping as a list of pairs: here the order of keys has a meaning."""
    return [[key, value] for key, value in mapping.items()]


def attempt(action):
    """The result of `action`, or None and its error as class and message."""
    try:
        return action(), None
    except Exception as error:  # any class: which one is what we record
        message = error.args[0] if isinstance(error, KeyError) else str(error)
        return None, {"class": type(error).__name__, "message": message}
