-- Lists of secrets are by age, and look for names.
CREATE INDEX IF NOT EXISTS secret_age ON secret (created, id, private, owner_id);
CREATE INDEX IF NOT EXISTS secret_name ON secret (name, private, owner_id)
