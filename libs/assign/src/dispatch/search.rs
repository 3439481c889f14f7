//! The search: prices show where units are short, repair and descent make dispatches of it, branching closes the gap.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::bound::{Prices, Ranges};
use super::matching::{Matching, Table};
use super::{Effort, figure};

/// What the search found.
#[derive(Debug)]
pub(crate) struct Found {
    /// The last arrival that each incident is given.
    pub limits: Vec<i64>,
    /// No dispatch costs less.
    pub bound: i64,
}

/// Looks for the best limits. Every slot of the table can be filled without limits.
pub(crate) fn run(table: &Table, effort: Effort) -> Found {
    let mut search = Search::start(table);
    let ranges = Ranges {
        low: vec![0; table.near.len()],
        high: vec![i64::MAX; table.near.len()],
    };
    let mut prices = Prices::free(table);
    let root = search.improve(&mut prices, &ranges, effort.bound_rounds);
    search.trade(effort.trades);
    let bound = search.branch(root, prices, ranges, effort.branches);
    Found {
        bound,
        limits: search.best,
    }
}

struct Search<'a> {
    table: &'a Table,
    /// Arrivals at which something can change, per incident.
    levels: Vec<Vec<i64>>,
    best: Vec<i64>,
    cost: i64,
}

/// A part of all dispatches that still may hold a better one.
struct Branch {
    value: f64,
    limits: Vec<i64>,
    prices: Prices,
    ranges: Ranges,
}

impl<'a> Search<'a> {
    fn start(table: &'a Table) -> Self {
        let levels = (table.slots_of.iter())
            .map(|slots| {
                let all = slots.iter().flat_map(|slot| &table.able[*slot]);
                let mut levels: Vec<i64> = all.map(|(seconds, _)| *seconds).collect();
                levels.sort_unstable();
                levels.dedup();
                levels
            })
            .collect();
        let mut search = Self {
            table,
            levels,
            best: vec![i64::MAX; table.near.len()],
            cost: i64::MAX,
        };
        let start: Vec<i64> = (search.levels.iter())
            .map(|levels| levels.last().copied().unwrap_or(0))
            .collect();
        search.take(start);
        search
    }

    fn cost_of(&self, limits: &[i64]) -> i64 {
        let pairs = limits.iter().zip(&self.table.weights);
        pairs.map(|(limit, weight)| limit * weight).sum()
    }

    /// Makes limits possible and as low as they go by themselves; keeps them when they are the best so far.
    fn take(&mut self, mut limits: Vec<i64>) -> bool {
        let mut matching = Matching::empty(self.table);
        while let Some(short) = matching.fill(self.table, &limits) {
            if !self.raise(&mut limits, &short) {
                return false;
            }
        }
        self.descend(&mut limits, matching, None);
        self.keep(limits)
    }

    fn keep(&mut self, limits: Vec<i64>) -> bool {
        let cost = self.cost_of(&limits);
        if cost >= self.cost {
            return false;
        }
        self.cost = cost;
        self.best = limits;
        true
    }

    /// Raises, of the incidents that compete for what is short, the one for which it costs least.
    fn raise(&self, limits: &mut [i64], short: &[bool]) -> bool {
        let competing = (0..self.table.slots.len()).filter(|slot| short[*slot]);
        let dearer = competing.filter_map(|slot| {
            let incident = self.table.slots[slot].incident;
            let next = self.above(incident, limits[incident])?;
            Some((
                (next - limits[incident]) * self.table.weights[incident],
                incident,
                next,
            ))
        });
        let Some((_, incident, next)) = dearer.min() else {
            return false;
        };
        limits[incident] = next;
        true
    }

    fn above(&self, incident: usize, limit: i64) -> Option<i64> {
        let levels = &self.levels[incident];
        levels
            .get(levels.partition_point(|level| *level <= limit))
            .copied()
    }

    fn below(&self, incident: usize, limit: i64) -> Option<i64> {
        let levels = &self.levels[incident];
        let at = levels.partition_point(|level| *level < limit);
        at.checked_sub(1).map(|at| levels[at])
    }

    /// Lowers limits one level at a time, where it saves most, until none can be lowered.
    fn descend(&self, limits: &mut [i64], mut matching: Matching, except: Option<usize>) {
        let table = self.table;
        let mut stuck = vec![false; limits.len()];
        for (incident, last) in matching.last(table).into_iter().enumerate() {
            match except {
                Some(except) if except == incident => stuck[incident] = true,
                _ => limits[incident] = last,
            }
        }
        loop {
            let steps = (0..limits.len()).filter(|incident| !stuck[*incident]);
            let steps = steps.filter_map(|incident| {
                let next = self.below(incident, limits[incident])?;
                Some((
                    (limits[incident] - next) * table.weights[incident],
                    incident,
                    next,
                ))
            });
            let Some((_, incident, next)) =
                steps.max_by_key(|(saved, incident, _)| (*saved, Reverse(*incident)))
            else {
                return;
            };
            let mut tried = matching.clone();
            let before = std::mem::replace(&mut limits[incident], next);
            tried.keep_within(table, limits);
            if tried.fill(table, limits).is_some() {
                limits[incident] = before;
                stuck[incident] = true;
                continue;
            }
            // Others may stand nearer now as well; a limit that fell may free what was stuck.
            matching = tried;
        }
    }

