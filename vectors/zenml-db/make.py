#!/usr/bin/env python3
"""Remakes the databases in this folder with ZenML itself.

How to run, once with each version of ZenML, in environments of their own
(Python 3.11):

    python -m venv zenml098
    zenml098/bin/pip install 'zenml[local]==0.98.0' cryptography
    zenml098/bin/python vectors/zenml-db/make.py

    python -m venv zenml044
    zenml044/bin/pip install 'zenml==0.44.1' 'sqlmodel==0.0.8' \
        'bcrypt==4.0.1' 'setuptools<81' cryptography
    zenml044/bin/python vectors/zenml-db/make.py

For each version it writes two SQL dumps of the tables that keep users and
secrets (`plain`, `encrypted`), and `VERSION.json` with what ZenML reads from
them. With 0.98, `pymysql` and an empty database of a MariaDB server named in
VECTORS_MYSQL_URL (mysql://USER:PASSWORD@HOST:PORT/NAME), it also writes
`mysql`, by `mariadb-dump`. Every row is ZenML's own; ids, times and
initialisation vectors are others in each run.
"""

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).resolve().parent
KEY = "the-encryption-key-of-the-vectors"
TABLES = ["workspace", "project", "user", "secret"]
ROLES = ["identity", "role", "role_permission", "user_role_assignment"]
ROLES += ["team", "team_assignment", "team_role_assignment"]
SECRETS = [
    # owner, name, private, values
    ("default", "plain", False, {"user": "ann", "password": "\u00e9\n\U0001f511"}),
    ("default", "plain", True, {"mine": "1"}),
    ("default", "empty", False, {}),
    ("ann", "plain", True, {"hers": "2"}),
    ("ann", "many", False, {f"key_{n}": "v" * n for n in range(40)}),
    ("ann", "odd", False, {"quote": "\"'`{{a.b}}", "blank": "", "nul": "\x00"}),
]


def write_with_098():
    """Users and secrets of ZenML 0.98."""
    from zenml.client import Client
    from zenml.models import SecretRequest
    from sqlmodel import Session
    from zenml.zen_stores.sql_zen_store import SqlZenStore

    client = Client()
    users = {"default": client.active_user}
    users["ann"] = client.create_user("ann", password="her-own-password")
    client.create_service_account("robot", description="trains")
    acting = SqlZenStore._get_active_user
    for owner, name, private, values in SECRETS:
        SqlZenStore._get_active_user = lambda *_, **__: users[owner]
        request = SecretRequest(name=name, private=private, values=values)
        client.zen_store.create_secret(request)
    # as a service connector keeps its credentials
    request = SecretRequest(name="connector", values={"token": "t"})
    store = client.zen_store
    with Session(store.engine) as session:
        store._set_request_user_id(request_model=request, session=session)
        store._create_secret_schema(request, session=session, internal=True)
    SqlZenStore._get_active_user = acting


def write_with_044():
    """Users and secrets of ZenML 0.44."""
    from zenml.client import Client
    from zenml.enums import SecretScope
    from zenml.models import SecretRequestModel

    client = Client()
    users = {"default": client.active_user}
    users["ann"] = client.create_user("ann", password="her-own-password")
    other = client.create_workspace("other", "another one")
    store = client.zen_store.secrets_store
    rows = [(client.active_workspace, row) for row in SECRETS]
    rows.append((other, ("default", "plain", False, {"else": "3"})))
    for workspace, (owner, name, private, values) in rows:
        scope = SecretScope.USER if private else SecretScope.WORKSPACE
        store.create_secret(
            SecretRequestModel(
                name=name,
                scope=scope,
                values=values,
                user=users[owner].id,
                workspace=workspace.id,
            )
        )


def write_roles():
    """Users of ZenML 0.44 whose names say what roles they have."""
    from zenml.client import Client
    from zenml.enums import PermissionType
    from zenml.models import UserRoleAssignmentRequestModel

    client = Client()
    client.create_role("painter", [PermissionType.WRITE.value])
    client.create_role("watcher", [PermissionType.READ.value])
    client.create_role("nothing", [PermissionType.ME.value])
    for roles in [
        ["admin"],
        ["guest"],
        ["painter"],
        ["watcher"],
        ["nothing"],
        ["guest", "painter"],
        ["watcher", "admin"],
        [],
    ]:
        name = "-".join(roles) or "none"
        client.create_user(name, password="a-password-of-theirs")
        for role in roles:
            client.create_user_role_assignment(role, name)
    client.create_user("workspace", password="a-password-of-theirs")
    # the client of 0.44 cannot say in which workspace
    client.zen_store.create_user_role_assignment(
        UserRoleAssignmentRequestModel(
            role=client.get_role("admin").id,
            user=client.get_user("workspace").id,
            workspace=client.active_workspace.id,
        )
    )
    client.create_user("member", password="a-password-of-theirs")
    client.create_team("team", users=["member"])
    client.create_team_role_assignment("admin", "team")


