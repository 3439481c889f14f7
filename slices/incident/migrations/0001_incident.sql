CREATE TABLE incident_incidents (
  id TEXT PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  area TEXT NOT NULL,
  is_open BOOLEAN NOT NULL,
  status TEXT NOT NULL,
  event_class TEXT NOT NULL,
  grade TEXT NOT NULL,
  received_at BIGINT NOT NULL,
  next_due_at BIGINT NOT NULL,
  next_alarm_at BIGINT,
  version BIGINT NOT NULL,
  search_text TEXT NOT NULL
);
CREATE INDEX incident_open ON incident_incidents (is_open, next_due_at);
CREATE INDEX incident_recent ON incident_incidents (received_at, id);
CREATE INDEX incident_by_area ON incident_incidents (area);
CREATE INDEX incident_alarm ON incident_incidents (next_alarm_at);
CREATE TABLE incident_states (
  id TEXT PRIMARY KEY,
  state TEXT NOT NULL
);
CREATE TABLE incident_versions (
  id TEXT NOT NULL,
  position BIGINT NOT NULL,
  until_position BIGINT NOT NULL,
  area TEXT NOT NULL,
  is_open BOOLEAN NOT NULL,
  status TEXT NOT NULL,
  event_class TEXT NOT NULL,
  grade TEXT NOT NULL,
  received_at BIGINT NOT NULL,
  next_due_at BIGINT NOT NULL,
  PRIMARY KEY (id, position)
);
CREATE INDEX incident_versions_until ON incident_versions (until_position);
CREATE TABLE incident_photos (
  digest TEXT NOT NULL,
  incident TEXT NOT NULL,
  area TEXT NOT NULL,
  photo TEXT NOT NULL,
  PRIMARY KEY (digest, incident)
);
CREATE TABLE incident_uploads (
  digest TEXT NOT NULL,
  account TEXT NOT NULL,
  photo TEXT NOT NULL,
  uploaded_at BIGINT NOT NULL,
  PRIMARY KEY (digest, account)
);
CREATE TABLE incident_drafts (
  id TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  draft TEXT NOT NULL,
  saved_at BIGINT NOT NULL
);
CREATE INDEX incident_drafts_of ON incident_drafts (account, saved_at);
