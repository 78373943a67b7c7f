-- {int} {id} {name} {text} {blob}: each database's own words, in schema.rs. Times are microseconds since 1970, ids text.
CREATE TABLE IF NOT EXISTS setting (
    name {id} PRIMARY KEY,
    content {blob} NOT NULL
){options};
CREATE TABLE IF NOT EXISTS audit_head (
    id {int} PRIMARY KEY,
    seq {int} NOT NULL,
    hash {blob} NOT NULL,
    changes {int} NOT NULL
){options};
CREATE TABLE IF NOT EXISTS audit (
    seq {int} PRIMARY KEY,
    at {int} NOT NULL,
    actor_id {id},
    actor {name} NOT NULL,
    action {id} NOT NULL,
    target_id {id},
    target {name} NOT NULL,
    revision {int},
    address {id} NOT NULL,
    request_id {name} NOT NULL,
    outcome {id} NOT NULL,
    hash {blob} NOT NULL
){options};
CREATE TABLE IF NOT EXISTS checkpoint (
    seq {int} PRIMARY KEY,
    at {int} NOT NULL,
    hash {blob} NOT NULL,
    signature {blob} NOT NULL
){options};
CREATE TABLE IF NOT EXISTS account (
    id {id} PRIMARY KEY,
    kind {id} NOT NULL,
    name {name} NOT NULL UNIQUE,
    full_name {name} NOT NULL,
    email {name},
    description {text} NOT NULL,
    role {id} NOT NULL,
    active {int} NOT NULL,
    password {text},
    password_changed {int},
    created {int} NOT NULL,
    updated {int} NOT NULL
){options};
CREATE TABLE IF NOT EXISTS api_key (
    id {id} PRIMARY KEY,
    account_id {id} NOT NULL REFERENCES account (id),
    name {name} NOT NULL,
    description {text} NOT NULL,
    active {int} NOT NULL,
    digest {blob} NOT NULL,
    previous {blob},
    previous_until {int},
    generation {int} NOT NULL,
    retain_minutes {int} NOT NULL,
    last_login {int},
    last_rotated {int},
    created {int} NOT NULL,
    updated {int} NOT NULL,
    UNIQUE (account_id, name)
){options};
CREATE TABLE IF NOT EXISTS device (
    id {id} PRIMARY KEY,
    client_id {id} NOT NULL,
    device_digest {blob} NOT NULL,
    user_digest {blob} NOT NULL,
    account_id {id},
    until {int} NOT NULL,
    created {int} NOT NULL
){options};
CREATE TABLE IF NOT EXISTS project (
    id {id} PRIMARY KEY,
    name {name} NOT NULL UNIQUE,
    display_name {name} NOT NULL,
    description {text} NOT NULL,
    created {int} NOT NULL,
    updated {int} NOT NULL
){options};
CREATE TABLE IF NOT EXISTS secret (
    id {id} PRIMARY KEY,
    realm {id} NOT NULL,
    name {name} NOT NULL,
    private {int} NOT NULL,
    owner_id {id} NOT NULL REFERENCES account (id),
    project_id {id} NOT NULL REFERENCES project (id),
    schema_name {name},
    revision {int} NOT NULL,
    created {int} NOT NULL,
    updated {int} NOT NULL,
    UNIQUE (realm, name)
){options};
CREATE TABLE IF NOT EXISTS revision (
    secret_id {id} NOT NULL REFERENCES secret (id),
    number {int} NOT NULL,
    author_id {id} NOT NULL,
    author {name} NOT NULL,
    created {int} NOT NULL,
    receipt {blob} NOT NULL,
    PRIMARY KEY (secret_id, number)
){options};
CREATE TABLE IF NOT EXISTS intent (
    secret_id {id} PRIMARY KEY,
    detail {text} NOT NULL,
    started {int} NOT NULL
){options};
