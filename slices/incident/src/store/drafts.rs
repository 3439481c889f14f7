//! Drafts are not legal facts, so they are no entries.

use anlan_foundation::Timestamp;
use anlan_store::{StoreError, Tx, params, sql};

/// Keeps a draft; touches nothing where it belongs to another account.
pub fn save_draft(
    tx: &mut Tx<'_>,
    id: &str,
    account: &str,
    draft: &str,
    now: Timestamp,
) -> Result<u64, StoreError> {
    tx.execute(
        sql!(
            "INSERT INTO incident_drafts (id, account, draft, saved_at)
             VALUES ($1, $2, $3, $4)
             ON CONFLICT (id) DO UPDATE
             SET draft = excluded.draft, saved_at = excluded.saved_at
             WHERE incident_drafts.account = excluded.account"
        ),
        params![id, account, draft, now],
    )
}

/// Whose draft it is.
pub fn draft_owner(tx: &mut Tx<'_>, id: &str) -> Result<Option<String>, StoreError> {
    tx.first(
        sql!("SELECT account FROM incident_drafts WHERE id = $1"),
        params![id],
        |row| row.get(0),
    )
}

/// How many drafts an account keeps.
pub fn count_drafts(tx: &mut Tx<'_>, account: &str) -> Result<u64, StoreError> {
    let counted = tx.first(
        sql!("SELECT COUNT(*) FROM incident_drafts WHERE account = $1"),
        params![account],
        |row| row.get(0),
    )?;
    Ok(counted.unwrap_or(0))
}

/// The drafts of an account, the newest first.
pub fn drafts(tx: &mut Tx<'_>, account: &str) -> Result<Vec<(String, String, Timestamp)>, StoreError> {
    tx.query(
        sql!("SELECT id, draft, saved_at FROM incident_drafts WHERE account = $1 ORDER BY saved_at DESC LIMIT 50"),
        params![account],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )
}

/// Forgets a draft of an account.
pub fn delete_draft(tx: &mut Tx<'_>, id: &str, account: &str) -> Result<u64, StoreError> {
    tx.execute(
        sql!("DELETE FROM incident_drafts WHERE id = $1 AND account = $2"),
        params![id, account],
    )
}
