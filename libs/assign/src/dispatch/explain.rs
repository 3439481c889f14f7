//! Why this unit and not another: the next best for every order, and where nearer units are.

use super::{Dispatch, Order, Problem};

/// Why a nearer unit was not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It goes to this incident.
    OrderedTo(usize),
    /// Its group keeps its floor.
    Floor,
    /// It is free, but sending it would bring the last arrival no earlier.
    NotLast,
}

/// The reason of one order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The best unit that could have gone instead and stays: unit and seconds.
    pub runner_up: Option<(usize, i64)>,
    /// Nearer units that can serve as this kind, the nearest first, and why they do not go here.
    pub nearer: Vec<(usize, i64, Why)>,
}

/// Gives the reason of every order, in their order.
pub fn explain(problem: &Problem, dispatch: &Dispatch) -> Vec<Reason> {
    let mut ordered = vec![None; problem.units.len()];
    let mut leaving = vec![0; problem.groups.len()];
    for order in &dispatch.orders {
        ordered[order.unit] = Some(order.incident);
        leaving[problem.units[order.unit].group] += 1;
    }
    let reason = |order: &Order| {
        let mut rivals: Vec<(i64, usize)> = (problem.trips.iter())
            .filter(|trip| trip.incident == order.incident && trip.unit != order.unit)
            .filter(|trip| problem.units[trip.unit].kinds.contains(&order.kind))
            .map(|trip| (trip.seconds, trip.unit))
            .collect();
        rivals.sort_unstable();
        let why = |unit: usize| {
            let group = problem.units[unit].group;
            // When the ordered unit stays, its own group may let another one go.
            let same = group == problem.units[order.unit].group;
            match ordered[unit] {
                Some(incident) => Why::OrderedTo(incident),
                None if !same && leaving[group] >= problem.groups[group].may_leave => Why::Floor,
                None => Why::NotLast,
            }
        };
        let runner_up = rivals.iter().find(|(_, unit)| why(*unit) == Why::NotLast);
        let nearer = rivals.iter().filter(|(seconds, _)| *seconds < order.seconds);
        let elsewhere = nearer.filter(|(_, unit)| ordered[*unit] != Some(order.incident));
        Reason {
            runner_up: runner_up.map(|&(seconds, unit)| (unit, seconds)),
            nearer: elsewhere
                .map(|&(seconds, unit)| (unit, seconds, why(unit)))
                .collect(),
        }
    };
    dispatch.orders.iter().map(reason).collect()
}
