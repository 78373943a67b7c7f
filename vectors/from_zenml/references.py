"""Secret references: which texts are one, and how ZenML takes them apart."""

from zenml.utils.secret_utils import (
    is_secret_reference,
    parse_secret_reference,
)

from .record import write

TEXTS = [
    "{{name.key}}",
    "{{ name.key }}",
    "{{  name.key}}",
    "{{\tname.key\n}}",
    "{{a.b}}",
    "{{a.b.c}}",
    "{{a..b}}",
    "{{a.b.}}",
    "{{a-b_c.d-e}}",
    "{{A.1}}",
    "{{größe.schlüssel}}",
    "{{🔑.🔒}}",
    "{{a.b-{c}}}",
    "{{{a.b}}}",
    "{{{{a.b}}}}",
    "{{a.b}}}}",
    "{{a/b.c/d}}",
    "{{'a'.'b'}}",
    "{{a.b}c}}",
    "{{a.b}}{{c.d}}",
    "{{\u00a0a.b\u00a0}}",
    "{{a.}}}",
    "{{..}}",
    "{{...}}",
    "{{.}.}}",
    "",
    "name.key",
    "{name.key}",
    "{{}}",
    "{{.}}",
    "{{a}}",
    "{{a.}}",
    "{{.b}}",
    "{{ .b }}",
    "{{a b.c}}",
    "{{a.b c}}",
    "{{a .b}}",
    "{{a. b}}",
    "{{ a.b c.d }}",
    "{{a\u200b.b}}",
    " {{a.b}}",
    "{{a.b}} ",
    "{{a.b}}\n",
    "pre{{a.b}}",
    "{{a.b}}post",
    "{{a.b}",
    "{a.b}}",
    "{ {a.b} }",
    "${a.b}",
    "{{a.b}} {{c.d}}",
]


def case(text):
    """A text, and its parts if it is a reference."""
    if not is_secret_reference(text):
        return {"text": text, "reference": False}
    name, key = parse_secret_reference(text)
    return {"text": text, "reference": True, "name": name, "key": key}


def make():
    """Writes `vectors/references.json`."""
    write("references.json", [case(text) for text in TEXTS])
