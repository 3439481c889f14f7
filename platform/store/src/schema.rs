//! Tables that slices name, and statements that the program registers.

use crate::db::with_connection;
use crate::engine::Connection;
use crate::whole::{Shape, compare_shape};
use crate::{StoreError, Target, all_statements};

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
    pub table: String,
    /// The row in the first store, or `-`.
    pub left: String,
    /// The row in the second store, or `-`.
    pub right: String,
}

/// Compares a table in two stores row by row; shows the first rows that differ.
pub fn compare_table(left: &Target, right: &Target, table: &Table) -> Result<Vec<Dump>, StoreError> {
    let names = |list: &str| list.split(',').map(|name| name.trim().to_owned()).collect();
    let shape = Shape {
        name: table.name.to_owned(),
        columns: names(table.columns),
        key: names(table.key),
    };
    with_connection(left, |left| {
        with_connection(right, |right| compare_shape(left, right, &shape))
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