def read_098(ids):
    """Every secret as ZenML 0.98 reads it."""
    from zenml.client import Client

    store = Client().zen_store.secrets_store
    return {secret: store.get_secret_values(secret) for secret in ids}


def read_044(ids):
    """Every secret as ZenML 0.44 reads it."""
    from zenml.client import Client

    store = Client().zen_store.secrets_store
    return {secret: store.get_secret(secret).secret_values for secret in ids}


def dump(database, path, tables=TABLES):
    """The tables of users and secrets, as SQL."""
    source = sqlite3.connect(database)
    copy = sqlite3.connect(":memory:")
    for table in tables:
        found = source.execute(
            "SELECT sql FROM sqlite_master WHERE name = ?", [table]
        ).fetchone()
        if found:
            copy.execute(found[0])
            for row in source.execute(f'SELECT * FROM "{table}"'):
                marks = ", ".join("?" * len(row))
                copy.execute(f'INSERT INTO "{table}" VALUES ({marks})', row)
    copy.commit()
    text = "\n".join(copy.iterdump()) + "\n"
    path.write_text(text, encoding="utf-8")


def dump_mysql(path):
    """The same tables of a MariaDB server; the ids of all secrets."""
    import uuid
    from urllib.parse import urlparse

    import pymysql

    url = urlparse(os.environ["ZENML_STORE_URL"])
    name = url.path.strip("/")
    tables = [table for table in TABLES if table != "workspace"]
    words = ["mariadb-dump", "--no-defaults", "--compact", "--hex-blob"]
    words += ["--skip-extended-insert", "--complete-insert", "--protocol=tcp"]
    words += ["-h", url.hostname, "-P", str(url.port), "-u", url.username]
    environment = {**os.environ, "MYSQL_PWD": url.password or ""}
    text = subprocess.run(
        [*words, name, *tables], env=environment, check=True, stdout=subprocess.PIPE
    ).stdout.decode()
    path.write_text(text, encoding="utf-8")
    connection = pymysql.connect(
        host=url.hostname,
        port=url.port,
        user=url.username,
        password=url.password or "",
        database=name,
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM secret")
        return [uuid.UUID(row[0]) for row in cursor.fetchall()]


def make(form):
    """One database, in this process; `form` is `plain` or `encrypted`."""
    import uuid

    import zenml

    is_new = not zenml.__version__.startswith("0.44")
    if form == "roles":
        write_roles()
        database = os.environ["ZENML_STORE_URL"].removeprefix("sqlite:///")
        path = HERE / f"{zenml.__version__}-{form}.sql"
        dump(database, path, TABLES + ROLES)
        return
    (write_with_098 if is_new else write_with_044)()
    wrote = zenml.__version__
    if form == "mysql":
        ids = dump_mysql(HERE / f"{wrote}-{form}.sql")
    else:
        database = os.environ["ZENML_STORE_URL"].removeprefix("sqlite:///")
        dump(database, HERE / f"{wrote}-{form}.sql")
        rows = sqlite3.connect(database).execute("SELECT id FROM secret")
        ids = [uuid.UUID(row[0]) for row in rows]
    read = (read_098 if is_new else read_044)(ids)
    path = HERE / f"{wrote}.json"
    known = json.loads(path.read_text()) if path.exists() else {}
    known[form] = {str(secret): values for secret, values in read.items()}
    path.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n")
    print(f"{wrote}-{form}: {len(ids)} secrets")


if __name__ == "__main__":
    if len(sys.argv) == 2:
        make(sys.argv[1])
        sys.exit()
    mysql = os.environ.get("VECTORS_MYSQL_URL")
    forms = ["plain", "encrypted"] + (["mysql"] if mysql else [])
    if version("zenml").startswith("0.44"):
        forms.append("roles")
    for form in forms:
        with tempfile.TemporaryDirectory() as home:
            environment = {
                **os.environ,
                "ZENML_CONFIG_PATH": home,
                "ZENML_ANALYTICS_OPT_IN": "false",
                "ZENML_LOGGING_VERBOSITY": "ERROR",
                "ZENML_STORE_URL": f"sqlite:///{home}/zenml.db",
            }
            if form == "mysql":
                environment["ZENML_STORE_URL"] = mysql
            if form == "encrypted":
                environment["ZENML_SECRETS_STORE_TYPE"] = "sql"
                environment["ZENML_SECRETS_STORE_ENCRYPTION_KEY"] = KEY
            subprocess.run(
                [sys.executable, __file__, form], env=environment, check=True
            )
