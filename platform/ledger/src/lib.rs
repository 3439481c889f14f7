//! The ledger: every legal fact is an entry, everything else is a view of the entries.
//!
//! A use case runs as one command ([`Ledger::command`]): it loads what it needs, decides, and records facts with
//! [`Work::record`]. Entry, view tables and idempotency key are written in one transaction and answered after it is on
//! disk. Invariants:
//! - a node's entries are numbered without gaps and chained by hash; a signed checkpoint closes every group commit;
//! - view tables change only in [`View::apply`], so [`Ledger::rebuild`] arrives at the same tables;
//! - personal data stands in an entry only sealed ([`Work::seal`]), under a key that can be destroyed.

mod append;
mod command;
mod error;
mod hook;
mod hub;
mod ledger;
mod maintenance;
mod passphrase;
mod proving;
mod seal;
mod store;
mod tree;
mod verify;
mod view;

pub use anlan_proof::{Actor, Checkpoint, Digest, Entry, Finding, FindingKind, Report, Suite};
pub use command::{Done, Idempotency, Work};
pub use error::LedgerError;
pub use hub::{Hub, LiveEntry};
pub use ledger::{Ledger, LedgerConfig, NodeIdentity};
pub use maintenance::{Copied, Replay, compare, copy, export, prepare, replay};
pub use passphrase::{unwrap_secret, wrap_secret};
pub use proving::{Covered, Proof};
pub use seal::{Sealed, Sealer};
pub use store::{EntryFilter, entries, entry, head, migrations, newest, prune_responses, stream_entries};
pub use verify::verify_store;
pub use view::{Headline, Recorded, View};
