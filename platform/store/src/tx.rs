//! A transaction: the only way to the tables.

use crate::engine::{Connection, PostgresConnection};
use crate::{Param, Row, Statement, StoreError};

/// An open transaction, for reading or for one command of a group.
pub struct Tx<'c> {
    connection: &'c mut Connection,
    full: bool,
}

impl<'c> Tx<'c> {
    pub(crate) fn new(connection: &'c mut Connection) -> Self {
        Self {
            connection,
            full: false,
        }
    }

    /// Whether a statement found the disk full.
    pub(crate) fn is_full(&self) -> bool {
        self.full
    }

    /// Whether other processes may write the same store at the same time.
    pub fn is_shared(&self) -> bool {
        matches!(self.connection, Connection::Postgres(_))
    }

    /// Runs a statement that returns no rows; gives the number of rows it touched.
    pub fn execute(
        &mut self,
        statement: &'static Statement,
        params: &[Param<'_>],
    ) -> Result<u64, StoreError> {
        let done = self.run(statement, params);
        self.full |= matches!(done, Err(StoreError::DiskFull));
        done
    }

    fn run(&mut self, statement: &'static Statement, params: &[Param<'_>]) -> Result<u64, StoreError> {
        match &mut *self.connection {
            Connection::Sqlite(connection) => {
                let mut prepared = connection.prepare_cached(statement.sqlite())?;
                let touched = prepared.execute(rusqlite::params_from_iter(params))?;
                Ok(u64::try_from(touched).unwrap_or(u64::MAX))
            }
            Connection::Postgres(postgres) => {
                let prepared = prepare(postgres, statement)?;
                Ok(postgres.client.execute(&prepared, &bound(params))?)
            }
        }
    }

    /// Runs a query and maps every row; the statement must bound its rows itself.
    pub fn query<T>(
        &mut self,
        statement: &'static Statement,
        params: &[Param<'_>],
        mut map: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut found = Vec::new();
        self.each(statement, params, |row| {
            found.push(map(row)?);
            Ok(())
        })?;
        Ok(found)
    }

    /// Runs a query and hands every row to `visit`, without keeping them.
    pub fn each(
        &mut self,
        statement: &'static Statement,
        params: &[Param<'_>],
        mut visit: impl FnMut(&Row<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        match &mut *self.connection {
            Connection::Sqlite(connection) => {
                let mut prepared = connection.prepare_cached(statement.sqlite())?;
                let mut rows = prepared.query(rusqlite::params_from_iter(params))?;
                while let Some(row) = rows.next()? {
                    visit(&Row::Sqlite(row))?;
                }
                Ok(())
            }
            Connection::Postgres(postgres) => {
                let prepared = prepare(postgres, statement)?;
                let rows = postgres.client.query_raw(&prepared, params)?;
                visit_postgres(rows, visit)
            }
        }
    }

    /// Runs a query that gives at most one row.
    pub fn first<T>(
        &mut self,
        statement: &'static Statement,
        params: &[Param<'_>],
        map: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        Ok(self.query(statement, params, map)?.into_iter().next())
    }
}

fn visit_postgres(
    mut rows: postgres::RowIter<'_>,
    mut visit: impl FnMut(&Row<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    use postgres::fallible_iterator::FallibleIterator as _;
    while let Some(row) = rows.next()? {
        visit(&Row::Postgres(&row))?;
    }
    Ok(())
}

fn prepare(
    postgres: &mut PostgresConnection,
    statement: &'static Statement,
) -> Result<postgres::Statement, StoreError> {
    if let Some(prepared) = postgres.prepared.get(statement.text()) {
        return Ok(prepared.clone());
    }
    let prepared = postgres.client.prepare(statement.text())?;
    postgres.prepared.insert(statement.text(), prepared.clone());
    Ok(prepared)
}

/// The parameters in the form that PostgreSQL's client takes.
pub(crate) fn bound<'p>(params: &'p [Param<'p>]) -> Vec<&'p (dyn postgres::types::ToSql + Sync)> {
    params
        .iter()
        .map(|param| -> &(dyn postgres::types::ToSql + Sync) { param })
        .collect()
}
