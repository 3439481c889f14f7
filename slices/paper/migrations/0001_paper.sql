CREATE TABLE paper_papers (
  id TEXT PRIMARY KEY,
  area TEXT NOT NULL,
  unit TEXT NOT NULL,
  incident TEXT,
  kind TEXT NOT NULL,
  state_word TEXT NOT NULL,
  series TEXT NOT NULL,
  year BIGINT,
  number BIGINT,
  digest TEXT,
  next_alarm_at BIGINT,
  drafted_at BIGINT NOT NULL,
  state TEXT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX paper_incident ON paper_papers (incident, drafted_at);
CREATE INDEX paper_recent ON paper_papers (drafted_at, id);
CREATE INDEX paper_alarm ON paper_papers (next_alarm_at);
CREATE INDEX paper_digest ON paper_papers (digest);
CREATE INDEX paper_number ON paper_papers (unit, series, year, number);
