//! What a slice registers: a name, what is due, and what happens then.

use std::sync::Arc;

use anlan_foundation::Timestamp;
use anlan_ledger::Work;
use anlan_store::{StoreError, Tx};

use crate::{JobError, Outage, store};

/// Something that is due.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Due {
    /// What it is about, for example the id of an incident.
    pub subject: String,
    /// Since when it is due.
    pub due_at: Timestamp,
}

/// One firing, as the job sees it.
#[derive(Debug, Clone)]
pub struct Firing {
    /// What it is about.
    pub subject: String,
    /// Since when it is due.
    pub due_at: Timestamp,
    /// When it fires.
    pub now: Timestamp,
}

/// A firing this close to its time is not late.
const PROMPT_MICROS: i64 = 1_000_000;

impl Firing {
    /// How late it is, in microseconds; never negative.
    pub fn late_by_micros(&self) -> i64 {
        self.now.micros_since(self.due_at).max(0)
    }

    /// The outage during which `due_at` fell, when this firing is late because the node was down then.
    ///
    /// `due_at` may be another instant than that of the firing when one firing settles several deadlines.
    pub fn down_at(&self, tx: &mut Tx<'_>, due_at: Timestamp) -> Result<Option<Outage>, StoreError> {
        if self.now.micros_since(due_at) <= PROMPT_MICROS {
            return Ok(None);
        }
        store::outage_at(tx, due_at)
    }
}

type DueRows = dyn Fn(&mut Tx<'_>, Timestamp, u64) -> Result<Vec<Due>, StoreError> + Send + Sync;
type Fire = dyn Fn(&mut Work<'_, '_>, &Firing) -> Result<(), JobError> + Send + Sync;

#[derive(Clone)]
enum Source {
    Timers,
    Rows(Arc<DueRows>),
    Every { minutes: u32 },
}

/// One job. Its name is unique, begins with the slice's and stays what it is: `incident.deadline`.
#[derive(Clone)]
pub struct Job {
    name: &'static str,
    source: Source,
    fire: Arc<Fire>,
}

impl Job {
    /// A job whose timers are set and cleared with [`set_timer`](crate::set_timer) and
    /// [`clear_timer`](crate::clear_timer), usually where the slice folds a fact into its tables.
    ///
    /// The timer is gone when `fire` runs; `fire` may set it again. A rebuild sets timers anew that have fired long
    /// ago, so `fire` looks whether there is still something to do.
    pub fn on_timer(
        name: &'static str,
        fire: impl Fn(&mut Work<'_, '_>, &Firing) -> Result<(), JobError> + Send + Sync + 'static,
    ) -> Self {
        Self {
            name,
            source: Source::Timers,
            fire: Arc::new(fire),
        }
    }

    /// A job whose due rows stand in the slice's own tables.
    ///
    /// `due(tx, now, limit)` gives what is due at `now`, the longest due first, by an index. `fire` runs for each and
    /// must bring about that its row is no longer due; it looks again, for another server may have been faster.
    pub fn on_rows(
        name: &'static str,
        due: impl Fn(&mut Tx<'_>, Timestamp, u64) -> Result<Vec<Due>, StoreError> + Send + Sync + 'static,
        fire: impl Fn(&mut Work<'_, '_>, &Firing) -> Result<(), JobError> + Send + Sync + 'static,
    ) -> Self {
        Self {
            name,
            source: Source::Rows(Arc::new(due)),
            fire: Arc::new(fire),
        }
    }

    /// A job that runs at its first start and then every so many minutes; missed times are made good by one run.
    pub fn every(
        name: &'static str,
        minutes: u32,
        fire: impl Fn(&mut Work<'_, '_>, &Firing) -> Result<(), JobError> + Send + Sync + 'static,
    ) -> Self {
        Self {
            name,
            source: Source::Every {
                minutes: minutes.max(1),
            },
            fire: Arc::new(fire),
        }
    }

    /// The job's name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    pub(crate) fn due(&self, tx: &mut Tx<'_>, now: Timestamp, limit: u64) -> Result<Vec<Due>, StoreError> {
        match &self.source {
            Source::Timers => store::due_timers(tx, self.name, now, limit),
            Source::Rows(due) => due(tx, now, limit),
            Source::Every { minutes } => self.due_again(tx, now, i64::from(*minutes)),
        }
    }

    /// A periodic job without a row has never run. One whose row lies further ahead than its period was set by a
    /// clock that has been put back since; waiting for it would skip runs.
    fn due_again(&self, tx: &mut Tx<'_>, now: Timestamp, minutes: i64) -> Result<Vec<Due>, StoreError> {
        let next = store::timer(tx, self.name, "")?;
        let due_at = match next {
            None => now,
            Some(next) if next <= now => next,
            Some(next) if next > now.plus_minutes(minutes) => now,
            Some(_) => return Ok(Vec::new()),
        };
        Ok(vec![Due {
            subject: String::new(),
            due_at,
        }])
    }

    /// Claims and fires inside one command; `false` when there was nothing left to claim.
    pub(crate) fn run(&self, work: &mut Work<'_, '_>, due: &Due) -> Result<bool, JobError> {
        if !self.claim(work, due)? {
            return Ok(false);
        }
        let firing = Firing {
            subject: due.subject.clone(),
            due_at: due.due_at,
            now: work.now,
        };
        (self.fire)(work, &firing)?;
        Ok(true)
    }

    fn claim(&self, work: &mut Work<'_, '_>, due: &Due) -> Result<bool, JobError> {
        match &self.source {
            Source::Timers => Ok(store::take_timer(work.tx, self.name, due)? > 0),
            Source::Rows(_) => Ok(true),
            Source::Every { minutes } => {
                let minutes = i64::from(*minutes);
                let still = self.due_again(work.tx, work.now, minutes)?;
                if still.is_empty() {
                    return Ok(false);
                }
                store::set_timer(work.tx, self.name, "", work.now.plus_minutes(minutes))?;
                Ok(true)
            }
        }
    }
}
