from report import feature
from room import client, client_secret

vault = client(client_secret())
NAMES = {f"page-{number:02}" for number in range(60)}


def listed(most, **options):
    pages = [list(page) for page in vault.list_properties_of_secrets(**options).by_page()]
    assert all(len(page) <= most for page in pages), [len(page) for page in pages]
    items = [item for page in pages for item in page if item.name.startswith("page-")]
    assert len(items) == 60 and {item.name for item in items} == NAMES, len(items)
    assert all(item.version is None and item.content_type == "t" for item in items)
    assert len(pages) >= 60 / most


@feature("60 secrets in pages")
def pages():
    for name in NAMES:
        vault.set_secret(name, "value", content_type="t")
    listed(25)


@feature("60 secrets in pages of 7")
def small_pages():
    listed(7, max_page_size=7)


@feature("30 versions")
def versions():
    written = {vault.set_secret("thirty", str(number)).properties.version: str(number) for number in range(30)}
    found = [item.version for item in vault.list_properties_of_secret_versions("thirty")]
    assert len(found) == 30 and set(found) == set(written)
    assert {version: vault.get_secret("thirty", version).value for version in found} == written


@feature("versions of an unknown name")
def versions_of_none():
    assert list(vault.list_properties_of_secret_versions("absent")) == []
