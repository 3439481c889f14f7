//! The writer keeps what it answers and nothing else.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use anlan_store::{BeforeCommit, Db, Migration, Options, StoreError, Target, Tx, migrate, params, sql};

struct Nothing;

impl BeforeCommit for Nothing {
    fn before_commit(&mut self, _: &mut Tx<'_>) -> Result<(), StoreError> {
        Ok(())
    }

    fn after_commit(&mut self) {}
}

fn open(name: &str) -> Db {
    let path = std::env::temp_dir()
        .join(format!("anlan-store-{name}-{}", std::process::id()))
        .join("t.db");
    if let Some(folder) = path.parent() {
        drop(std::fs::remove_dir_all(folder));
    }
    let target = Target::Sqlite(path);
    let schema = "CREATE TABLE t (id BIGINT PRIMARY KEY, word TEXT NOT NULL)";
    migrate(
        &target,
        &[Migration {
            name: "t/0001",
            sql: schema,
        }],
    )
    .unwrap();
    Db::open(
        &target,
        Options {
            readers: 1,
            durable: true,
            reserve: 0,
        },
        Box::new(Nothing),
    )
    .unwrap()
}

fn insert(db: &Db, id: i64, word: &'static str) -> Result<u64, StoreError> {
    db.write_blocking(move |tx| {
        tx.execute(
            sql!("INSERT INTO t (id, word) VALUES ($1, $2)"),
            params![id, word],
        )
    })
}

fn count(db: &Db) -> i64 {
    let counted =
        db.read_blocking(|tx| tx.first(sql!("SELECT COUNT(*) FROM t"), params![], |row| row.get(0)));
    let counted: Result<Option<i64>, StoreError> = counted;
    counted.unwrap().unwrap()
}

#[test]
fn a_refused_command_leaves_nothing_and_spoils_no_neighbour() {
    let db = open("refused");
    assert_eq!(insert(&db, 1, "一").unwrap(), 1);
    assert!(matches!(insert(&db, 1, "again"), Err(StoreError::Constraint(_))));
    let half: Result<(), StoreError> = db.write_blocking(|tx| {
        tx.execute(sql!("INSERT INTO t (id, word) VALUES (7, 'half')"), params![])?;
        Err(StoreError::Closed)
    });
    assert!(half.is_err());
    assert_eq!(insert(&db, 2, "二").unwrap(), 1);
    assert_eq!(count(&db), 2);
}

#[test]
fn a_panicking_command_is_rolled_back_and_the_writer_lives_on() {
    let db = open("panic");
    let outcome: Result<(), StoreError> = db.write_blocking(|tx| {
        tx.execute(sql!("INSERT INTO t (id, word) VALUES (9, 'panic')"), params![])?;
        panic!("planted");
    });
    assert!(matches!(outcome, Err(StoreError::Panicked)));
    insert(&db, 1, "after").unwrap();
    assert_eq!(count(&db), 1);
}