    /// Follows the prices for some rounds; now and then tries what they say as a dispatch.
    fn improve(&mut self, prices: &mut Prices, ranges: &Ranges, rounds: usize) -> Option<(f64, Vec<i64>)> {
        let (mut pace, mut idle) = (1.5, 0);
        let mut top: Option<(f64, Vec<i64>, Prices)> = None;
        for round in 0..rounds {
            let relaxed = prices.relax(self.table, ranges)?;
            if round % 8 == 0 {
                self.take(relaxed.limits.clone());
            }
            if top
                .as_ref()
                .is_none_or(|(value, ..)| relaxed.value > value + 1e-6)
            {
                top = Some((relaxed.value, relaxed.limits.clone(), prices.clone()));
                idle = 0;
            } else {
                idle += 1;
            }
            if self.is_closed(relaxed.value) || pace < 0.01 {
                break;
            }
            if idle >= 12 {
                (pace, idle) = (pace / 2.0, 0);
                if let Some((_, _, best)) = &top {
                    *prices = best.clone();
                    continue;
                }
            }
            let towards = figure(self.cost);
            prices.step(self.table, &relaxed, towards, pace);
        }
        let (value, limits, best) = top?;
        *prices = best;
        Some((value, limits))
    }

    /// Whether nothing above this value can beat the best: costs are whole.
    fn is_closed(&self, value: f64) -> bool {
        whole(value) >= self.cost
    }

    /// Gives one incident more time and sees whether the others gain more.
    fn trade(&mut self, trades: usize) {
        let incidents = self.best.len();
        let mut since = 0;
        for turn in 0..trades {
            if incidents == 0 || since > 4 * incidents {
                return;
            }
            let incident = turn % incidents;
            let mut limits = self.best.clone();
            for _ in 0..=(turn / incidents) % 4 {
                if let Some(next) = self.above(incident, limits[incident]) {
                    limits[incident] = next;
                }
            }
            let mut matching = Matching::empty(self.table);
            if matching.fill(self.table, &limits).is_some() {
                continue;
            }
            let mut lower = limits.clone();
            self.descend(&mut lower, matching, Some(incident));
            since = if self.take(lower) { 0 } else { since + 1 };
        }
    }

    /// Splits what may still be better, the lowest floor first, and gives the floor under all of it.
    fn branch(
        &mut self,
        root: Option<(f64, Vec<i64>)>,
        prices: Prices,
        ranges: Ranges,
        branches: usize,
    ) -> i64 {
        let Some((value, limits)) = root else {
            return self.cost;
        };
        let mut open = BinaryHeap::from([Branch {
            value,
            limits,
            prices,
            ranges,
        }]);
        for _ in 0..branches {
            if open.peek().is_none_or(|branch| self.is_closed(branch.value)) {
                return self.cost;
            }
            let Some(branch) = open.pop() else { break };
            let halves = self.split(&branch);
            if halves.is_empty() {
                // Every arrival is fixed: the part is one set of limits, possible or not.
                self.take(branch.limits);
                continue;
            }
            for ranges in halves {
                open.extend(self.part(&branch, ranges));
            }
        }
        open.peek()
            .map_or(self.cost, |branch| whole(branch.value).min(self.cost))
    }

    /// A part, unless nothing in it can be better.
    fn part(&mut self, of: &Branch, ranges: Ranges) -> Option<Branch> {
        let mut prices = of.prices.clone();
        let (value, limits) = self.improve(&mut prices, &ranges, CHILD_ROUNDS)?;
        // A part cannot have a lower floor than the whole.
        let value = value.max(of.value);
        (!self.is_closed(value)).then_some(Branch {
            value,
            limits,
            prices,
            ranges,
        })
    }

    /// Two halves: the incident whose price answer is furthest below the best dispatch arrives by then, or later.
    fn split(&self, branch: &Branch) -> Vec<Ranges> {
        let far = (0..branch.limits.len()).max_by_key(|incident| {
            let behind = (self.best[*incident] - branch.limits[*incident]).abs();
            let open = branch.ranges.high[*incident] > branch.ranges.low[*incident];
            (open, behind * self.table.weights[*incident], Reverse(*incident))
        });
        let Some(incident) = far else {
            return Vec::new();
        };
        let (low, high) = (branch.ranges.low[incident], branch.ranges.high[incident]);
        let middle = branch.limits[incident];
        let mut halves = Vec::new();
        if middle < high {
            let mut early = branch.ranges.clone();
            early.high[incident] = middle;
            halves.push(early);
            if let Some(next) = self.above(incident, middle)
                && next <= high
            {
                let mut late = branch.ranges.clone();
                late.low[incident] = next;
                halves.push(late);
            }
        } else if middle > low {
            if let Some(next) = self.below(incident, middle)
                && next >= low
            {
                let mut early = branch.ranges.clone();
                early.high[incident] = next;
                halves.push(early);
            }
            let mut late = branch.ranges.clone();
            late.low[incident] = middle;
            halves.push(late);
        }
        halves
    }
}

/// Rounds of the relaxation in a part.
const CHILD_ROUNDS: usize = 30;

/// The least whole cost that is not below a floor.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "costs are far below 2^52"
)]
fn whole(value: f64) -> i64 {
    (value - 1e-4).ceil() as i64
}

impl PartialEq for Branch {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Branch {}

impl PartialOrd for Branch {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Branch {
    /// The lowest floor is the greatest branch.
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        other.value.total_cmp(&self.value)
    }
}
