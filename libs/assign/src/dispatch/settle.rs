//! What is settled by exact flows: how much of what is wanted can be met at all, and who travels in the end.

use super::matching::{Matching, Slot, Table};
use super::{DispatchError, Order, Problem, Shortage};
use crate::network::Network;
use crate::simplex::solve;

/// The slots that can be met, and what cannot.
pub(crate) fn attainable(problem: &Problem) -> Result<(Vec<Slot>, Vec<Shortage>), DispatchError> {
    let wanted = wanted(problem);
    let table = Table::new(problem, wanted.clone());
    let no_limit = vec![i64::MAX; problem.needs.len()];
    if Matching::empty(&table).fill(&table, &no_limit).is_none() {
        return Ok((wanted, Vec::new()));
    }
    let mut web = Web::new(&table);
    for slot in 0..table.slots.len() {
        web.trips(&table, slot, i64::MAX, |_| 0);
    }
    let first = web.network.arcs.len();
    // One place less costs more than all weights together, so as many as possible are filled.
    let all: i64 = (wanted.iter())
        .map(|slot| whole(slot.count).saturating_mul(problem.needs[slot.incident].weight))
        .sum();
    for (node, slot) in wanted.iter().enumerate() {
        let weight = problem.needs[slot.incident].weight;
        web.network.add(node, web.sink, None, all + weight);
    }
    let flow = solve(&web.network)?;
    let (mut slots, mut shortages) = (Vec::new(), Vec::new());
    for (slot, missing) in wanted.into_iter().zip(&flow.flows[first..]) {
        let count = slot.count - usize::try_from(*missing).unwrap_or(0);
        if *missing > 0 {
            shortages.push(Shortage {
                incident: slot.incident,
                kind: slot.kind,
                count: *missing,
            });
        }
        if count > 0 {
            slots.push(Slot { count, ..slot });
        }
    }
    Ok((slots, shortages))
}

/// Of all dispatches within the limits the one with the least sum of travelling time.
pub(crate) fn least_travel(
    problem: &Problem,
    table: &Table,
    limits: &[i64],
) -> Result<Vec<Order>, DispatchError> {
    let mut web = Web::new(table);
    for (slot, of) in table.slots.iter().enumerate() {
        web.trips(table, slot, limits[of.incident], |seconds| seconds);
    }
    let flow = solve(&web.network)?;
    let mut orders: Vec<Order> = (web.trips.iter())
        .filter(|(arc, ..)| flow.flows[*arc] > 0)
        .map(|&(_, slot, unit, seconds)| Order {
            unit,
            incident: table.slots[slot].incident,
            kind: table.slots[slot].kind,
            seconds,
        })
        .collect();
    orders.sort_by_key(|order| (order.incident, order.kind, order.seconds, order.unit));
    debug_assert!(orders.len() <= problem.units.len());
    Ok(orders)
}

/// Wants of one kind at one incident, added up.
fn wanted(problem: &Problem) -> Vec<Slot> {
    let mut slots: Vec<Slot> = Vec::new();
    for (incident, need) in problem.needs.iter().enumerate() {
        for (kind, count) in &need.wants {
            let count = usize::try_from(*count).unwrap_or(0);
            let same = |slot: &&mut Slot| slot.incident == incident && slot.kind == *kind;
            match slots.iter_mut().find(same) {
                Some(slot) => slot.count += count,
                None => slots.push(Slot {
                    incident,
                    kind: *kind,
                    count,
                }),
            }
        }
    }
    slots.retain(|slot| slot.count > 0);
    slots
}

/// Slots → units → groups → sink.
struct Web {
    network: Network,
    sink: usize,
    first_unit: usize,
    /// Arc, slot, unit, seconds.
    trips: Vec<(usize, usize, usize, i64)>,
}

impl Web {
    fn new(table: &Table) -> Self {
        let first_unit = table.slots.len();
        let first_group = first_unit + table.group_of.len();
        let sink = first_group + table.may_leave.len();
        let mut network = Network::new(sink + 1);
        for (node, slot) in table.slots.iter().enumerate() {
            network.supplies[node] = whole(slot.count);
            network.supplies[sink] -= whole(slot.count);
        }
        for (unit, group) in table.group_of.iter().enumerate() {
            network.add(first_unit + unit, first_group + group, Some(1), 0);
        }
        for (group, leave) in table.may_leave.iter().enumerate() {
            // More than there are units cannot leave.
            let leave = (*leave).min(table.group_of.len());
            network.add(first_group + group, sink, Some(whole(leave)), 0);
        }
        Self {
            network,
            sink,
            first_unit,
            trips: Vec::new(),
        }
    }

    fn trips(&mut self, table: &Table, slot: usize, limit: i64, cost: impl Fn(i64) -> i64) {
        for &(seconds, unit) in &table.able[slot] {
            if seconds <= limit {
                let arc = (self.network).add(slot, self.first_unit + unit, Some(1), cost(seconds));
                self.trips.push((arc, slot, unit, seconds));
            }
        }
    }
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
