//! The store as a whole: every table copied or compared, whatever it holds and whichever engine it stands on.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::Path;

use postgres::binary_copy::BinaryCopyInWriter;
use postgres::fallible_iterator::FallibleIterator as _;

use crate::db::with_connection;
use crate::engine::Connection;
use crate::schema::Dump;
use crate::{Param, Row, StoreError, Target, Tx};

/// A table as the engine's catalogue describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shape {
    pub(crate) name: String,
    pub(crate) columns: Vec<String>,
    pub(crate) key: Vec<String>,
}

/// The table that says which migrations ran; it is made by [`migrate`](crate::migrate), never copied.
const MIGRATIONS: &str = "store_migrations";

/// Rows are compared in stretches of this many.
const STRETCH: usize = 2_000;

/// At most this many differing rows are shown of one table.
const SHOWN: usize = 20;

/// Copies every table into another store in one snapshot; gives the number of rows by table.
///
/// Both stores have the same schema and the target's tables are empty, or nothing is copied. The source may be in use.
pub fn copy_store(from: &Target, to: &Target) -> Result<Vec<(String, u64)>, StoreError> {
    with_connection(from, |from| {
        with_connection(to, |to| {
            from.batch(snapshot(from))?;
            to.batch("BEGIN")?;
            let copied = copy_tables(from, to);
            from.batch("ROLLBACK")?;
            to.batch(if copied.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
            copied
        })
    })
}

/// Compares every table of two stores; gives the number of tables and the rows that differ.
pub fn compare_stores(left: &Target, right: &Target) -> Result<(usize, Vec<Dump>), StoreError> {
    with_connection(left, |left| {
        with_connection(right, |right| {
            left.batch(snapshot(left))?;
            right.batch(snapshot(right))?;
            let shapes = same_shapes(left, right)?;
            let mut differences = Vec::new();
            for shape in &shapes {
                differences.extend(compare_shape(left, right, shape)?);
            }
            left.batch("ROLLBACK")?;
            right.batch("ROLLBACK")?;
            Ok((shapes.len(), differences))
        })
    })
}

/// Writes a consistent copy of an embedded store into `file` while it is in use.
pub fn snapshot_sqlite(from: &Path, file: &Path) -> Result<(), StoreError> {
    let mode = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
    let source = rusqlite::Connection::open_with_flags(from, mode)?;
    source.busy_timeout(std::time::Duration::from_secs(10))?;
    let mut target = rusqlite::Connection::open(file)?;
    // All pages in one step: the copy is of one instant, and a busy writer cannot make it start over.
    rusqlite::backup::Backup::new(&source, &mut target)?.step(-1)?;
    target.execute_batch("PRAGMA journal_mode=DELETE;")?;
    drop(target);
    Ok(std::fs::File::open(file)?.sync_all()?)
}

/// Reads from a store that this process has not opened.
pub fn read_once<T>(
    target: &Target,
    read: impl FnOnce(&mut Tx<'_>) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    with_connection(target, |connection| read(&mut Tx::new(connection)))
}

fn snapshot(connection: &Connection) -> &'static str {
    match connection {
        Connection::Sqlite(_) => "BEGIN",
        Connection::Postgres(_) => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    }
}

fn copy_tables(from: &mut Connection, to: &mut Connection) -> Result<Vec<(String, u64)>, StoreError> {
    let shapes = same_shapes(from, to)?;
    for shape in &shapes {
        if holds_rows(to, shape)? {
            return Err(StoreError::Schema(format!(
                "the target is not empty: {} holds rows",
                shape.name
            )));
        }
    }
    let mut copied = Vec::new();
    for shape in shapes {
        let rows = copy_shape(from, to, &shape)?;
        copied.push((shape.name, rows));
    }
    Ok(copied)
}

fn holds_rows(connection: &mut Connection, shape: &Shape) -> Result<bool, StoreError> {
    let text = format!("SELECT 1 FROM {} LIMIT 1", shape.name);
    match connection {
        Connection::Sqlite(connection) => Ok(connection.prepare(&text)?.exists([])?),
        Connection::Postgres(postgres) => Ok(!postgres.client.query(&text, &[])?.is_empty()),
    }
}

fn same_shapes(left: &mut Connection, right: &mut Connection) -> Result<Vec<Shape>, StoreError> {
    let (ours, theirs) = (shapes(left)?, shapes(right)?);
    if ours == theirs {
        return Ok(ours);
    }
    let odd = ours.iter().find(|shape| !theirs.contains(shape));
    let odd = odd.or_else(|| theirs.iter().find(|shape| !ours.contains(shape)));
    let name = odd.map_or("?", |shape| shape.name.as_str());
    Err(StoreError::Schema(format!(
        "the two stores do not have the same tables ({name}): start this program once on each"
    )))
}

fn shapes(connection: &mut Connection) -> Result<Vec<Shape>, StoreError> {
    let mut shapes = match connection {
        Connection::Sqlite(connection) => sqlite_shapes(connection)?,
        Connection::Postgres(postgres) => postgres_shapes(&mut postgres.client)?,
    };
    shapes.retain(|shape| shape.name != MIGRATIONS);
    shapes.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(shapes)
}

fn sqlite_shapes(connection: &rusqlite::Connection) -> Result<Vec<Shape>, StoreError> {
    let mut tables = connection
        .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")?;
    let names = tables
        .query_map([], |row| row.get::<_, String>(0))?
        .collect::<Result<Vec<_>, _>>()?;
    let mut described = connection.prepare("SELECT name, pk FROM pragma_table_info(?1) ORDER BY cid")?;
    let mut shapes = Vec::new();
    for name in names {
        let columns = described
            .query_map([&name], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<Vec<(String, i64)>, _>>()?;
        let mut key: Vec<_> = columns.iter().filter(|(_, place)| *place > 0).collect();
        key.sort_by_key(|(_, place)| *place);
        shapes.push(Shape {
            name,
            key: key.into_iter().map(|(column, _)| column.clone()).collect(),
            columns: columns.into_iter().map(|(column, _)| column).collect(),
        });
    }
    Ok(shapes)
}

fn postgres_shapes(client: &mut postgres::Client) -> Result<Vec<Shape>, StoreError> {
    let tables = client.query(
        "SELECT table_name::text FROM information_schema.tables
         WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'",
        &[],
    )?;
    let mut shapes = Vec::new();
    for table in tables {
        let name: String = table.try_get(0)?;
        let columns = client.query(
            "SELECT column_name::text FROM information_schema.columns
             WHERE table_schema = current_schema() AND table_name = $1
             ORDER BY ordinal_position",
            &[&name],
        )?;
        let key = client.query(
            "SELECT a.attname::text
             FROM pg_index i
             JOIN pg_class c ON c.oid = i.indrelid
             JOIN pg_namespace n ON n.oid = c.relnamespace
             JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY(i.indkey)
             WHERE n.nspname = current_schema() AND c.relname = $1 AND i.indisprimary
             ORDER BY array_position(i.indkey::int2[], a.attnum)",
            &[&name],
        )?;
        let texts = |rows: &[postgres::Row]| {
            rows.iter()
                .map(|row| row.try_get(0))
                .collect::<Result<Vec<_>, _>>()
        };
        shapes.push(Shape {
            columns: texts(&columns)?,
            key: texts(&key)?,
            name,
        });
    }
    Ok(shapes)
}

/// Hands every row of a table to `visit`, in the order of its key; an error of `visit` ends it.
fn each_row(
    connection: &mut Connection,
    shape: &Shape,
    visit: &mut dyn FnMut(Vec<Param<'static>>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let text = format!(
        "SELECT {} FROM {} ORDER BY {}",
        shape.columns.join(", "),
        shape.name,
        if shape.key.is_empty() {
            "1".to_owned()
        } else {
            shape.key.join(", ")
        }
    );
    let read = |row: &Row<'_>| {
        (0..shape.columns.len())
            .map(|index| row.value(index))
            .collect::<Result<Vec<_>, _>>()
    };
    match connection {
        Connection::Sqlite(connection) => {
            let mut prepared = connection.prepare(&text)?;
            let mut found = prepared.query([])?;
            while let Some(row) = found.next()? {
                visit(read(&Row::Sqlite(row))?)?;
            }
            Ok(())
        }
        Connection::Postgres(postgres) => {
            let mut found = postgres.client.query_raw(&text, std::iter::empty::<i64>())?;
            while let Some(row) = found.next()? {
                visit(read(&Row::Postgres(&row))?)?;
            }
            Ok(())
        }
    }
}

fn copy_shape(from: &mut Connection, to: &mut Connection, shape: &Shape) -> Result<u64, StoreError> {
    let columns = shape.columns.join(", ");
    let mut copied = 0;
    match to {
        Connection::Sqlite(to) => {
            let places: Vec<_> = (1..=shape.columns.len()).map(|n| format!("?{n}")).collect();
            let text = format!(
                "INSERT INTO {} ({columns}) VALUES ({})",
                shape.name,
                places.join(", ")
            );
            let mut insert = to.prepare(&text)?;
            each_row(from, shape, &mut |row| {
                insert.execute(rusqlite::params_from_iter(&row))?;
                copied += 1;
                Ok(())
            })?;
        }
        Connection::Postgres(to) => {
            let kinds: Vec<_> = to
                .client
                .prepare(&format!("SELECT {columns} FROM {}", shape.name))?
                .columns()
                .iter()
                .map(|column| column.type_().clone())
                .collect();
            let text = format!("COPY {} ({columns}) FROM STDIN BINARY", shape.name);
            let mut writer = BinaryCopyInWriter::new(to.client.copy_in(&text)?, &kinds);
            each_row(from, shape, &mut |row| {
                writer.write(&crate::tx::bound(&row))?;
                copied += 1;
                Ok(())
            })?;
            writer.finish()?;
        }
    }
    Ok(copied)
}

/// Compares one table; only stretches whose digests differ are read a second time.
pub(crate) fn compare_shape(
    left: &mut Connection,
    right: &mut Connection,
    shape: &Shape,
) -> Result<Vec<Dump>, StoreError> {
    let (ours, theirs) = (digests(left, shape)?, digests(right, shape)?);
    let longest = ours.len().max(theirs.len());
    let odd = (0..longest).find(|stretch| ours.get(*stretch) != theirs.get(*stretch));
    let Some(odd) = odd else { return Ok(Vec::new()) };
    let (ours, theirs) = (stretch(left, shape, odd)?, stretch(right, shape, odd)?);
    let longest = ours.len().max(theirs.len());
    let shown =
        |row: Option<&Vec<Param<'static>>>| row.map_or_else(|| "-".to_owned(), |row| format!("{row:?}"));
    let pairs = (0..longest).map(|index| (ours.get(index), theirs.get(index)));
    Ok(pairs
        .filter(|(left, right)| left != right)
        .take(SHOWN)
        .map(|(left, right)| Dump {
            table: shape.name.clone(),
            left: shown(left),
            right: shown(right),
        })
        .collect())
}

fn digests(connection: &mut Connection, shape: &Shape) -> Result<Vec<u64>, StoreError> {
    let (mut digests, mut hasher, mut rows) = (Vec::new(), DefaultHasher::new(), 0);
    each_row(connection, shape, &mut |row| {
        format!("{row:?}").hash(&mut hasher);
        rows += 1;
        if rows == STRETCH {
            digests.push(std::mem::take(&mut hasher).finish());
            rows = 0;
        }
        Ok(())
    })?;
    if rows > 0 {
        digests.push(hasher.finish());
    }
    Ok(digests)
}

fn stretch(
    connection: &mut Connection,
    shape: &Shape,
    number: usize,
) -> Result<Vec<Vec<Param<'static>>>, StoreError> {
    let (mut rows, mut index) = (Vec::new(), 0);
    each_row(connection, shape, &mut |row| {
        if index / STRETCH == number {
            rows.push(row);
        }
        index += 1;
        Ok(())
    })?;
    Ok(rows)
}
