//! The runner: looks what is due, fires it, and keeps the row that says the node is alive.

use std::collections::{HashMap, HashSet};
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anlan_foundation::Timestamp;
use anlan_ledger::{Actor, Ledger};
use anlan_store::StoreError;
use tokio::task::JoinSet;

use crate::{Due, Job, JobError, Outage, presence, store};

/// How often the runner looks.
const TICK: Duration = Duration::from_millis(250);
/// How old the row that says the node is alive may grow, in microseconds.
const BEAT_MICROS: i64 = 5_000_000;
/// How long the store may be out of reach before that counts as an outage, in microseconds.
const UNREACHABLE_MICROS: i64 = 10_000_000;
/// How many firings of one job are under way at a time; they share commits.
const TOGETHER: usize = 256;
/// A firing that fails rests this many rounds at most.
const LONGEST_REST: u64 = 240;

/// What one round did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Round {
    /// Firings that are on disk.
    pub fired: u64,
    /// Firings that failed and rest.
    pub failed: u64,
}

/// How the jobs fare, for monitoring.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    /// Firings since the node came up.
    pub fired: u64,
    /// Failures since the node came up.
    pub failed: u64,
    /// Job and subject of what fails again and again.
    pub resting: Vec<(&'static str, String)>,
    /// When the last round ended.
    pub last_round: Option<Timestamp>,
    /// The outage before this start, when there was one.
    pub came_after: Option<Outage>,
}

#[derive(Default)]
struct State {
    standing: Standing,
    rounds: u64,
    /// How often each failed in a row, and the round until which it rests.
    failures: HashMap<(&'static str, String), (u32, u64)>,
    beaten_at: Option<Timestamp>,
    troubled: bool,
}

/// Runs the jobs of all slices. Clones share one standing.
#[derive(Clone)]
pub struct Runner {
    ledger: Ledger,
    jobs: Arc<[Job]>,
    state: Arc<Mutex<State>>,
}

impl Runner {
    /// Records that the node has come up and since when it was down. The ledger's store needs
    /// [`migrations`](crate::migrations).
    pub fn come_up(ledger: &Ledger, jobs: Vec<Job>) -> Result<Self, JobError> {
        let names: HashSet<_> = jobs.iter().map(Job::name).collect();
        if names.len() != jobs.len() {
            return Err(JobError::Store(StoreError::Schema(
                "two jobs bear one name".to_owned(),
            )));
        }
        let now = ledger.clock().now();
        let came_after = ledger.db().write_blocking(move |tx| presence::come_up(tx, now))?;
        let mut state = State {
            beaten_at: Some(now),
            ..State::default()
        };
        state.standing.came_after = came_after;
        Ok(Self {
            ledger: ledger.clone(),
            jobs: jobs.into(),
            state: Arc::new(Mutex::new(state)),
        })
    }

    /// How the jobs fare.
    pub fn standing(&self) -> Standing {
        self.lock().standing.clone()
    }

    /// Looks and fires until `stop` comes, then records that the node was alive until then.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut stop = std::pin::pin!(stop);
        let mut failed: u64 = 0;
        loop {
            tokio::select! {
                () = &mut stop => break,
                _ = tick.tick() => {}
            }
            match self.round().await {
                Ok(_) => failed = 0,
                Err(error) => {
                    failed += 1;
                    // The same trouble is told again ever more seldom.
                    if u64::is_power_of_two(failed) {
                        tracing::error!(%error, times = failed, "a round of the jobs failed; trying again");
                    }
                }
            }
        }
        if let Err(error) = self.beat(self.ledger.clock().now()).await {
            tracing::warn!(%error, "the end of the node's run could not be recorded");
        }
    }

    /// One round for callers outside the asynchronous runtime: tests and the command line.
    pub fn round_blocking(&self) -> Result<Round, JobError> {
        tokio::runtime::Builder::new_current_thread()
            .build()
            .map_err(|error| JobError::Store(error.into()))?
            .block_on(self.round())
    }

    /// Fires everything that is due, then renews the row that says the node is alive.
    pub async fn round(&self) -> Result<Round, JobError> {
        self.begin_round();
        let outcome = self.fire_all().await;
        let now = self.ledger.clock().now();
        let beaten = self.end_round(now, &outcome);
        let round = outcome?;
        // A clock that was put back makes the row look young: it is renewed then, too.
        if !(0..BEAT_MICROS).contains(&beaten) {
            self.beat(now).await?;
        }
        Ok(round)
    }

    /// Counts the round and forgets failures that nobody tried again: what they were about is settled.
    fn begin_round(&self) {
        let mut state = self.lock();
        state.rounds += 1;
        let rounds = state.rounds;
        state
            .failures
            .retain(|_, (_, until)| *until + LONGEST_REST > rounds);
        state.standing.resting = state.failures.keys().cloned().collect();
    }

