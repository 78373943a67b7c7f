from concurrent.futures import ThreadPoolExecutor

from report import feature
from room import client, client_secret


@feature("100 secrets at once")
def at_once():
    vault = client(client_secret())

    def write_and_read(number):
        written = vault.set_secret(f"load-{number}", str(number))
        read = vault.get_secret(f"load-{number}")
        return read.value == str(number) and read.id == written.id

    with ThreadPoolExecutor(100) as threads:
        assert all(threads.map(write_and_read, range(100)))
    assert sum(item.name.startswith("load-") for item in vault.list_properties_of_secrets()) == 100
