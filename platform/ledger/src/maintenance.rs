//! Proving: the entries are whole, and the tables are nothing but a view of them.

use std::collections::VecDeque;
use std::io::Write;
use std::sync::Arc;

use anlan_proof::{Checkpoint, Entry, ExportHeader, ExportWriter};
use anlan_store::{
    Dump, Migration, StoreError, Table, Target, compare_stores, compare_table, copy_store, migrate,
};

use crate::view::{Recorded, View};
use crate::{EntryFilter, Ledger, LedgerError, store};

/// What a rebuild found.
#[derive(Debug)]
pub struct Replay {
    /// Entries replayed.
    pub entries: u64,
    /// Tables compared.
    pub tables: usize,
    /// Rows that differ; empty when the tables are a pure view.
    pub differences: Vec<Dump>,
}

/// Entries and checkpoints are read in pages of this many.
const PAGE: u64 = 10_000;

/// One line of the feed.
enum Item<'i> {
    Entry(&'i Entry),
    Checkpoint(Checkpoint),
}

/// Hands every entry of the node's feed, and every checkpoint right after its entry, to `visit`.
fn walk(
    ledger: &Ledger,
    mut visit: impl FnMut(Item<'_>) -> Result<(), LedgerError>,
) -> Result<(), LedgerError> {
    let mut waiting = VecDeque::new();
    let (mut after, mut checkpointed) = (0, 0);
    loop {
        let (entries, checkpoints) = page(ledger, after, checkpointed)?;
        checkpointed = checkpoints
            .last()
            .map_or(checkpointed, |last: &Checkpoint| last.size);
        waiting.extend(checkpoints);
        let Some(last) = entries.last() else { break };
        after = last.position;
        for recorded in entries
            .iter()
            .filter(|recorded| recorded.entry.origin == ledger.origin())
        {
            visit(Item::Entry(&recorded.entry))?;
            while let Some(due) =
                waiting.pop_front_if(|next: &mut Checkpoint| next.size <= recorded.entry.seq)
            {
                visit(Item::Checkpoint(due))?;
            }
        }
    }
    waiting
        .into_iter()
        .try_for_each(|checkpoint| visit(Item::Checkpoint(checkpoint)))
}

fn page(
    ledger: &Ledger,
    after: u64,
    checkpointed: u64,
) -> Result<(Vec<Recorded>, Vec<Checkpoint>), LedgerError> {
    let feed = ledger.origin().to_owned();
    let filter = EntryFilter {
        after,
        area_before: "\u{10FFFF}".to_owned(),
        limit: PAGE,
        ..EntryFilter::default()
    };
    ledger.db().read_blocking(move |tx| {
        let entries = store::entries(tx, &filter)?;
        Ok((entries, store::checkpoints(tx, &feed, checkpointed, PAGE)?))
    })
}

/// Writes the node's feed in the form that `anlan ledger verify FILE` reads on any machine.
pub fn export<W: Write>(ledger: &Ledger, out: W) -> Result<W, LedgerError> {
    let core = ledger.core();
    let (origin, origin_name) = (core.origin.clone(), core.origin.clone());
    let (_, last) = ledger
        .db()
        .read_blocking(move |tx| store::head(tx, &origin))
        .map_err(LedgerError::Store)?;
    let key = core.key.verifying_key();
    let header = ExportHeader {
        exported_at: core.clock.now().as_micros(),
        ..ExportHeader::new(origin_name, &key, core.realm.to_string(), last)
    };
    let failed = |error: std::io::Error| LedgerError::Store(StoreError::Io(error));
    let mut writer = ExportWriter::try_new(out, &header).map_err(failed)?;
    walk(ledger, |item| match item {
        Item::Entry(entry) => writer.entry(entry).map_err(failed),
        Item::Checkpoint(checkpoint) => writer.checkpoint(&checkpoint).map_err(failed),
    })?;
    writer.finish().map_err(failed)
}

/// Replays every entry up to `up_to` (0: all) from `source` into `replica`, a fresh ledger over an empty store.
pub fn replay(source: &Ledger, replica: &Ledger, up_to: u64) -> Result<u64, LedgerError> {
    let (mut after, mut replayed) = (0, 0);
    loop {
        let (entries, _) = page(source, after, u64::MAX / 2)?;
        let entries: Vec<_> = entries
            .into_iter()
            .filter(|e| up_to == 0 || e.position <= up_to)
            .collect();
        let Some(last) = entries.last() else {
            return Ok(replayed);
        };
        after = last.position;
        replayed += u64::try_from(entries.len()).unwrap_or(0);
        let core = replica.core();
        replica.db().write_blocking(move |tx| {
            entries
                .iter()
                .try_for_each(|recorded| accept(&core, tx, recorded))
        })?;
    }
}

fn accept(
    core: &crate::ledger::Core,
    tx: &mut anlan_store::Tx<'_>,
    recorded: &Recorded,
) -> Result<(), LedgerError> {
    let actor =
        serde_json::to_string(&recorded.entry.actor).map_err(|error| LedgerError::Fact(error.to_string()))?;
    store::insert_entry(tx, recorded, &actor)?;
    store::advance_head(tx, recorded)?;
    Ok(core.apply(tx, recorded)?)
}

/// Compares the view tables of two stores.
pub fn compare(
    left: &Target,
    right: &Target,
    views: &[Arc<dyn View>],
) -> Result<(usize, Vec<Dump>), LedgerError> {
    let tables: Vec<&Table> = views.iter().flat_map(|view| view.tables()).collect();
    let mut differences = Vec::new();
    for table in &tables {
        differences.extend(compare_table(left, right, table)?);
    }
    Ok((tables.len(), differences))
}

/// Copies a whole store, entries, checkpoints, tables and all, into another, which must be empty.
///
/// The copy is byte for byte the same ledger. Both stores are compared afterwards.
pub fn copy(
    from: &Target,
    to: &Target,
    views: &[Arc<dyn View>],
    side_migrations: &[Migration],
) -> Result<Copied, LedgerError> {
    prepare(from, views, side_migrations)?;
    prepare(to, views, side_migrations)?;
    let rows = copy_store(from, to)?.into_iter().map(|(_, rows)| rows).sum();
    let (tables, differences) = compare_stores(from, to)?;
    Ok(Copied {
        rows,
        tables,
        differences,
    })
}

/// What was copied from one store to another.
#[derive(Debug)]
pub struct Copied {
    /// Rows copied, over all tables.
    pub rows: u64,
    /// Tables copied.
    pub tables: usize,
    /// Rows that differ afterwards, when the source was written meanwhile.
    pub differences: Vec<Dump>,
}

/// Brings a store to this program's schema.
pub fn prepare(
    target: &Target,
    views: &[Arc<dyn View>],
    side_migrations: &[Migration],
) -> Result<(), StoreError> {
    let mut steps = store::migrations().to_vec();
    steps.extend(views.iter().flat_map(|view| view.migrations().iter().copied()));
    steps.extend_from_slice(side_migrations);
    migrate(target, &steps)
}
