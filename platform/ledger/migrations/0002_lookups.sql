CREATE INDEX ledger_entries_recorded ON ledger_entries (recorded_at, position);
CREATE INDEX ledger_idempotency_kept ON ledger_idempotency (kept_at);
