CREATE INDEX incident_versions_at ON incident_versions (position);
