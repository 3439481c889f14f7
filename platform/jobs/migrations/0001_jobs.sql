CREATE TABLE jobs_timers (
  job TEXT NOT NULL,
  subject TEXT NOT NULL,
  due_at BIGINT NOT NULL,
  PRIMARY KEY (job, subject)
);
CREATE INDEX jobs_timers_due ON jobs_timers (job, due_at, subject);
CREATE TABLE jobs_presence (
  id BIGINT PRIMARY KEY,
  came_up_at BIGINT NOT NULL,
  alive_at BIGINT NOT NULL
);
CREATE TABLE jobs_outages (
  down_since BIGINT NOT NULL,
  up_at BIGINT NOT NULL,
  PRIMARY KEY (down_since, up_at)
);
CREATE INDEX jobs_outages_up ON jobs_outages (up_at);
