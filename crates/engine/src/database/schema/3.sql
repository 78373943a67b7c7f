-- Tokens that were ended before they expired, until they would have.
CREATE TABLE IF NOT EXISTS ended_token (
    id {id} PRIMARY KEY,
    until {int} NOT NULL
){options};
-- When the program that waits with a device code last asked.
CREATE TABLE IF NOT EXISTS device_poll (
    device_id {id} PRIMARY KEY,
    at {int} NOT NULL
){options};
