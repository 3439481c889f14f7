//! The emergency reserve: disk space set aside, given back piece by piece when the disk is full.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};

use rustix::fs::{FallocateFlags, fallocate, statvfs};

/// Below this much free space a piece of the reserve is given back before the next group is written.
const LOW: u64 = 4 << 20;
/// The size of a piece. What is given back can be taken by other programs, so it is never all of it at once.
const PIECE: u64 = 4 << 20;

/// A file of real blocks beside the store.
#[derive(Debug)]
pub(crate) struct Reserve {
    path: PathBuf,
    wanted: u64,
    held: u64,
}

impl Reserve {
    /// Sets space aside in the store's folder, at most an eighth of what is free. `wanted` 0 sets none aside.
    pub(crate) fn beside(store: &Path, wanted: u64) -> Self {
        let path = store.with_file_name("reserve");
        let held = path.metadata().map_or(0, |found| found.len());
        let mut reserve = Self { path, wanted, held };
        reserve.tend();
        reserve
    }

    /// How many bytes are set aside.
    pub(crate) fn held(&self) -> u64 {
        self.held
    }

    /// Called before every group that matters: gives a piece back when the disk is nearly full, and takes space back
    /// when there is plenty again. Costs one look at the file system.
    pub(crate) fn tend(&mut self) {
        match self.free() {
            Some(free) if free < LOW => self.give(),
            _ => self.regain(),
        }
    }

    /// Takes space back when there is plenty again.
    pub(crate) fn regain(&mut self) {
        let Some(free) = self.free() else { return };
        if self.held < self.wanted && free / 8 > self.wanted - self.held {
            self.grow_to(self.wanted);
        } else if self.held == 0 && self.wanted > 0 && free > 8 * PIECE {
            self.grow_to(self.wanted.min(free / 8));
        }
    }

    /// Gives a piece back.
    pub(crate) fn give(&mut self) {
        if self.held > 0 {
            self.shrink_to(self.held.saturating_sub(PIECE));
        }
    }

    fn free(&self) -> Option<u64> {
        let status = statvfs(self.path.parent()?).ok()?;
        Some(status.f_bavail.saturating_mul(status.f_frsize))
    }

    fn shrink_to(&mut self, bytes: u64) {
        let shrunk = OpenOptions::new()
            .write(true)
            .open(&self.path)
            .and_then(|file| file.set_len(bytes));
        match shrunk {
            Ok(()) => {
                self.held = bytes;
                tracing::warn!(
                    left = bytes,
                    "the disk is nearly full: the emergency reserve is being used"
                );
            }
            Err(error) => {
                tracing::error!(%error, "the emergency reserve could not be given back");
                self.held = 0;
            }
        }
    }

    fn grow_to(&mut self, bytes: u64) {
        let grown = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&self.path)
            .and_then(|file| Ok(fallocate(&file, FallocateFlags::empty(), 0, bytes)?));
        match grown {
            Ok(()) => self.held = bytes,
            Err(error) => {
                tracing::warn!(%error, "no emergency reserve could be set aside");
                // Not tried again before the next start: a file system that cannot will not learn it.
                self.wanted = self.held;
            }
        }
    }
}
