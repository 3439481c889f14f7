//! Every SQL statement of the ledger.

use anlan_foundation::Timestamp;
use anlan_proof::{Checkpoint, Digest, Entry};
use anlan_store::{Migration, Row, StoreError, Tx, params, sql};

use crate::view::Recorded;

/// The ledger's own migrations.
pub const fn migrations() -> &'static [Migration] {
    &[
        Migration {
            name: "ledger/0001_ledger",
            sql: include_str!("../migrations/0001_ledger.sql"),
        },
        Migration {
            name: "ledger/0002_lookups",
            sql: include_str!("../migrations/0002_lookups.sql"),
        },
    ]
}

/// Where a node's feed stands.
#[derive(Debug, Clone)]
pub(crate) struct Head {
    pub(crate) seq: u64,
    pub(crate) hash: Digest,
    pub(crate) hlc: u64,
    pub(crate) position: u64,
    pub(crate) tree_size: u64,
    pub(crate) frontier: Vec<u8>,
    pub(crate) checkpoint: Digest,
}

/// Which entries to list.
#[derive(Debug, Clone, Default)]
pub struct EntryFilter {
    /// Only positions greater than this.
    pub after: u64,
    /// Only positions up to this; 0 means no bound.
    pub up_to: u64,
    /// Only areas from here …
    pub area_from: String,
    /// … to before here.
    pub area_before: String,
    /// Only this stream.
    pub stream: Option<String>,
    /// Only kinds that begin with this.
    pub kind_prefix: Option<String>,
    /// Only entries whose actor bears these words in name, account or unit.
    pub actor: Option<String>,
    /// Only entries recorded at or after this, microseconds since 1970 UTC.
    pub since: Option<i64>,
    /// Only entries recorded before this, microseconds since 1970 UTC.
    pub until: Option<i64>,
    /// At most this many.
    pub limit: u64,
    /// Newest first.
    pub newest_first: bool,
}

fn digest(row: &Row<'_>, index: usize) -> Result<Digest, StoreError> {
    Digest::from_slice(&row.get::<Vec<u8>>(index)?).map_err(|error| StoreError::Value(error.to_string()))
}

fn recorded(row: &Row<'_>) -> Result<Recorded, StoreError> {
    Ok(Recorded {
        position: row.get(0)?,
        entry: entry_of(row)?,
    })
}

fn entry_of(row: &Row<'_>) -> Result<Entry, StoreError> {
    let actor: String = row.get(6)?;
    Ok(Entry {
        origin: row.get(1)?,
        seq: row.get(2)?,
        realm: row.get(3)?,
        hlc: row.get(4)?,
        recorded_at: row.get(5)?,
        actor: serde_json::from_str(&actor).map_err(|error| StoreError::Value(error.to_string()))?,
        stream: row.get(7)?,
        version: row.get(8)?,
        kind: row.get(9)?,
        area: row.get(10)?,
        body: row.get(11)?,
        prev: digest(row, 12)?,
        hash: digest(row, 13)?,
    })
}

fn checkpoint(row: &Row<'_>) -> Result<Checkpoint, StoreError> {
    Ok(Checkpoint {
        origin: row.get(0)?,
        size: row.get(1)?,
        root: digest(row, 2)?,
        head: digest(row, 3)?,
        signed_at: row.get(4)?,
        previous: digest(row, 5)?,
        signature: row.get(6)?,
    })
}

pub(crate) fn start_feed(tx: &mut Tx<'_>, origin: &str) -> Result<(), StoreError> {
    tx.execute(
        sql!(
            "INSERT INTO ledger_heads (origin, seq, hash, hlc, position, tree_size, frontier, checkpoint)
             VALUES ($1, 0, $2, 0, 0, 0, $3, $2)
             ON CONFLICT (origin) DO NOTHING"
        ),
        params![origin, Digest::ZERO.as_bytes().to_vec(), Vec::<u8>::new()],
    )?;
    Ok(())
}

/// Where the feed of `origin` stands.
pub(crate) fn load_head(tx: &mut Tx<'_>, origin: &str) -> Result<Option<Head>, StoreError> {
    tx.first(
        sql!(
            "SELECT seq, hash, hlc, position, tree_size, frontier, checkpoint
             FROM ledger_heads
             WHERE origin = $1"
        ),
        params![origin],
        |row| {
            Ok(Head {
                seq: row.get(0)?,
                hash: digest(row, 1)?,
                hlc: row.get(2)?,
                position: row.get(3)?,
                tree_size: row.get(4)?,
                frontier: row.get(5)?,
                checkpoint: digest(row, 6)?,
            })
        },
    )
}

