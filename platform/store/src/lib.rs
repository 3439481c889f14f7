//! One SQL text, two engines: an embedded SQLite file, or PostgreSQL.
//!
//! Every statement of the program is written once with [`sql!`] and `$n` placeholders in portable SQL. Code that
//! talks to the store is synchronous and runs on database threads: readers in parallel, writers one after the other
//! behind a **group commit** (many commands, one `fsync`). Invariants:
//! - a write is answered only after its transaction is on disk (`synchronous=FULL`);
//! - every command of a group has its own savepoint, so a refusal never spoils its neighbours;
//! - there is no other way to the database than [`Tx`].

mod db;
mod engine;
mod error;
mod health;
mod migrate;
mod reserve;
mod row;
mod schema;
mod statement;
mod tx;
mod whole;
mod writer;

pub use db::{BeforeCommit, Db, Options, Target};
pub use error::StoreError;
pub use health::{Observer, Trouble};
pub use migrate::{Migration, migrate, pending};
pub use row::{Column, Row};
pub use schema::{Dump, Table, compare_table, prepare_all};
pub use statement::{Param, Statement, ToParam, all_statements};
pub use tx::Tx;
pub use whole::{compare_stores, copy_store, read_once, snapshot_sqlite};

#[doc(hidden)]
pub use inventory;
