CREATE TABLE finding_findings (
  id TEXT PRIMARY KEY,
  incident TEXT NOT NULL,
  unit TEXT NOT NULL,
  kind TEXT NOT NULL,
  area TEXT NOT NULL,
  state_word TEXT NOT NULL,
  raised_at BIGINT NOT NULL,
  next_at BIGINT,
  state TEXT NOT NULL,
  version BIGINT NOT NULL
);
CREATE UNIQUE INDEX finding_once ON finding_findings (incident, unit, kind);
CREATE INDEX finding_recent ON finding_findings (raised_at, id);
CREATE INDEX finding_next ON finding_findings (next_at);
CREATE TABLE finding_cursor (
  id TEXT PRIMARY KEY,
  position BIGINT NOT NULL
);
CREATE TABLE finding_due (
  incident TEXT PRIMARY KEY,
  due_at BIGINT NOT NULL
);
CREATE INDEX finding_due_at ON finding_due (due_at);
