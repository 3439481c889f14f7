//! Rows, read by position.

use anlan_foundation::{Realm, Timestamp};

use crate::{Param, StoreError};

/// One row of a result; columns are read by their position in the SELECT.
pub enum Row<'r> {
    /// From SQLite.
    #[doc(hidden)]
    Sqlite(&'r rusqlite::Row<'r>),
    /// From PostgreSQL.
    #[doc(hidden)]
    Postgres(&'r postgres::Row),
}

impl Row<'_> {
    /// Reads the column at `index` (from 0).
    pub fn get<T: Column>(&self, index: usize) -> Result<T, StoreError> {
        T::read(self, index)
    }

    /// Reads a column without knowing its type, for copies and comparisons of whole tables.
    pub(crate) fn value(&self, index: usize) -> Result<Param<'static>, StoreError> {
        match self {
            Self::Sqlite(row) => Ok(match row.get::<_, rusqlite::types::Value>(index)? {
                rusqlite::types::Value::Null => Param::Null,
                rusqlite::types::Value::Integer(int) => Param::Int(int),
                rusqlite::types::Value::Real(real) => Param::Real(real),
                rusqlite::types::Value::Text(text) => Param::Text(text.into()),
                rusqlite::types::Value::Blob(bytes) => Param::Bytes(bytes.into()),
            }),
            Self::Postgres(row) => postgres_value(row, index),
        }
    }
}

fn postgres_value(row: &postgres::Row, index: usize) -> Result<Param<'static>, StoreError> {
    let name = row
        .columns()
        .get(index)
        .map_or("?", |column| column.type_().name());
    Ok(match name {
        "bool" => row
            .try_get::<_, Option<bool>>(index)?
            .map_or(Param::Null, |b| Param::Int(i64::from(b))),
        "int8" => row
            .try_get::<_, Option<i64>>(index)?
            .map_or(Param::Null, Param::Int),
        "float8" => row
            .try_get::<_, Option<f64>>(index)?
            .map_or(Param::Null, Param::Real),
        "bytea" => row
            .try_get::<_, Option<Vec<u8>>>(index)?
            .map_or(Param::Null, |b| Param::Bytes(b.into())),
        "text" | "name" | "varchar" => row
            .try_get::<_, Option<String>>(index)?
            .map_or(Param::Null, |t| Param::Text(t.into())),
        other => return Err(StoreError::Value(format!("column type {other} is not portable"))),
    })
}

/// A type that can be read from a column.
pub trait Column: Sized {
    /// Reads the column at `index` of `row`.
    fn read(row: &Row<'_>, index: usize) -> Result<Self, StoreError>;
}

macro_rules! plain_column {
    ($($name:ty),+) => {$(
        impl Column for $name {
            fn read(row: &Row<'_>, index: usize) -> Result<Self, StoreError> {
                match row {
                    Row::Sqlite(row) => Ok(row.get(index)?),
                    Row::Postgres(row) => Ok(row.try_get(index)?),
                }
            }
        }
    )+};
}
plain_column!(bool, i64, f64, String, Vec<u8>);

impl<T: Column> Column for Option<T> {
    fn read(row: &Row<'_>, index: usize) -> Result<Self, StoreError> {
        let null = match row {
            Row::Sqlite(row) => row.get_ref(index)? == rusqlite::types::ValueRef::Null,
            Row::Postgres(_) => row.value(index)? == Param::Null,
        };
        if null {
            Ok(None)
        } else {
            T::read(row, index).map(Some)
        }
    }
}

impl Column for Timestamp {
    fn read(row: &Row<'_>, index: usize) -> Result<Self, StoreError> {
        i64::read(row, index).map(Self::from_micros)
    }
}

impl Column for u64 {
    fn read(row: &Row<'_>, index: usize) -> Result<Self, StoreError> {
        let int = i64::read(row, index)?;
        Self::try_from(int).map_err(|_| StoreError::Value(format!("{int} is negative")))
    }
}

impl Column for Realm {
    fn read(row: &Row<'_>, index: usize) -> Result<Self, StoreError> {
        String::read(row, index)?
            .parse()
            .map_err(|error| StoreError::Value(format!("{error}")))
    }
}
