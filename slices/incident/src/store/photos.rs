//! Photos: which incident holds which, and what was sent but not used yet.

use anlan_foundation::Timestamp;
use anlan_store::{Row, StoreError, Tx, params, sql};

use crate::facts::Attachment;

/// A photo in an incident.
#[derive(Debug, Clone)]
pub struct HeldPhoto {
    /// Id of the incident.
    pub incident: String,
    /// Its division.
    pub area: String,
    /// The photo.
    pub photo: Attachment,
}

fn photo(row: &Row<'_>, index: usize) -> Result<Attachment, StoreError> {
    let text: String = row.get(index)?;
    serde_json::from_str(&text).map_err(|error| StoreError::Value(error.to_string()))
}

/// Where a photo is held.
pub fn photo_in(tx: &mut Tx<'_>, digest: &str) -> Result<Vec<HeldPhoto>, StoreError> {
    tx.query(
        sql!(
            "SELECT incident, area, photo FROM incident_photos WHERE digest = $1 ORDER BY incident LIMIT 200"
        ),
        params![digest],
        |row| {
            Ok(HeldPhoto {
                incident: row.get(0)?,
                area: row.get(1)?,
                photo: photo(row, 2)?,
            })
        },
    )
}

/// Whether an entry names a photo.
pub fn is_named(tx: &mut Tx<'_>, digest: &str) -> Result<bool, StoreError> {
    Ok(!photo_in(tx, digest)?.is_empty())
}

/// The photos that entries name, after one, in the order of their names.
pub fn names_of_photos(tx: &mut Tx<'_>, after: &str) -> Result<Vec<String>, StoreError> {
    tx.query(
        sql!("SELECT DISTINCT digest FROM incident_photos WHERE digest > $1 ORDER BY digest LIMIT 1000"),
        params![after],
        |row| row.get(0),
    )
}

/// Remembers who sent a photo; sending it again renews the memory.
pub fn keep_upload(
    tx: &mut Tx<'_>,
    account: &str,
    attachment: &Attachment,
    now: Timestamp,
) -> Result<(), StoreError> {
    let text = serde_json::to_string(attachment).map_err(|error| StoreError::Value(error.to_string()))?;
    tx.execute(
        sql!(
            "INSERT INTO incident_uploads (digest, account, photo, uploaded_at)
             VALUES ($1, $2, $3, $4)
             ON CONFLICT (digest, account) DO UPDATE
             SET photo = excluded.photo, uploaded_at = excluded.uploaded_at"
        ),
        params![attachment.digest, account, text, now],
    )?;
    Ok(())
}

/// What an account sent under this name.
pub fn upload_of(tx: &mut Tx<'_>, account: &str, digest: &str) -> Result<Option<Attachment>, StoreError> {
    tx.first(
        sql!("SELECT photo FROM incident_uploads WHERE digest = $1 AND account = $2"),
        params![digest, account],
        |row| photo(row, 0),
    )
}

/// Photos that were sent before an instant.
pub fn stale_uploads(tx: &mut Tx<'_>, before: Timestamp) -> Result<Vec<String>, StoreError> {
    tx.query(
        sql!(
            "SELECT digest
             FROM incident_uploads
             GROUP BY digest
             HAVING MAX(uploaded_at) < $1
             ORDER BY digest
             LIMIT 200"
        ),
        params![before],
        |row| row.get(0),
    )
}

/// Forgets who sent a photo.
pub fn forget_upload(tx: &mut Tx<'_>, digest: &str) -> Result<u64, StoreError> {
    tx.execute(
        sql!("DELETE FROM incident_uploads WHERE digest = $1"),
        params![digest],
    )
}
