ALTER TABLE org_divisions ADD COLUMN retired_at BIGINT;
ALTER TABLE org_divisions ADD COLUMN successor TEXT;
ALTER TABLE org_divisions ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE org_units ADD COLUMN initials TEXT NOT NULL DEFAULT '';
ALTER TABLE org_units ADD COLUMN duty_phone TEXT;
ALTER TABLE org_units ADD COLUMN closed BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE org_relations ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE org_people ADD COLUMN initials TEXT NOT NULL DEFAULT '';
ALTER TABLE org_people ADD COLUMN contacts TEXT NOT NULL DEFAULT '[]';
ALTER TABLE org_people ADD COLUMN closed BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE org_people ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE org_bodies ADD COLUMN event_classes TEXT NOT NULL DEFAULT '[]';
ALTER TABLE org_bodies ADD COLUMN closed BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE org_bodies ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
CREATE INDEX org_duty_until ON org_duty (unit, until);
CREATE TABLE org_posts (
  id TEXT PRIMARY KEY,
  unit TEXT NOT NULL,
  title TEXT NOT NULL,
  rank BIGINT NOT NULL,
  holders TEXT NOT NULL,
  closed BOOLEAN NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX org_posts_unit ON org_posts (unit, rank);
CREATE TABLE org_grids (
  code TEXT PRIMARY KEY,
  village TEXT NOT NULL,
  name TEXT NOT NULL,
  workers TEXT NOT NULL,
  closed BOOLEAN NOT NULL,
  version BIGINT NOT NULL
);
CREATE TABLE org_households (
  code TEXT PRIMARY KEY,
  grid TEXT NOT NULL,
  label TEXT NOT NULL,
  size BIGINT NOT NULL,
  need_help BIGINT NOT NULL,
  members TEXT NOT NULL,
  closed BOOLEAN NOT NULL,
  version BIGINT NOT NULL
);
CREATE TABLE org_phone_index (
  digest TEXT NOT NULL,
  person TEXT NOT NULL,
  contact TEXT NOT NULL,
  PRIMARY KEY (digest, person, contact)
);
CREATE INDEX org_phone_index_person ON org_phone_index (person);
