ALTER TABLE org_accounts ADD COLUMN must_change BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE org_accounts ADD COLUMN totp TEXT;
ALTER TABLE org_accounts ADD COLUMN recovery TEXT;
ALTER TABLE org_accounts ADD COLUMN pin TEXT;
CREATE INDEX org_accounts_person ON org_accounts (person);
CREATE TABLE org_tokens (
  id TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  name TEXT NOT NULL,
  digest TEXT NOT NULL UNIQUE,
  operations TEXT NOT NULL,
  area TEXT NOT NULL,
  issued_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  revoked_at BIGINT
);
CREATE INDEX org_tokens_account ON org_tokens (account);
DROP TABLE org_sessions;
CREATE TABLE org_sessions (
  token BYTEA PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  account TEXT NOT NULL,
  client TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX org_sessions_account ON org_sessions (account);
CREATE TABLE org_totp_pending (
  account TEXT PRIMARY KEY,
  secret TEXT NOT NULL,
  made_at BIGINT NOT NULL
);
CREATE TABLE org_totp_steps (
  account TEXT PRIMARY KEY,
  step BIGINT NOT NULL
);
