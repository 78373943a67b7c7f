from datetime import datetime, timedelta, timezone

from azure.core.exceptions import HttpResponseError, ResourceNotFoundError

from report import feature, refused
from room import URL, client, client_secret

vault = client(client_secret())


@feature("set and get")
def set_and_get():
    put = vault.set_secret("plain", "value", tags={"a": "b"}, content_type="text/plain")
    got = vault.get_secret("plain")
    assert (got.value, got.name, got.properties.tags) == ("value", "plain", {"a": "b"}), vars(got.properties)
    assert got.id == put.id == f"{URL}/secrets/plain/{put.properties.version}", got.id
    assert len(put.properties.version) == 32 and got.properties.content_type == "text/plain"
    assert got.properties.enabled and got.properties.created_on == got.properties.updated_on
    assert abs(got.properties.created_on - datetime.now(timezone.utc)) < timedelta(minutes=1)
    assert got.properties.recovery_level == "Recoverable+Purgeable" and got.properties.recoverable_days == 90


@feature("get one version")
def one_version():
    first = vault.set_secret("versions", "1").properties.version
    second = vault.set_secret("versions", "2").properties.version
    assert first != second
    assert vault.get_secret("versions", first).value == "1"
    assert vault.get_secret("versions", second).value == vault.get_secret("versions").value == "2"


@feature("names that differ in case only")
def case():
    vault.set_secret("Case-Twin", "1")
    vault.set_secret("case-twin", "2")
    assert vault.get_secret("CASE-TWIN").value == "2"
    assert len(list(vault.list_properties_of_secret_versions("case-TWIN"))) == 2


@feature("name of 127 characters, not 128")
def longest():
    vault.set_secret("n" * 127, "value")
    assert vault.get_secret("n" * 127).value == "value"
    with refused(HttpResponseError, 400, "BadParameter"):
        vault.set_secret("n" * 128, "value")


@feature("name with an illegal character")
def illegal():
    for name in ("a_b", "a.b", "a b", "ä"):
        with refused(HttpResponseError, 400, "BadParameter"):
            vault.set_secret(name, "value")


@feature("unknown name")
def unknown():
    with refused(ResourceNotFoundError, 404, "SecretNotFound"):
        vault.get_secret("absent")
    with refused(ResourceNotFoundError, 404, "SecretNotFound"):
        vault.begin_delete_secret("absent")


@feature("unknown version")
def unknown_version():
    vault.set_secret("unknown-version", "value")
    with refused(ResourceNotFoundError, 404, "SecretNotFound"):
        vault.get_secret("unknown-version", "0" * 32)


@feature("Unicode in value and tags")
def unicode():
    text = "zwölf Boxkämpfer \U0001f510 \u202e\t\r\n\0 \"'\\ 漢字"
    vault.set_secret("unicode", text, tags={"schlüssel": "値\U0001f511"})
    got = vault.get_secret("unicode")
    assert got.value == text, ascii(got.value)
    assert got.properties.tags == {"schlüssel": "値\U0001f511"}, got.properties.tags


@feature("empty value")
def empty():
    assert vault.set_secret("empty", "").value == ""
    assert vault.get_secret("empty").value == ""


LARGEST = "é" * 12_800


@feature("value of 25,600 bytes")
def largest():
    vault.set_secret("largest", LARGEST)
    assert vault.get_secret("largest").value == LARGEST


@feature("value of 25,601 bytes")
def too_large():
    with refused(HttpResponseError, 400, "BadParameter"):
        vault.set_secret("too-large", LARGEST + "x")


@feature("content type of 255 characters, not 256")
def content_type():
    assert vault.set_secret("typed", "v", content_type="t" * 255).properties.content_type == "t" * 255
    with refused(HttpResponseError, 400, "BadParameter"):
        vault.set_secret("typed", "v", content_type="t" * 256)


def tags(count):
    return {f"tag{number}": str(number) for number in range(count)}


@feature("15 tags")
def most_tags():
    vault.set_secret("tags", "v", tags=tags(15))
    assert vault.get_secret("tags").properties.tags == tags(15)


@feature("16 tags")
def too_many_tags():
    with refused(HttpResponseError, 400, "BadParameter"):
        vault.set_secret("tags", "v", tags=tags(16))


@feature("tags of a new version are its own")
def own_tags():
    first = vault.set_secret("own-tags", "1", tags={"a": "b"}).properties.version
    vault.set_secret("own-tags", "2")
    assert not vault.get_secret("own-tags").properties.tags
    assert vault.get_secret("own-tags", first).properties.tags == {"a": "b"}


@feature("update one version")
def update_one():
    first = vault.set_secret("update-one", "1", tags={"a": "b"}).properties.version
    vault.set_secret("update-one", "2", tags={"a": "b"})
    changed = vault.update_secret_properties("update-one", first, tags={"c": "d"}, content_type="t")
    assert (changed.version, changed.tags, changed.content_type) == (first, {"c": "d"}, "t")
    got = vault.get_secret("update-one", first)
    assert (got.value, got.properties.tags) == ("1", {"c": "d"})
    assert vault.get_secret("update-one").properties.tags == {"a": "b"}


@feature("update without a version")
def update_current():
    first = vault.set_secret("update-current", "1").properties.version
    vault.set_secret("update-current", "2", tags={"a": "b"})
    vault.update_secret_properties("update-current", content_type="t")
    got = vault.get_secret("update-current")
    assert (got.value, got.properties.content_type, got.properties.tags) == ("2", "t", {"a": "b"})
    assert vault.get_secret("update-current", first).properties.content_type is None


@feature("disabled secret")
def disabled():
    vault.set_secret("disabled", "value")
    assert vault.update_secret_properties("disabled", enabled=False).enabled is False
    with refused(HttpResponseError, 403, "SecretDisabled"):
        vault.get_secret("disabled")
    assert [item.enabled for item in vault.list_properties_of_secrets() if item.name == "disabled"] == [False]
    vault.update_secret_properties("disabled", enabled=True)
    assert vault.get_secret("disabled").value == "value"


@feature("not-before and expiry")
def validity():
    past, future = datetime(2001, 2, 3, 4, 5, 6, tzinfo=timezone.utc), datetime(2040, 2, 3, tzinfo=timezone.utc)
    vault.set_secret("expired", "value", expires_on=past)
    vault.set_secret("not-yet", "value", not_before=future)
    # The service does not enforce either.
    assert vault.get_secret("expired").properties.expires_on == past
    got = vault.get_secret("not-yet")
    assert (got.value, got.properties.not_before) == ("value", future), got.properties.not_before