/// Takes the lock of the feed's head until the transaction ends.
pub(crate) fn lock_head(tx: &mut Tx<'_>, origin: &str) -> Result<(), StoreError> {
    tx.execute(
        sql!("UPDATE ledger_heads SET seq = seq WHERE origin = $1"),
        params![origin],
    )?;
    Ok(())
}

/// Position and sequence number of the newest entry of `origin`.
pub fn head(tx: &mut Tx<'_>, origin: &str) -> Result<(u64, u64), StoreError> {
    Ok(load_head(tx, origin)?.map_or((0, 0), |head| (head.position, head.seq)))
}

pub(crate) fn advance_head(tx: &mut Tx<'_>, recorded: &Recorded) -> Result<(), StoreError> {
    let entry = &recorded.entry;
    tx.execute(
        sql!("UPDATE ledger_heads SET seq = $2, hash = $3, hlc = $4, position = $5 WHERE origin = $1"),
        params![
            entry.origin,
            entry.seq,
            entry.hash.as_bytes().to_vec(),
            entry.hlc,
            recorded.position
        ],
    )?;
    Ok(())
}

pub(crate) fn save_tree(
    tx: &mut Tx<'_>,
    origin: &str,
    size: u64,
    frontier: &[u8],
    link: Digest,
) -> Result<(), StoreError> {
    tx.execute(
        sql!("UPDATE ledger_heads SET tree_size = $2, frontier = $3, checkpoint = $4 WHERE origin = $1"),
        params![origin, size, *frontier, link.as_bytes().to_vec()],
    )?;
    Ok(())
}

pub(crate) fn insert_entry(tx: &mut Tx<'_>, recorded: &Recorded, actor: &str) -> Result<(), StoreError> {
    let entry = &recorded.entry;
    tx.execute(
        sql!(
            "INSERT INTO ledger_entries (position, origin, seq, realm, hlc, recorded_at, actor, stream, version, kind,
                                         area, body, prev, hash)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
        ),
        params![
            recorded.position,
            entry.origin,
            entry.seq,
            entry.realm,
            entry.hlc,
            entry.recorded_at,
            actor,
            entry.stream,
            entry.version,
            entry.kind,
            entry.area,
            entry.body,
            entry.prev.as_bytes().to_vec(),
            entry.hash.as_bytes().to_vec()
        ],
    )?;
    Ok(())
}

/// The version of a stream: that of its newest entry. One step in an index, however long the stream is.
pub(crate) fn stream_version(tx: &mut Tx<'_>, stream: &str) -> Result<u64, StoreError> {
    let version = tx.first(
        sql!("SELECT version FROM ledger_entries WHERE stream = $1 ORDER BY position DESC LIMIT 1"),
        params![stream],
        |row| row.get(0),
    )?;
    Ok(version.unwrap_or(0))
}

/// The version of a stream in one feed.
pub(crate) fn own_version(tx: &mut Tx<'_>, stream: &str, origin: &str) -> Result<u64, StoreError> {
    let version = tx.first(
        sql!(
            "SELECT version
             FROM ledger_entries
             WHERE stream = $1 AND origin = $2
             ORDER BY version DESC
             LIMIT 1"
        ),
        params![stream, origin],
        |row| row.get(0),
    )?;
    Ok(version.unwrap_or(0))
}

/// A row's number, and what it holds or why it cannot be read.
pub(crate) type Raw<T> = (i64, Result<T, String>);

/// Rows of the ledger as they lie in the store, by position; one that cannot be read says why.
pub(crate) fn raw_entries(tx: &mut Tx<'_>, after: i64, limit: u64) -> Result<Vec<Raw<Entry>>, StoreError> {
    tx.query(
        sql!(
            "SELECT position, origin, seq, realm, hlc, recorded_at, actor, stream, version, kind, area, body, prev, hash
             FROM ledger_entries
             WHERE position > $1
             ORDER BY position
             LIMIT $2"
        ),
        params![after, limit],
        |row| {
            let read = entry_of(row).map_err(|error| error.to_string());
            Ok((row.get(0)?, read))
        },
    )
}

/// Checkpoints of a feed as they lie in the store; one that cannot be read says why.
pub(crate) fn raw_checkpoints(
    tx: &mut Tx<'_>,
    origin: &str,
    after: i64,
    limit: u64,
) -> Result<Vec<Raw<Checkpoint>>, StoreError> {
    tx.query(
        sql!(
            "SELECT origin, size, root, head, signed_at, previous, signature
             FROM ledger_checkpoints
             WHERE origin = $1 AND size > $2
             ORDER BY size
             LIMIT $3"
        ),
        params![origin, after, limit],
        |row| {
            let read = checkpoint(row).map_err(|error| error.to_string());
            Ok((row.get(1)?, read))
        },
    )
}

