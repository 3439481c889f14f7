CREATE TABLE org_divisions (
  code TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  level TEXT NOT NULL,
  parent TEXT NOT NULL,
  full_name TEXT NOT NULL,
  initials TEXT NOT NULL,
  lon DOUBLE PRECISION,
  lat DOUBLE PRECISION
);
CREATE INDEX org_divisions_parent ON org_divisions (parent, code);
CREATE TABLE org_units (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  short_name TEXT NOT NULL,
  kind TEXT NOT NULL,
  department TEXT,
  division TEXT NOT NULL,
  superior TEXT,
  version BIGINT NOT NULL
);
CREATE INDEX org_units_division ON org_units (division, kind);
CREATE TABLE org_relations (
  from_unit TEXT NOT NULL,
  to_unit TEXT NOT NULL,
  kind TEXT NOT NULL,
  PRIMARY KEY (from_unit, to_unit, kind)
);
CREATE TABLE org_people (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  unit TEXT NOT NULL,
  title TEXT NOT NULL,
  mobile TEXT,
  area TEXT NOT NULL
);
CREATE INDEX org_people_unit ON org_people (unit);
CREATE TABLE org_duty (
  unit TEXT NOT NULL,
  person TEXT NOT NULL,
  role TEXT NOT NULL,
  since BIGINT NOT NULL,
  until BIGINT NOT NULL,
  PRIMARY KEY (unit, person, role, since)
);
CREATE TABLE org_bodies (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  division TEXT NOT NULL,
  members TEXT NOT NULL
);
CREATE TABLE org_accounts (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  display_name TEXT NOT NULL,
  person TEXT,
  unit TEXT,
  post TEXT,
  grants TEXT NOT NULL,
  password TEXT NOT NULL,
  disabled BOOLEAN NOT NULL,
  version BIGINT NOT NULL
);
CREATE TABLE org_sessions (
  token BYTEA PRIMARY KEY,
  account TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX org_sessions_account ON org_sessions (account);
CREATE TABLE org_attempts (
  account_name TEXT PRIMARY KEY,
  failed BIGINT NOT NULL,
  locked_until BIGINT NOT NULL
);
