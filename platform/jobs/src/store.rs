//! Every SQL statement of the jobs.

use anlan_foundation::Timestamp;
use anlan_store::{Migration, Row, StoreError, Tx, params, sql};

use crate::{Due, Outage};

/// The tables of the jobs. They are no views: what they hold concerns this node alone.
pub const fn migrations() -> &'static [Migration] {
    &[Migration {
        name: "jobs/0001_jobs",
        sql: include_str!("../migrations/0001_jobs.sql"),
    }]
}

/// Sets the timer of a subject; an earlier one of the same job and subject is replaced.
pub fn set_timer(tx: &mut Tx<'_>, job: &str, subject: &str, due_at: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        sql!(
            "INSERT INTO jobs_timers (job, subject, due_at)
             VALUES ($1, $2, $3)
             ON CONFLICT (job, subject) DO UPDATE SET due_at = excluded.due_at"
        ),
        params![job, subject, due_at],
    )?;
    Ok(())
}

/// Clears the timer of a subject, when there is one.
pub fn clear_timer(tx: &mut Tx<'_>, job: &str, subject: &str) -> Result<(), StoreError> {
    tx.execute(
        sql!("DELETE FROM jobs_timers WHERE job = $1 AND subject = $2"),
        params![job, subject],
    )?;
    Ok(())
}

/// When the timer of a subject is due.
pub fn timer(tx: &mut Tx<'_>, job: &str, subject: &str) -> Result<Option<Timestamp>, StoreError> {
    tx.first(
        sql!("SELECT due_at FROM jobs_timers WHERE job = $1 AND subject = $2"),
        params![job, subject],
        |row| row.get(0),
    )
}

pub(crate) fn due_timers(
    tx: &mut Tx<'_>,
    job: &str,
    now: Timestamp,
    limit: u64,
) -> Result<Vec<Due>, StoreError> {
    tx.query(
        sql!(
            "SELECT subject, due_at
             FROM jobs_timers
             WHERE job = $1 AND due_at <= $2
             ORDER BY due_at, subject
             LIMIT $3"
        ),
        params![job, now, limit],
        |row| {
            Ok(Due {
                subject: row.get(0)?,
                due_at: row.get(1)?,
            })
        },
    )
}

/// Claims a timer by taking it away, unless it was set anew or taken in the meantime; gives the number of rows taken.
pub(crate) fn take_timer(tx: &mut Tx<'_>, job: &str, due: &Due) -> Result<u64, StoreError> {
    tx.execute(
        sql!("DELETE FROM jobs_timers WHERE job = $1 AND subject = $2 AND due_at = $3"),
        params![job, due.subject, due.due_at],
    )
}

pub(crate) fn alive_at(tx: &mut Tx<'_>) -> Result<Option<Timestamp>, StoreError> {
    tx.first(
        sql!("SELECT alive_at FROM jobs_presence WHERE id = 1"),
        params![],
        |row| row.get(0),
    )
}

pub(crate) fn save_presence(tx: &mut Tx<'_>, now: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        sql!(
            "INSERT INTO jobs_presence (id, came_up_at, alive_at)
             VALUES (1, $1, $1)
             ON CONFLICT (id) DO UPDATE SET came_up_at = excluded.came_up_at, alive_at = excluded.alive_at"
        ),
        params![now],
    )?;
    Ok(())
}

pub(crate) fn renew_presence(tx: &mut Tx<'_>, now: Timestamp) -> Result<u64, StoreError> {
    tx.execute(
        sql!("UPDATE jobs_presence SET alive_at = $1 WHERE id = 1"),
        params![now],
    )
}

pub(crate) fn insert_outage(tx: &mut Tx<'_>, outage: &Outage) -> Result<(), StoreError> {
    tx.execute(
        sql!(
            "INSERT INTO jobs_outages (down_since, up_at)
             VALUES ($1, $2)
             ON CONFLICT (down_since, up_at) DO NOTHING"
        ),
        params![outage.down_since, outage.up_at],
    )?;
    Ok(())
}

pub(crate) fn prune_outages(tx: &mut Tx<'_>, before: Timestamp) -> Result<(), StoreError> {
    tx.execute(sql!("DELETE FROM jobs_outages WHERE up_at < $1"), params![before])?;
    Ok(())
}

fn outage(row: &Row<'_>) -> Result<Outage, StoreError> {
    Ok(Outage {
        down_since: row.get(0)?,
        up_at: row.get(1)?,
    })
}

/// The outage that an instant falls into.
pub(crate) fn outage_at(tx: &mut Tx<'_>, at: Timestamp) -> Result<Option<Outage>, StoreError> {
    tx.first(
        sql!(
            "SELECT down_since, up_at
             FROM jobs_outages
             WHERE up_at > $1 AND down_since <= $1
             ORDER BY up_at
             LIMIT 1"
        ),
        params![at],
        outage,
    )
}

/// The outages since an instant, the latest first; at most 1,000.
pub fn outages(tx: &mut Tx<'_>, since: Timestamp) -> Result<Vec<Outage>, StoreError> {
    tx.query(
        sql!(
            "SELECT down_since, up_at
             FROM jobs_outages
             WHERE up_at >= $1
             ORDER BY up_at DESC, down_since DESC
             LIMIT 1000"
        ),
        params![since],
        outage,
    )
}
