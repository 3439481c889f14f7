//! A floor under every dispatch: what each incident would cost if units were hired at prices instead of shared.

use super::figure;
use super::matching::Table;

/// Prices of units and of leaving a group.
#[derive(Debug, Clone)]
pub(crate) struct Prices {
    units: Vec<f64>,
    groups: Vec<f64>,
}

/// Between which arrivals the last unit of each incident must lie.
#[derive(Debug, Clone)]
pub(crate) struct Ranges {
    /// Counted as at least this.
    pub low: Vec<i64>,
    /// At most this.
    pub high: Vec<i64>,
}

/// What the prices come to.
#[derive(Debug, Clone)]
pub(crate) struct Relaxed {
    /// No dispatch within the ranges costs less.
    pub value: f64,
    /// The last arrival of each incident at these prices.
    pub limits: Vec<i64>,
    /// How often each unit was hired.
    uses: Vec<f64>,
}

impl Prices {
    /// Everything is free.
    pub(crate) fn free(table: &Table) -> Self {
        Self {
            units: vec![0.0; table.group_of.len()],
            groups: vec![0.0; table.may_leave.len()],
        }
    }

    /// Solves every incident for itself; `None` when one has no answer within its range.
    pub(crate) fn relax(&self, table: &Table, ranges: &Ranges) -> Option<Relaxed> {
        let price: Vec<f64> = (table.group_of.iter().zip(&self.units))
            .map(|(group, own)| own + self.groups[*group])
            .collect();
        let mut relaxed = Relaxed {
            value: -self.units.iter().sum::<f64>(),
            limits: vec![0; table.near.len()],
            uses: vec![0.0; table.group_of.len()],
        };
        let groups = self.groups.iter().zip(&table.may_leave);
        // A group without a price adds nothing, however many it lets leave.
        relaxed.value -= groups
            .filter(|(price, _)| **price > 0.0)
            .map(|(price, leave)| price * count(*leave))
            .sum::<f64>();
        for incident in 0..table.near.len() {
            relaxed.value += one(table, &price, ranges, incident, &mut relaxed)?;
        }
        Some(relaxed)
    }

    /// Makes dearer what was hired too often and cheaper what was not hired (subgradient step after Polyak).
    pub(crate) fn step(&mut self, table: &Table, relaxed: &Relaxed, towards: f64, pace: f64) {
        let mut leaving: Vec<f64> = table.may_leave.iter().map(|leave| -count(*leave)).collect();
        for (group, uses) in table.group_of.iter().zip(&relaxed.uses) {
            leaving[*group] += uses;
        }
        let slopes = (self.units.iter().zip(relaxed.uses.iter().map(|uses| uses - 1.0)))
            .chain(self.groups.iter().zip(leaving.iter().copied()));
        // A price at 0 that would fall stays where it is, so it does not count.
        let length: f64 = slopes
            .filter(|(price, slope)| **price > 0.0 || *slope > 0.0)
            .map(|(_, slope)| slope * slope)
            .sum();
        if length < 0.5 {
            return;
        }
        let step = pace * (towards - relaxed.value).max(0.1) / length;
        for (price, uses) in self.units.iter_mut().zip(&relaxed.uses) {
            *price = (*price + step * (uses - 1.0)).max(0.0);
        }
        for (price, slope) in self.groups.iter_mut().zip(leaving) {
            *price = (*price + step * slope).max(0.0);
        }
    }
}

fn count(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::from(u32::MAX), f64::from)
}

/// The cheapest hires of a slot so far, dearest last.
struct Hires {
    wanted: usize,
    units: Vec<(f64, usize)>,
    sum: f64,
}

impl Hires {
    fn offer(&mut self, price: f64, unit: usize) {
        let at = self.units.partition_point(|(other, _)| *other <= price);
        if at >= self.wanted {
            return;
        }
        if self.units.len() == self.wanted
            && let Some((dearest, _)) = self.units.pop()
        {
            self.sum -= dearest;
        }
        self.units.insert(at, (price, unit));
        self.sum += price;
    }

    fn is_full(&self) -> bool {
        self.units.len() == self.wanted
    }
}

/// One incident for itself: the arrival at which waiting longer for cheaper units stops paying.
fn one(table: &Table, price: &[f64], ranges: &Ranges, incident: usize, relaxed: &mut Relaxed) -> Option<f64> {
    let slots = &table.slots_of[incident];
    if slots.is_empty() {
        return Some(0.0);
    }
    let (low, high) = (ranges.low[incident], ranges.high[incident]);
    let weight = table.weights[incident];
    let mut best: Option<(f64, i64)> = None;
    walk(table, price, slots, |seconds, hires: &[Hires]| {
        if seconds > high {
            return false;
        }
        if hires.iter().all(Hires::is_full) {
            let value = figure(weight * seconds.max(low)) + hires.iter().map(|hire| hire.sum).sum::<f64>();
            if best.is_none_or(|(other, _)| value < other) {
                best = Some((value, seconds));
            }
        }
        true
    });
    let (value, limit) = best?;
    relaxed.limits[incident] = limit.max(low).min(high);
    walk(table, price, slots, |seconds, hires| {
        if seconds < limit {
            return true;
        }
        for (_, unit) in hires.iter().flat_map(|hire| &hire.units) {
            relaxed.uses[*unit] += 1.0;
        }
        false
    });
    Some(value)
}

/// Offers the units of the slots of one incident by arrival; `each` sees the state at each arrival and may stop.
fn walk(table: &Table, price: &[f64], slots: &[usize], mut each: impl FnMut(i64, &[Hires]) -> bool) {
    let mut hires: Vec<Hires> = slots
        .iter()
        .map(|slot| Hires {
            wanted: table.slots[*slot].count,
            units: Vec::with_capacity(table.slots[*slot].count + 1),
            sum: 0.0,
        })
        .collect();
    let mut at = vec![0; slots.len()];
    loop {
        let next = (slots.iter().zip(&at)).filter_map(|(slot, at)| table.able[*slot].get(*at));
        let Some(seconds) = next.map(|(seconds, _)| *seconds).min() else {
            return;
        };
        for ((slot, at), hire) in slots.iter().zip(&mut at).zip(&mut hires) {
            while let Some(&(when, unit)) = table.able[*slot].get(*at)
                && when == seconds
            {
                hire.offer(price[unit], unit);
                *at += 1;
            }
        }
        if !each(seconds, &hires) {
            return;
        }
    }
}
