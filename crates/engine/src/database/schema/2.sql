-- Changes that were asked for with an idempotency key, for a day.
CREATE TABLE IF NOT EXISTS request (
    id {id} PRIMARY KEY,
    secret_id {id} NOT NULL,
    revision {int} NOT NULL,
    at {int} NOT NULL
){options};
