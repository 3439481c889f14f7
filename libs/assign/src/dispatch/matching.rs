//! Which limits on the last arrival can be kept: matchings of units to wanted places, grown path by path.

use super::Problem;

/// A kind wanted at an incident, with the number that can be met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Slot {
    /// Index of the incident.
    pub incident: usize,
    /// The kind.
    pub kind: usize,
    /// How many.
    pub count: usize,
}

/// The question in the form that the search reads.
#[derive(Debug)]
pub(crate) struct Table {
    /// Slots with a count above 0.
    pub slots: Vec<Slot>,
    /// Slots of each incident.
    pub slots_of: Vec<Vec<usize>>,
    /// Of each incident: (seconds, unit), the nearest first.
    pub near: Vec<Vec<(i64, usize)>>,
    /// Of each slot: (seconds, unit) that has the kind, the nearest first.
    pub able: Vec<Vec<(i64, usize)>>,
    /// Of each unit: its group.
    pub group_of: Vec<usize>,
    /// Of each group: how many may leave.
    pub may_leave: Vec<usize>,
    /// Of each incident: weight.
    pub weights: Vec<i64>,
}

impl Table {
    /// Sorts everything once. Of several trips of one pair the shortest counts.
    pub(crate) fn new(problem: &Problem, slots: Vec<Slot>) -> Self {
        let mut near: Vec<Vec<(i64, usize)>> = vec![Vec::new(); problem.needs.len()];
        for trip in &problem.trips {
            near[trip.incident].push((trip.seconds, trip.unit));
        }
        for list in &mut near {
            list.sort_unstable_by_key(|&(seconds, unit)| (unit, seconds));
            list.dedup_by_key(|(_, unit)| *unit);
            list.sort_unstable();
        }
        let able = slots
            .iter()
            .map(|slot| {
                let list = near[slot.incident].iter().copied();
                list.filter(|(_, unit)| problem.units[*unit].kinds.contains(&slot.kind))
                    .collect()
            })
            .collect();
        let mut slots_of = vec![Vec::new(); problem.needs.len()];
        for (index, slot) in slots.iter().enumerate() {
            slots_of[slot.incident].push(index);
        }
        let may_leave = problem.groups.iter().map(|group| group.may_leave);
        Self {
            slots,
            slots_of,
            near,
            able,
            group_of: problem.units.iter().map(|unit| unit.group).collect(),
            may_leave: may_leave
                .map(|count| usize::try_from(count).unwrap_or(usize::MAX))
                .collect(),
            weights: problem.needs.iter().map(|need| need.weight).collect(),
        }
    }
}

/// Units matched to slots.
#[derive(Debug, Clone)]
pub(crate) struct Matching {
    /// Of each unit: its slot and its seconds there.
    pub place: Vec<Option<(usize, i64)>>,
    filled: Vec<usize>,
    left: Vec<usize>,
}

impl Matching {
    /// Nobody goes.
    pub(crate) fn empty(table: &Table) -> Self {
        Self {
            place: vec![None; table.group_of.len()],
            filled: vec![0; table.slots.len()],
            left: vec![0; table.may_leave.len()],
        }
    }

    /// Calls back whoever arrives after the limit of their incident.
    pub(crate) fn keep_within(&mut self, table: &Table, limits: &[i64]) {
        for unit in 0..self.place.len() {
            if let Some((slot, seconds)) = self.place[unit]
                && seconds > limits[table.slots[slot].incident]
            {
                self.take_away(table, unit);
            }
        }
    }

    fn take_away(&mut self, table: &Table, unit: usize) {
        if let Some((slot, _)) = self.place[unit].take() {
            self.filled[slot] -= 1;
            self.left[table.group_of[unit]] -= 1;
        }
    }

    fn put(&mut self, table: &Table, unit: usize, at: (usize, i64)) {
        self.place[unit] = Some(at);
        self.filled[at.0] += 1;
        self.left[table.group_of[unit]] += 1;
    }

    /// Fills every slot within the limits, moving others where needed; else tells which slots compete for too few.
    pub(crate) fn fill(&mut self, table: &Table, limits: &[i64]) -> Option<Vec<bool>> {
        for slot in 0..table.slots.len() {
            while self.filled[slot] < table.slots[slot].count {
                let mut seen = Seen {
                    slots: vec![false; table.slots.len()],
                    groups: vec![false; table.may_leave.len()],
                };
                if !self.grow(table, limits, slot, &mut seen) {
                    return Some(seen.slots);
                }
            }
        }
        None
    }

    /// Finds one more unit for a slot, along an alternating path.
    fn grow(&mut self, table: &Table, limits: &[i64], slot: usize, seen: &mut Seen) -> bool {
        seen.slots[slot] = true;
        let limit = limits[table.slots[slot].incident];
        let within = |list: &[(i64, usize)]| list.partition_point(|(seconds, _)| *seconds <= limit);
        let able = &table.able[slot][..within(&table.able[slot])];
        for &(seconds, unit) in able {
            let group = table.group_of[unit];
            if self.place[unit].is_none() && self.left[group] < table.may_leave[group] {
                self.put(table, unit, (slot, seconds));
                return true;
            }
        }
        for &(seconds, unit) in able {
            if let Some((other, _)) = self.place[unit] {
                if !seen.slots[other] && self.grow(table, limits, other, seen) {
                    self.take_away(table, unit);
                    self.put(table, unit, (slot, seconds));
                    return true;
                }
            } else if self.grow_in_group(table, limits, table.group_of[unit], seen) {
                self.put(table, unit, (slot, seconds));
                return true;
            }
        }
        false
    }

    /// A group that has given all it may calls one of its units back when another can stand in there.
    fn grow_in_group(&mut self, table: &Table, limits: &[i64], group: usize, seen: &mut Seen) -> bool {
        if std::mem::replace(&mut seen.groups[group], true) {
            return false;
        }
        for unit in 0..self.place.len() {
            if table.group_of[unit] != group {
                continue;
            }
            let Some((slot, _)) = self.place[unit] else {
                continue;
            };
            if !seen.slots[slot] && self.grow(table, limits, slot, seen) {
                self.take_away(table, unit);
                return true;
            }
        }
        false
    }

    /// The last arrival at each incident.
    pub(crate) fn last(&self, table: &Table) -> Vec<i64> {
        let mut last = vec![0; table.near.len()];
        for (slot, seconds) in self.place.iter().flatten() {
            let at: &mut i64 = &mut last[table.slots[*slot].incident];
            *at = (*at).max(*seconds);
        }
        last
    }
}

struct Seen {
    slots: Vec<bool>,
    groups: Vec<bool>,
}
