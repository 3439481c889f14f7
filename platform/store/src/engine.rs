//! The two engines behind a connection.

use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

use postgres::types::{IsNull, ToSql, Type, to_sql_checked};

use crate::{Param, StoreError};

/// How many prepared statements a SQLite connection keeps.
const PREPARED: usize = 512;

/// A connection to one of the engines.
pub(crate) enum Connection {
    /// An embedded file.
    Sqlite(rusqlite::Connection),
    /// A server; statements are prepared once per connection.
    Postgres(Box<PostgresConnection>),
}

/// A PostgreSQL client with its prepared statements.
pub(crate) struct PostgresConnection {
    pub(crate) client: postgres::Client,
    pub(crate) prepared: HashMap<&'static str, postgres::Statement>,
}

impl Connection {
    pub(crate) fn open_sqlite(path: &Path, durable: bool, read_only: bool) -> Result<Self, StoreError> {
        use rusqlite::OpenFlags as Open;
        let mode = if read_only {
            Open::SQLITE_OPEN_READ_ONLY
        } else {
            Open::SQLITE_OPEN_READ_WRITE | Open::SQLITE_OPEN_CREATE
        };
        let connection = rusqlite::Connection::open_with_flags(path, mode | Open::SQLITE_OPEN_NO_MUTEX)?;
        connection.busy_timeout(Duration::from_secs(10))?;
        connection.set_prepared_statement_cache_capacity(PREPARED);
        if !read_only {
            // FULL: a commit is answered only after fsync. NORMAL loses acknowledged work in a power cut.
            let synchronous = if durable { "FULL" } else { "NORMAL" };
            connection.execute_batch(&format!(
                "PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous}; PRAGMA wal_autocheckpoint=4000;"
            ))?;
        }
        connection
            .execute_batch("PRAGMA foreign_keys=OFF; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-8000;")?;
        Ok(Self::Sqlite(connection))
    }

    pub(crate) fn open_postgres(url: &str, schema: Option<&str>) -> Result<Self, StoreError> {
        let mut client = postgres::Client::connect(url, postgres::NoTls)?;
        if let Some(schema) = schema {
            client.batch_execute(&format!(
                "CREATE SCHEMA IF NOT EXISTS \"{schema}\"; SET search_path TO \"{schema}\""
            ))?;
        }
        Ok(Self::Postgres(Box::new(PostgresConnection {
            client,
            prepared: HashMap::new(),
        })))
    }

    /// Runs SQL text without parameters: transaction control and migrations only.
    pub(crate) fn batch(&mut self, text: &str) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(connection) => Ok(connection.execute_batch(text)?),
            Self::Postgres(postgres) => Ok(postgres.client.batch_execute(text)?),
        }
    }

    /// Whether the connection can be used again; a broken one is replaced.
    pub(crate) fn is_alive(&self) -> bool {
        match self {
            Self::Sqlite(_) => true,
            Self::Postgres(postgres) => !postgres.client.is_closed(),
        }
    }
}

impl rusqlite::ToSql for Param<'_> {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        use rusqlite::types::{ToSqlOutput, ValueRef};
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Bool(bool) => ValueRef::Integer(i64::from(*bool)),
            Self::Int(int) => ValueRef::Integer(*int),
            Self::Real(real) => ValueRef::Real(*real),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

impl ToSql for Param<'_> {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut postgres::types::private::BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Bool(bool) => bool.to_sql(ty, out),
            // A copy between engines carries booleans as 0 and 1.
            Self::Int(int) if *ty == Type::BOOL => (*int != 0).to_sql(ty, out),
            Self::Int(int) => int.to_sql(ty, out),
            Self::Real(real) => real.to_sql(ty, out),
            Self::Text(text) => text.as_ref().to_sql(ty, out),
            Self::Bytes(bytes) => bytes.as_ref().to_sql(ty, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}
