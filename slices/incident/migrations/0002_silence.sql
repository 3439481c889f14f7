CREATE TABLE incident_heard (
  unit TEXT NOT NULL,
  position BIGINT NOT NULL,
  area TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (unit, position)
);
CREATE INDEX incident_heard_in ON incident_heard (area, unit);
CREATE TABLE incident_zeros (
  unit TEXT NOT NULL,
  day TEXT NOT NULL,
  position BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (unit, day, position)
);
CREATE TABLE incident_watches (
  id TEXT PRIMARY KEY,
  since BIGINT NOT NULL,
  until_at BIGINT NOT NULL,
  state TEXT NOT NULL
);
