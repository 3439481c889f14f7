CREATE TABLE resource_records (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  class TEXT NOT NULL,
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  initials TEXT NOT NULL,
  area TEXT NOT NULL,
  readiness TEXT NOT NULL,
  people BIGINT NOT NULL,
  capacity BIGINT NOT NULL,
  area_m2 BIGINT NOT NULL,
  lon DOUBLE PRECISION,
  lat DOUBLE PRECISION,
  as_of BIGINT NOT NULL,
  retired BOOLEAN NOT NULL,
  state TEXT NOT NULL,
  version BIGINT NOT NULL
);
CREATE UNIQUE INDEX resource_code ON resource_records (kind, code);
CREATE INDEX resource_area ON resource_records (kind, area, code);
CREATE TABLE resource_documents (
  record TEXT NOT NULL,
  place BIGINT NOT NULL,
  area TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  holder TEXT NOT NULL,
  valid_to BIGINT NOT NULL,
  PRIMARY KEY (record, place)
);
CREATE INDEX resource_expiry ON resource_documents (valid_to);
CREATE TABLE resource_rosters (
  record TEXT PRIMARY KEY,
  members BIGINT NOT NULL,
  sealed TEXT NOT NULL
);
CREATE TABLE resource_logs (
  record TEXT NOT NULL,
  position BIGINT NOT NULL,
  at BIGINT NOT NULL,
  state TEXT NOT NULL,
  PRIMARY KEY (record, position)
);
CREATE TABLE resource_advice (
  id TEXT PRIMARY KEY,
  incident TEXT NOT NULL,
  expert TEXT NOT NULL,
  asked_at BIGINT NOT NULL,
  score BIGINT,
  state TEXT NOT NULL
);
CREATE INDEX resource_advice_incident ON resource_advice (incident, asked_at);
CREATE INDEX resource_advice_expert ON resource_advice (expert);
CREATE TABLE resource_flights (
  id TEXT PRIMARY KEY,
  aircraft TEXT NOT NULL,
  incident TEXT,
  area TEXT NOT NULL,
  answer_due_at BIGINT,
  applied_at BIGINT NOT NULL,
  state TEXT NOT NULL
);
CREATE INDEX resource_flight_due ON resource_flights (answer_due_at);
CREATE INDEX resource_flight_recent ON resource_flights (applied_at);
