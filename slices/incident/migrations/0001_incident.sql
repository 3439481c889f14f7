CREATE TABLE incident_incidents (
  id TEXT PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  area TEXT NOT NULL,
  is_open BOOLEAN NOT NULL,
  event_class TEXT NOT NULL,
  search_text TEXT NOT NULL,
  received_at BIGINT NOT NULL,
  next_due_at BIGINT,
  next_alarm_at BIGINT,
  state TEXT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX incident_open ON incident_incidents (is_open, area, next_due_at);
CREATE INDEX incident_recent ON incident_incidents (received_at, id);
CREATE INDEX incident_alarm ON incident_incidents (next_alarm_at);
CREATE TABLE incident_drafts (
  id TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  draft TEXT NOT NULL,
  saved_at BIGINT NOT NULL
);
