CREATE TABLE org_rosters (
  unit TEXT PRIMARY KEY,
  version BIGINT NOT NULL
);
CREATE INDEX org_duty_since ON org_duty (unit, since);
