//! A full disk: a clear refusal, nothing lost, and writing again as soon as there is room. Played with a store that may
//! not grow, which SQLite answers as it answers a full disk.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::os::unix::fs::MetadataExt as _;

use anlan_store::{
    BeforeCommit, Db, Migration, Options, StoreError, Target, Trouble, Tx, migrate, params, sql,
};

struct Nothing;

impl BeforeCommit for Nothing {
    fn before_commit(&mut self, _: &mut Tx<'_>) -> Result<(), StoreError> {
        Ok(())
    }

    fn after_commit(&mut self) {}
}

fn open(name: &str) -> Db {
    let folder = std::env::temp_dir().join(format!("anlan-full-{name}-{}", std::process::id()));
    drop(std::fs::remove_dir_all(&folder));
    let target = Target::Sqlite(folder.join("t.db"));
    let schema = "CREATE TABLE f (id BIGINT PRIMARY KEY, word TEXT NOT NULL)";
    migrate(
        &target,
        &[Migration {
            name: "f/0001",
            sql: schema,
        }],
    )
    .unwrap();
    let options = Options {
        readers: 1,
        durable: false,
        reserve: 1 << 20,
    };
    Db::open(&target, options, Box::new(Nothing)).unwrap()
}

fn limit(db: &Db, pages: &'static str) {
    let set: Result<(), StoreError> = db.write_blocking(move |tx| {
        let statement = if pages == "few" {
            sql!("PRAGMA max_page_count = 8")
        } else {
            sql!("PRAGMA max_page_count = 100000")
        };
        tx.query(statement, params![], |_| Ok(())).map(drop)
    });
    set.unwrap();
}

fn insert(db: &Db, id: i64, bytes: usize) -> Result<u64, StoreError> {
    let word = "x".repeat(bytes);
    db.write_blocking(move |tx| {
        tx.execute(
            sql!("INSERT INTO f (id, word) VALUES ($1, $2)"),
            params![id, word],
        )
    })
}

fn count(db: &Db) -> i64 {
    let counted: Result<Option<i64>, StoreError> =
        db.read_blocking(|tx| tx.first(sql!("SELECT COUNT(*) FROM f"), params![], |row| row.get(0)));
    counted.unwrap().unwrap()
}

#[test]
fn a_full_disk_refuses_clearly_keeps_reading_alive_and_recovers_by_itself() {
    let db = open("recovers");
    insert(&db, 1, 10).unwrap();
    limit(&db, "few");
    assert!(matches!(insert(&db, 2, 100_000), Err(StoreError::DiskFull)));
    assert_eq!(db.trouble(), Some(Trouble::DiskFull));
    assert_eq!(
        count(&db),
        1,
        "reading goes on, and nothing of the refused is there"
    );
    limit(&db, "many");
    insert(&db, 2, 100_000).unwrap();
    assert_eq!(db.trouble(), None);
    assert_eq!(count(&db), 2);
}

#[test]
fn the_neighbours_of_a_command_that_found_the_disk_full_are_told_the_same() {
    let db = open("neighbours");
    limit(&db, "few");
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..40)
            .map(|id| {
                let db = &db;
                scope.spawn(move || insert(db, id, 20_000))
            })
            .collect();
        for outcome in all.into_iter().map(|one| one.join().unwrap()) {
            assert!(
                matches!(outcome, Ok(1) | Err(StoreError::DiskFull)),
                "{outcome:?}"
            );
        }
    });
}

#[test]
fn the_reserve_is_real_blocks_beside_the_store() {
    let db = open("reserve");
    insert(&db, 1, 10).unwrap();
    assert_eq!(db.reserve(), 1 << 20);
    let Target::Sqlite(path) = db.target() else {
        unreachable!()
    };
    let reserve = path.with_file_name("reserve").metadata().unwrap();
    assert_eq!(reserve.len(), 1 << 20);
    assert!(reserve.blocks() * 512 >= 1 << 20, "no sparse file");
}