/// When the last entry before a stretch of a feed was recorded, and the first one after it.
pub(crate) fn times_around(
    tx: &mut Tx<'_>,
    origin: &str,
    first: u64,
    last: u64,
) -> Result<(Option<Timestamp>, Option<Timestamp>), StoreError> {
    let before = tx.first(
        sql!(
            "SELECT recorded_at FROM ledger_entries WHERE origin = $1 AND seq < $2 ORDER BY seq DESC LIMIT 1"
        ),
        params![origin, first],
        |row| row.get(0),
    )?;
    let after = tx.first(
        sql!("SELECT recorded_at FROM ledger_entries WHERE origin = $1 AND seq > $2 ORDER BY seq LIMIT 1"),
        params![origin, last],
        |row| row.get(0),
    )?;
    Ok((before, after))
}

/// Forgets kept answers older than `before`, at most 20,000 at a time; gives their number.
pub fn prune_responses(tx: &mut Tx<'_>, before: Timestamp) -> Result<u64, StoreError> {
    tx.execute(
        sql!(
            "DELETE FROM ledger_idempotency
             WHERE (actor, key) IN (
               SELECT actor, key FROM ledger_idempotency WHERE kept_at < $1 ORDER BY kept_at LIMIT 20000
             )"
        ),
        params![before],
    )
}

/// The entries of one stream up to a position, oldest first.
pub fn stream_entries(tx: &mut Tx<'_>, stream: &str, up_to: u64) -> Result<Vec<Recorded>, StoreError> {
    tx.query(
        sql!(
            "SELECT position, origin, seq, realm, hlc, recorded_at, actor, stream, version, kind, area, body, prev, hash
             FROM ledger_entries
             WHERE stream = $1 AND position <= $2
             ORDER BY position
             LIMIT 10000"
        ),
        params![stream, up_to],
        recorded,
    )
}

/// One entry by its feed and number.
pub fn entry(tx: &mut Tx<'_>, origin: &str, seq: u64) -> Result<Option<Recorded>, StoreError> {
    tx.first(
        sql!(
            "SELECT position, origin, seq, realm, hlc, recorded_at, actor, stream, version, kind, area, body, prev, hash
             FROM ledger_entries
             WHERE origin = $1 AND seq = $2"
        ),
        params![origin, seq],
        recorded,
    )
}

/// The newest entry of a feed.
pub fn newest(tx: &mut Tx<'_>, origin: &str) -> Result<Option<Recorded>, StoreError> {
    match load_head(tx, origin)? {
        Some(head) if head.seq > 0 => entry(tx, origin, head.seq),
        _ => Ok(None),
    }
}

/// Entries that fit a filter.
pub fn entries(tx: &mut Tx<'_>, filter: &EntryFilter) -> Result<Vec<Recorded>, StoreError> {
    let up_to = if filter.up_to == 0 { u64::MAX } else { filter.up_to };
    let kind_end = filter
        .kind_prefix
        .as_ref()
        .map(|prefix| format!("{prefix}\u{10FFFF}"));
    let actor = filter.actor.as_deref().map(within);
    let statement = if filter.newest_first {
        sql!(
            "SELECT position, origin, seq, realm, hlc, recorded_at, actor, stream, version, kind, area, body, prev, hash
             FROM ledger_entries
             WHERE position > $1 AND position <= $2 AND area >= $3 AND area < $4
               AND (CAST($5 AS TEXT) IS NULL OR stream = $5)
               AND (CAST($6 AS TEXT) IS NULL OR (kind >= $6 AND kind < $7))
               AND (CAST($8 AS TEXT) IS NULL OR actor LIKE $8 ESCAPE '!')
               AND (CAST($9 AS BIGINT) IS NULL OR recorded_at >= $9)
               AND (CAST($10 AS BIGINT) IS NULL OR recorded_at < $10)
             ORDER BY position DESC
             LIMIT $11"
        )
    } else {
        sql!(
            "SELECT position, origin, seq, realm, hlc, recorded_at, actor, stream, version, kind, area, body, prev, hash
             FROM ledger_entries
             WHERE position > $1 AND position <= $2 AND area >= $3 AND area < $4
               AND (CAST($5 AS TEXT) IS NULL OR stream = $5)
               AND (CAST($6 AS TEXT) IS NULL OR (kind >= $6 AND kind < $7))
               AND (CAST($8 AS TEXT) IS NULL OR actor LIKE $8 ESCAPE '!')
               AND (CAST($9 AS BIGINT) IS NULL OR recorded_at >= $9)
               AND (CAST($10 AS BIGINT) IS NULL OR recorded_at < $10)
             ORDER BY position
             LIMIT $11"
        )
    };
    let bounds = params![
        filter.after,
        up_to,
        filter.area_from,
        filter.area_before,
        filter.stream,
        filter.kind_prefix,
        kind_end,
        actor,
        filter.since,
        filter.until,
        filter.limit
    ];
    tx.query(statement, bounds, recorded)
}

