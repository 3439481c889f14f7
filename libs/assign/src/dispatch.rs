//! Dispatch: units to several incidents at once, so that the last wanted unit arrives early where it matters most.
//!
//! The aim is the least sum, over the incidents, of weight × arrival of the last unit ordered there; among equals the
//! least sum of travelling time. Jurisdiction, duty hours and roads decide which trips exist at all; a group (depot,
//! station, county) lets only so many units leave. The bound comes from Lagrangian relaxation of "a unit goes once"
//! and "a group keeps its floor" (Fisher 1981), so every plan tells how far from the best it can be at most.

mod bound;
mod explain;
mod matching;
mod search;
mod settle;

pub use explain::{Reason, Why, explain};

use crate::network::SolveError;

/// A team, vehicle or crew that can be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Kinds it can serve as; it serves as one of them.
    pub kinds: Vec<usize>,
    /// Index of its group.
    pub group: usize,
}

/// Units that share a floor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Group {
    /// How many may leave: those ready less those that must stay.
    pub may_leave: i64,
}

/// What one incident wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// How much a second counts here; at least 1.
    pub weight: i64,
    /// Kind and number of units.
    pub wants: Vec<(usize, i64)>,
}

/// A trip that is allowed and possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trip {
    /// Index of the unit.
    pub unit: usize,
    /// Index of the incident.
    pub incident: usize,
    /// Arrival after the order, in seconds.
    pub seconds: i64,
}

/// The whole question.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Problem {
    /// Units.
    pub units: Vec<Unit>,
    /// Groups.
    pub groups: Vec<Group>,
    /// Incidents.
    pub needs: Vec<Need>,
    /// Trips; a pair that is not named cannot be.
    pub trips: Vec<Trip>,
}

/// One unit sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// Index of the unit.
    pub unit: usize,
    /// Index of the incident.
    pub incident: usize,
    /// The kind it serves as.
    pub kind: usize,
    /// Arrival after the order, in seconds.
    pub seconds: i64,
}

/// Wanted units that nobody can send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shortage {
    /// Index of the incident.
    pub incident: usize,
    /// The kind.
    pub kind: usize,
    /// How many are missing.
    pub count: i64,
}

/// Who goes where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispatch {
    /// In the order of incidents, kinds, arrivals.
    pub orders: Vec<Order>,
    /// What cannot be met; as little as possible, and rather where the weight is small.
    pub shortages: Vec<Shortage>,
    /// Sum over the incidents of weight × arrival of the last unit, in weighted seconds.
    pub cost: i64,
    /// No dispatch with these shortages costs less than this.
    pub bound: i64,
}

impl Dispatch {
    /// How far the cost can be from the best, as a share of the cost: 0 is proved best.
    pub fn gap(&self) -> f64 {
        if self.cost <= self.bound {
            return 0.0;
        }
        figure(self.cost - self.bound) / figure(self.cost)
    }
}

/// Says why there is no dispatch.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DispatchError {
    /// An index names nothing, or a number is negative.
    #[error("{0}")]
    Input(String),
    /// The network of the last step could not be solved.
    #[error(transparent)]
    Solve(#[from] SolveError),
}

/// How long to look; rounds, not seconds, so that the same question has the same answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort {
    /// Rounds of the relaxation.
    pub bound_rounds: usize,
    /// Attempts to trade one incident's lateness against the others'.
    pub trades: usize,
    /// Parts into which what may still be better is split.
    pub branches: usize,
}

impl Default for Effort {
    fn default() -> Self {
        Self {
            bound_rounds: 300,
            trades: 400,
            branches: 40,
        }
    }
}

/// Sends units to all incidents.
pub fn dispatch(problem: &Problem, effort: Effort) -> Result<Dispatch, DispatchError> {
    check(problem)?;
    let (slots, shortages) = settle::attainable(problem)?;
    let table = matching::Table::new(problem, slots);
    let found = search::run(&table, effort);
    let orders = settle::least_travel(problem, &table, &found.limits)?;
    let cost = cost_of(problem, &orders);
    Ok(Dispatch {
        orders,
        shortages,
        cost,
        bound: found.bound.min(cost),
    })
}

/// A whole number as a figure.
#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "seconds and weights are far below 2^52"
)]
pub(crate) fn figure(number: i64) -> f64 {
    number as f64
}

/// Weight × last arrival, summed over the incidents.
pub(crate) fn cost_of(problem: &Problem, orders: &[Order]) -> i64 {
    let last = |incident: usize| {
        let of = orders.iter().filter(|order| order.incident == incident);
        of.map(|order| order.seconds).max().unwrap_or(0)
    };
    let needs = problem.needs.iter().enumerate();
    needs.map(|(incident, need)| need.weight * last(incident)).sum()
}

fn check(problem: &Problem) -> Result<(), DispatchError> {
    let input = |text: String| Err(DispatchError::Input(text));
    for (index, unit) in problem.units.iter().enumerate() {
        if unit.group >= problem.groups.len() {
            return input(format!("unit {index} belongs to no group"));
        }
    }
    if let Some(index) = problem.groups.iter().position(|group| group.may_leave < 0) {
        return input(format!("group {index} lets a negative number leave"));
    }
    for (index, need) in problem.needs.iter().enumerate() {
        if need.weight < 1 {
            return input(format!("incident {index} has a weight below 1"));
        }
        if need.wants.iter().any(|(_, count)| *count < 0) {
            return input(format!("incident {index} wants a negative number"));
        }
    }
    for (index, trip) in problem.trips.iter().enumerate() {
        if trip.unit >= problem.units.len() || trip.incident >= problem.needs.len() {
            return input(format!("trip {index} leads from or to nothing"));
        }
        if trip.seconds < 0 {
            return input(format!("trip {index} takes a negative time"));
        }
    }
    Ok(())
}
