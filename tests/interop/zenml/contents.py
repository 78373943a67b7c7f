"""Secrets that are hard to carry over: by what is special about them, a schema and values."""

import json

from sides import SCHEMAS


def of_schema(schema, filled):
    """Values for all keys of a typed schema, or for those it cannot be without."""
    values = {}
    for key, field in SCHEMAS[schema].__fields__.items():
        if key == "name" or not (filled or field.required):
            continue
        is_document = (schema, key) == ("gcp", "token")
        if field.type_ is bool:
            values[key] = True
        elif not field.required and field.default is not None and key.endswith("_type"):
            values[key] = field.default
        else:
            values[key] = json.dumps({"type": "service_account", "ü": 1}) if is_document else f"{key} wërt"
    return values


def every_schema():
    """Each typed schema with all its keys and with the fewest, and an arbitrary secret, by a name for it."""
    assert len(SCHEMAS) == 12, sorted(SCHEMAS)
    secrets = {"arbitrary": ("arbitrary", {"b": "2", "a": "1"})}
    for schema in sorted(SCHEMAS.keys() - {"arbitrary"}):
        secrets[f"{schema.replace('_', '-')}-all"] = (schema, of_schema(schema, True))
        secrets[f"{schema.replace('_', '-')}-few"] = (schema, of_schema(schema, False))
    return secrets


UNICODE = {
    "umlaut": "zwei ü",
    "emoji": "🔑 and 👩‍🔬",
    "rtl": "שלום",
    "composed": "é e\u0301",
    "controls": "\x01\x1f\x7f\x85\u2028\ufeff",
    "lines": "one\r\ntwo\n\ttab\\ \"quoted\" 'single'",
    "spaces": "  around  ",
    "ключ": "a key that is not ASCII",
}
EMPTY = {"a": "", "b": "full", "c": ""}
THIRTY = {f"key_{number}": f"value {number}" for number in reversed(range(30))}
LONG = {"value": "0123456789abcdef" * 1152}
KEYS = {"a-b": "1", "a b": "2", "ключ": "3", "schema": "4", "1": "5", "class": "6", "values": "7"}
NOT_TEXT = {"nothing": None, "number": 5, "real": 1.5, "flag": True, "list": [1, "ü"], "map": {"x": None, "y": 1e16}}
LOOKALIKES = {"yes": "yes", "no": "off", "one": "1", "real": "1e3", "nothing": "null", "json": '{"a": [1]}', "time": "2001-01-01"}
