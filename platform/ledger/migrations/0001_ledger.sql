CREATE TABLE ledger_entries (
  position BIGINT PRIMARY KEY,
  origin TEXT NOT NULL,
  seq BIGINT NOT NULL,
  realm TEXT NOT NULL,
  hlc BIGINT NOT NULL,
  recorded_at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  stream TEXT NOT NULL,
  version BIGINT NOT NULL,
  kind TEXT NOT NULL,
  area TEXT NOT NULL,
  body TEXT NOT NULL,
  prev BYTEA NOT NULL,
  hash BYTEA NOT NULL,
  UNIQUE (origin, seq),
  UNIQUE (stream, origin, version)
);
CREATE INDEX ledger_entries_stream ON ledger_entries (stream, position);
CREATE INDEX ledger_entries_kind ON ledger_entries (kind, position);
CREATE TABLE ledger_heads (
  origin TEXT PRIMARY KEY,
  seq BIGINT NOT NULL,
  hash BYTEA NOT NULL,
  hlc BIGINT NOT NULL,
  position BIGINT NOT NULL,
  tree_size BIGINT NOT NULL,
  frontier BYTEA NOT NULL,
  checkpoint BYTEA NOT NULL
);
CREATE TABLE ledger_checkpoints (
  origin TEXT NOT NULL,
  size BIGINT NOT NULL,
  root BYTEA NOT NULL,
  head BYTEA NOT NULL,
  signed_at BIGINT NOT NULL,
  previous BYTEA NOT NULL,
  signature TEXT NOT NULL,
  PRIMARY KEY (origin, size)
);
CREATE TABLE ledger_idempotency (
  actor TEXT NOT NULL,
  key TEXT NOT NULL,
  request BYTEA NOT NULL,
  response TEXT NOT NULL,
  kept_at BIGINT NOT NULL,
  PRIMARY KEY (actor, key)
);
CREATE TABLE ledger_seal_keys (
  subject TEXT PRIMARY KEY,
  wrapped BYTEA NOT NULL,
  created_at BIGINT NOT NULL
);
