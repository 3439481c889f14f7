//! Migrations: one text for both engines, applied in order, each once.

use crate::db::with_connection;
use crate::engine::Connection;
use crate::{StoreError, Target, Tx, params, sql};

/// One step of the schema.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// Unique name, for example `incident/0001_incidents`; steps run in the order they are given.
    pub name: &'static str,
    /// Portable SQL: `TEXT BIGINT BOOLEAN "DOUBLE PRECISION" BYTEA`.
    pub sql: &'static str,
}

/// Brings the store to the schema of this program. Safe to run at every start.
pub fn migrate(target: &Target, migrations: &[Migration]) -> Result<(), StoreError> {
    with_connection(target, |connection| {
        connection.batch(
            "CREATE TABLE IF NOT EXISTS store_migrations (name TEXT PRIMARY KEY, text TEXT NOT NULL)",
        )?;
        for migration in migrations {
            let begin = if matches!(connection, Connection::Sqlite(_)) {
                "BEGIN IMMEDIATE"
            } else {
                "BEGIN"
            };
            connection.batch(begin)?;
            match step(connection, migration) {
                Ok(()) => connection.batch("COMMIT")?,
                Err(error) => {
                    connection.batch("ROLLBACK")?;
                    return Err(error);
                }
            }
        }
        Ok(())
    })
}

/// The steps of this program that have not run on the store.
pub fn pending(tx: &mut Tx<'_>, migrations: &[Migration]) -> Result<Vec<&'static str>, StoreError> {
    let done = tx.query(sql!("SELECT name FROM store_migrations"), params![], |row| {
        row.get::<String>(0)
    })?;
    let names = migrations.iter().map(|migration| migration.name);
    Ok(names
        .filter(|name| !done.iter().any(|done| done == name))
        .collect())
}

fn step(connection: &mut Connection, migration: &Migration) -> Result<(), StoreError> {
    let done = Tx::new(connection).first(
        sql!("SELECT text FROM store_migrations WHERE name = $1"),
        params![migration.name],
        |row| row.get::<String>(0),
    )?;
    match done {
        Some(text) if text == migration.sql => return Ok(()),
        Some(_) => {
            return Err(StoreError::Schema(format!(
                "migration {} was changed after it ran",
                migration.name
            )));
        }
        None => {}
    }
    match connection {
        Connection::Sqlite(_) => connection.batch(migration.sql)?,
        // Codes and ids are compared byte by byte on both engines, whatever the server's locale.
        Connection::Postgres(_) => {
            connection.batch(&migration.sql.replace(" TEXT", " TEXT COLLATE \"C\""))?;
        }
    }
    Tx::new(connection).execute(
        sql!("INSERT INTO store_migrations (name, text) VALUES ($1, $2)"),
        params![migration.name, migration.sql],
    )?;
    Ok(())
}
