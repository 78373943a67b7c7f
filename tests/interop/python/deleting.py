import time
from datetime import timedelta

from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceNotFoundError

from report import feature, refused
from room import URL, client, client_secret

vault = client(client_secret())
PATIENCE = 30


def settled(poller):
    # `result()` does not wait; `wait()` without a limit can hang for ever.
    poller.wait(PATIENCE)
    assert poller.done()
    return poller.result()


@feature("delete")
def delete():
    vault.set_secret("doomed", "1")
    vault.set_secret("doomed", "2")
    gone = settled(vault.begin_delete_secret("doomed"))
    assert gone.recovery_id == f"{URL}/deletedsecrets/doomed", gone.recovery_id
    assert gone.scheduled_purge_date - gone.deleted_date == timedelta(days=90)
    with refused(ResourceNotFoundError, 404, "SecretNotFound"):
        vault.get_secret("doomed")
    assert vault.get_deleted_secret("doomed").recovery_id == gone.recovery_id
    assert "doomed" not in [item.name for item in vault.list_properties_of_secrets()]


@feature("deleted secrets in a list")
def deleted_list():
    vault.set_secret("doomed-too", "1")
    settled(vault.begin_delete_secret("doomed-too"))
    assert {"doomed", "doomed-too"} <= {item.name for item in vault.list_deleted_secrets()}


@feature("set on a deleted name")
def name_is_taken():
    with refused(ResourceExistsError, 409, "ObjectIsDeletedButRecoverable"):
        vault.set_secret("DOOMED", "3")


@feature("recover")
def recover():
    settled(vault.begin_recover_deleted_secret("doomed"))
    assert vault.get_secret("doomed").value == "2"
    assert len(list(vault.list_properties_of_secret_versions("doomed"))) == 2
    with refused(ResourceNotFoundError, 404, "SecretNotFound"):
        vault.get_deleted_secret("doomed")


def until_free(write):
    """After a purge no call tells when the name is free again; writing says 409 until then."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return write()
        except ResourceExistsError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


@feature("purge")
def purge():
    settled(vault.begin_delete_secret("doomed"))
    vault.purge_deleted_secret("doomed")
    with refused(ResourceNotFoundError, 404, "SecretNotFound"):
        vault.get_deleted_secret("doomed")
    until_free(lambda: vault.set_secret("doomed", "new"))
    assert len(list(vault.list_properties_of_secret_versions("doomed"))) == 1


@feature("backup and restore")
def backup():
    first = vault.set_secret("kept", "1", tags={"a": "b"}).properties.version
    vault.set_secret("kept", "2")
    blob = vault.backup_secret("kept")
    settled(vault.begin_delete_secret("kept"))
    with refused(ResourceExistsError, 409, "ObjectIsDeletedButRecoverable"):
        vault.restore_secret_backup(blob)
    vault.purge_deleted_secret("kept")
    restored = until_free(lambda: vault.restore_secret_backup(blob))
    assert restored.name == "kept" and vault.get_secret("kept").value == "2"
    got = vault.get_secret("kept", first)
    assert (got.value, got.properties.tags) == ("1", {"a": "b"})


@feature("restore over a secret")
def restore_over():
    vault.set_secret("there", "1")
    blob = vault.backup_secret("there")
    with refused(ResourceExistsError, 409, "Conflict"):
        vault.restore_secret_backup(blob)
    assert vault.get_secret("there").value == "1"


@feature("damaged backup")
def damaged():
    with refused(HttpResponseError, 400, "Malformed backup blob"):
        vault.restore_secret_backup(b"nonsense")