    /// Gives the age of the row that says the node is alive, in microseconds.
    fn end_round(&self, now: Timestamp, outcome: &Result<Round, JobError>) -> i64 {
        let mut state = self.lock();
        state.standing.last_round = Some(now);
        state.troubled |= outcome.is_err();
        state.beaten_at.map_or(i64::MAX, |at| now.micros_since(at))
    }

    async fn fire_all(&self) -> Result<Round, JobError> {
        let mut round = Round::default();
        let mut seen = HashSet::new();
        loop {
            let due = self.due(&seen).await?;
            if due.is_empty() {
                return Ok(round);
            }
            for some in due.chunks(TOGETHER) {
                self.fire(some, &mut round).await?;
            }
            seen.extend(due.into_iter().map(|(number, due)| (number, due.subject)));
        }
    }

    /// What is due, over all jobs, without what was seen in this round and what rests.
    async fn due(&self, seen: &HashSet<(usize, String)>) -> Result<Vec<(usize, Due)>, JobError> {
        let now = self.ledger.clock().now();
        let jobs = Arc::clone(&self.jobs);
        // Rows that are passed over must not hide the ones behind them.
        let passed_over = seen.len() + self.lock().failures.len();
        let limit = u64::try_from(TOGETHER * 4 + passed_over).unwrap_or(u64::MAX);
        let found = self
            .ledger
            .db()
            .read(move |tx| {
                let mut found = Vec::new();
                for (number, job) in jobs.iter().enumerate() {
                    let due = job.due(tx, now, limit)?;
                    found.extend(due.into_iter().map(|due| (number, due)));
                }
                Ok::<_, StoreError>(found)
            })
            .await?;
        let state = self.lock();
        let rests = |(number, due): &(usize, Due)| {
            let name = self.jobs.get(*number).map_or("", Job::name);
            let failure = state.failures.get(&(name, due.subject.clone()));
            failure.is_some_and(|(_, until)| *until > state.rounds)
        };
        let passed = |(number, due): &(usize, Due)| seen.contains(&(*number, due.subject.clone()));
        Ok(found
            .into_iter()
            .filter(|due| !passed(due) && !rests(due))
            .collect())
    }

    async fn fire(&self, due: &[(usize, Due)], round: &mut Round) -> Result<(), JobError> {
        let mut firings = JoinSet::new();
        for (number, due) in due.iter().cloned() {
            let Some(job) = self.jobs.get(number).cloned() else {
                continue;
            };
            let ledger = self.ledger.clone();
            firings.spawn(async move {
                let (name, subject) = (job.name(), due.clone());
                let actor = Actor {
                    kind: "rule".to_owned(),
                    rule: Some(name.to_owned()),
                    ..Actor::default()
                };
                let done = ledger
                    .command(actor, None, move |work| job.run(work, &subject))
                    .await;
                (name, due, done.map(|done| done.value))
            });
        }
        let mut trouble = None;
        while let Some(joined) = firings.join_next().await {
            let Ok((name, due, outcome)) = joined else {
                continue;
            };
            match outcome {
                Err(error) if error.is_of_the_store() => trouble = Some(error),
                outcome => self.settle(name, due, outcome, round),
            }
        }
        trouble.map_or(Ok(()), Err)
    }

    fn settle(&self, name: &'static str, due: Due, outcome: Result<bool, JobError>, round: &mut Round) {
        let mut state = self.lock();
        match outcome {
            Ok(fired) => {
                state.failures.remove(&(name, due.subject));
                round.fired += u64::from(fired);
                state.standing.fired += u64::from(fired);
            }
            Err(error) => {
                tracing::error!(job = name, subject = %due.subject, %error, "a job failed; it rests and is tried again");
                let rounds = state.rounds;
                let (times, until) = state.failures.entry((name, due.subject)).or_default();
                *times += 1;
                *until = rounds + LONGEST_REST.min(1 << (*times).min(10));
                round.failed += 1;
                state.standing.failed += 1;
            }
        }
        state.standing.resting = state.failures.keys().cloned().collect();
    }

    /// Renews the row; a store that was long out of reach leaves an outage behind.
    async fn beat(&self, now: Timestamp) -> Result<(), JobError> {
        let (troubled, since) = {
            let state = self.lock();
            (state.troubled, state.beaten_at)
        };
        let outage = since
            .filter(|since| troubled && now.micros_since(*since) > UNREACHABLE_MICROS)
            .map(|down_since| Outage {
                down_since,
                up_at: now,
            });
        self.ledger
            .db()
            .write_if_room(move |tx| {
                if let Some(outage) = &outage {
                    store::insert_outage(tx, outage)?;
                }
                presence::beat(tx, now)
            })
            .await?;
        let mut state = self.lock();
        state.beaten_at = Some(now);
        state.troubled = false;
        Ok(())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