/// A pattern that finds `words` anywhere, taken literally.
fn within(words: &str) -> String {
    let mut pattern = String::from("%");
    for letter in words.chars() {
        if matches!(letter, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}

/// Entry hashes of one feed after `seq`, in order.
pub(crate) fn hashes_after(tx: &mut Tx<'_>, origin: &str, seq: u64) -> Result<Vec<Digest>, StoreError> {
    tx.query(
        sql!("SELECT hash FROM ledger_entries WHERE origin = $1 AND seq > $2 ORDER BY seq"),
        params![origin, seq],
        |row| digest(row, 0),
    )
}

/// Entry hashes of one feed, numbers above `from` up to `to`, in order.
pub(crate) fn hashes_between(
    tx: &mut Tx<'_>,
    origin: &str,
    from: u64,
    to: u64,
) -> Result<Vec<Digest>, StoreError> {
    tx.query(
        sql!("SELECT hash FROM ledger_entries WHERE origin = $1 AND seq > $2 AND seq <= $3 ORDER BY seq"),
        params![origin, from, to],
        |row| digest(row, 0),
    )
}

/// When a node's latest entry at or before an instant was accepted: the position "as of" that instant.
pub(crate) fn position_at(tx: &mut Tx<'_>, at: i64) -> Result<u64, StoreError> {
    let found = tx.first(
        sql!("SELECT COALESCE(MAX(position), 0) FROM ledger_entries WHERE recorded_at <= $1"),
        params![at],
        |row| row.get(0),
    )?;
    Ok(found.unwrap_or(0))
}

pub(crate) fn insert_checkpoint(tx: &mut Tx<'_>, checkpoint: &Checkpoint) -> Result<(), StoreError> {
    tx.execute(
        sql!(
            "INSERT INTO ledger_checkpoints (origin, size, root, head, signed_at, previous, signature)
             VALUES ($1, $2, $3, $4, $5, $6, $7)"
        ),
        params![
            checkpoint.origin,
            checkpoint.size,
            checkpoint.root.as_bytes().to_vec(),
            checkpoint.head.as_bytes().to_vec(),
            checkpoint.signed_at,
            checkpoint.previous.as_bytes().to_vec(),
            checkpoint.signature
        ],
    )?;
    Ok(())
}

/// Checkpoints of a feed with a size greater than `after`, in order.
pub(crate) fn checkpoints(
    tx: &mut Tx<'_>,
    origin: &str,
    after: u64,
    limit: u64,
) -> Result<Vec<Checkpoint>, StoreError> {
    tx.query(
        sql!(
            "SELECT origin, size, root, head, signed_at, previous, signature
             FROM ledger_checkpoints
             WHERE origin = $1 AND size > $2
             ORDER BY size
             LIMIT $3"
        ),
        params![origin, after, limit],
        checkpoint,
    )
}

pub(crate) fn kept_response(
    tx: &mut Tx<'_>,
    actor: &str,
    key: &str,
) -> Result<Option<(Vec<u8>, String)>, StoreError> {
    tx.first(
        sql!("SELECT request, response FROM ledger_idempotency WHERE actor = $1 AND key = $2"),
        params![actor, key],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

pub(crate) fn keep_response(
    tx: &mut Tx<'_>,
    idempotency: &crate::Idempotency,
    response: &str,
    now: i64,
) -> Result<(), StoreError> {
    tx.execute(
        sql!("INSERT INTO ledger_idempotency (actor, key, request, response, kept_at) VALUES ($1, $2, $3, $4, $5)"),
        params![idempotency.actor, idempotency.key, idempotency.request.as_bytes().to_vec(), response, now],
    )?;
    Ok(())
}

pub(crate) fn load_seal_key(tx: &mut Tx<'_>, subject: &str) -> Result<Option<Vec<u8>>, StoreError> {
    tx.first(
        sql!("SELECT wrapped FROM ledger_seal_keys WHERE subject = $1"),
        params![subject],
        |row| row.get(0),
    )
}

pub(crate) fn save_seal_key(
    tx: &mut Tx<'_>,
    subject: &str,
    wrapped: &[u8],
    now: i64,
) -> Result<(), StoreError> {
    tx.execute(
        sql!("INSERT INTO ledger_seal_keys (subject, wrapped, created_at) VALUES ($1, $2, $3)"),
        params![subject, *wrapped, now],
    )?;
    Ok(())
}

pub(crate) fn destroy_seal_key(tx: &mut Tx<'_>, subject: &str) -> Result<u64, StoreError> {
    tx.execute(
        sql!("DELETE FROM ledger_seal_keys WHERE subject = $1"),
        params![subject],
    )
}
