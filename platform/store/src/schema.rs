//! Whole tables: comparing and copying them, whatever they hold.

use crate::db::with_connection;
use crate::engine::Connection;
use crate::{Param, Row, StoreError, Target, all_statements};

/// A table and the columns that order it uniquely.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    /// The table's name.
    pub name: &'static str,
    /// Its columns, all of them, separated by commas.
    pub columns: &'static str,
    /// Columns of the primary key, separated by commas.
    pub key: &'static str,
}

/// A difference between two stores' tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dump {
    /// Table with the difference.
    pub table: &'static str,
    /// The row in the first store, or `-`.
    pub left: String,
    /// The row in the second store, or `-`.
    pub right: String,
}

/// Whether a table exists in the store.
pub fn tables_present(target: &Target, table: &Table) -> Result<bool, StoreError> {
    with_connection(target, |connection| Ok(rows(connection, table, 1, 0).is_ok()))
}

/// Compares a table in two stores row by row; stops at the first page that differs in 20 or more.
pub fn compare_table(left: &Target, right: &Target, table: &Table) -> Result<Vec<Dump>, StoreError> {
    with_connection(left, |left| {
        with_connection(right, |right| {
            let mut differences: Vec<Dump> = Vec::new();
            let mut offset = 0;
            loop {
                let (ours, theirs) = (
                    rows(left, table, PAGE, offset)?,
                    rows(right, table, PAGE, offset)?,
                );
                let longest = ours.len().max(theirs.len());
                let pairs = (0..longest).map(|index| (shown(ours.get(index)), shown(theirs.get(index))));
                differences.extend(pairs.filter(|(l, r)| l != r).map(|(left, right)| Dump {
                    table: table.name,
                    left,
                    right,
                }));
                if longest < PAGE || differences.len() >= 20 {
                    return Ok(differences);
                }
                offset += PAGE;
            }
        })
    })
}

/// Copies a table from one store into another, in pages; gives the number of rows.
pub fn copy_table(from: &Target, to: &Target, table: &Table) -> Result<u64, StoreError> {
    with_connection(from, |from| {
        with_connection(to, |to| {
            to.batch("BEGIN")?;
            to.batch(&format!("DELETE FROM {}", table.name))?;
            let (mut copied, mut offset) = (0, 0);
            loop {
                let page = rows(from, table, PAGE, offset)?;
                for row in &page {
                    insert(to, table, row)?;
                    copied += 1;
                }
                if page.len() < PAGE {
                    break;
                }
                offset += PAGE;
            }
            to.batch("COMMIT")?;
            Ok(copied)
        })
    })
}

/// Has the engine prepare every statement that the program registered, running none; gives their number.
///
/// A statement that names a column that is not there, or whose types do not agree, is refused with its place.
pub fn prepare_all(target: &Target) -> Result<usize, StoreError> {
    with_connection(target, |connection| {
        let mut prepared = 0;
        for statement in all_statements() {
            let (file, line) = statement.place();
            let refused = |error: StoreError| StoreError::Schema(format!("{file}:{line}: {error:?}"));
            match connection {
                Connection::Sqlite(connection) => {
                    connection
                        .prepare(statement.sqlite())
                        .map_err(|error| refused(error.into()))?;
                }
                Connection::Postgres(postgres) => {
                    postgres
                        .client
                        .prepare(statement.text())
                        .map_err(|error| refused(error.into()))?;
                }
            }
            prepared += 1;
        }
        Ok(prepared)
    })
}

const PAGE: usize = 5_000;

fn shown(row: Option<&Vec<Param<'static>>>) -> String {
    row.map_or_else(|| "-".to_owned(), |row| format!("{row:?}"))
}

fn rows(
    connection: &mut Connection,
    table: &Table,
    limit: usize,
    offset: usize,
) -> Result<Vec<Vec<Param<'static>>>, StoreError> {
    let columns = table.columns.split(',').count();
    let text = format!(
        "SELECT {} FROM {} ORDER BY {} LIMIT {limit} OFFSET {offset}",
        table.columns, table.name, table.key
    );
    let read = |row: &Row<'_>| {
        (0..columns)
            .map(|index| row.value(index))
            .collect::<Result<Vec<_>, _>>()
    };
    match connection {
        Connection::Sqlite(connection) => {
            let mut prepared = connection.prepare(&text)?;
            let mut found = prepared.query([])?;
            let mut all = Vec::new();
            while let Some(row) = found.next()? {
                all.push(read(&Row::Sqlite(row))?);
            }
            Ok(all)
        }
        Connection::Postgres(postgres) => postgres
            .client
            .query(&text, &[])?
            .iter()
            .map(|row| read(&Row::Postgres(row)))
            .collect(),
    }
}

fn insert(connection: &mut Connection, table: &Table, row: &[Param<'static>]) -> Result<(), StoreError> {
    let places: Vec<String> = (1..=row.len()).map(|n| format!("${n}")).collect();
    let text = format!(
        "INSERT INTO {} ({}) VALUES ({})",
        table.name,
        table.columns,
        places.join(", ")
    );
    match connection {
        Connection::Sqlite(connection) => {
            connection
                .prepare_cached(&text.replace('$', "?"))?
                .execute(rusqlite::params_from_iter(row))?;
        }
        Connection::Postgres(postgres) => {
            postgres.client.execute(&text, &crate::tx::bound(row))?;
        }
    }
    Ok(())
}
