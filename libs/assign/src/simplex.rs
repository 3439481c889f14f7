//! The network simplex method.
//!
//! Every node first hangs on an artificial root. Arcs of wrong price enter the tree, block by block; among the arcs that
//! can leave, the last one on the cycle from the joining node is taken, which keeps the tree strongly feasible, so that the
//! method ends.

use crate::network::{Flow, Network, NetworkError, SolveError};
use crate::tree::Tree;

/// Flow without a bound.
const UNBOUNDED: i64 = i64::MAX;

/// Where an arc stands that is not in the tree: at its lower bound (+1), at its upper bound (-1), or in the tree (0).
type Side = i64;

/// Finds a flow of least cost.
///
/// Supplies must sum to zero, otherwise the network is infeasible. Time grows roughly with nodes × arcs in bad cases and
/// far slower in transport problems.
pub fn solve(network: &Network) -> Result<Flow, SolveError> {
    network.check()?;
    let mut simplex = Simplex::new(network)?;
    simplex.run()?;
    simplex.flow(network)
}

/// The tableau: arcs as parallel arrays, artificial arcs last.
struct Simplex {
    from: Vec<usize>,
    to: Vec<usize>,
    cost: Vec<i64>,
    capacity: Vec<i64>,
    flow: Vec<i64>,
    side: Vec<Side>,
    price: Vec<i64>,
    tree: Tree,
    /// Number of real arcs.
    arcs: usize,
    /// Where the search for an entering arc goes on.
    next: usize,
    block: usize,
}

/// How a cycle closes.
struct Cycle {
    entering: usize,
    join: usize,
    /// Flow that can go round.
    room: i64,
    /// The node whose tree arc leaves, and whether it lies on the first side of the cycle; none when the entering arc
    /// itself is the narrowest.
    leaving: Option<(usize, Half)>,
}

/// Side of a cycle: against the flow from the join to the entering arc's start, or after the entering arc's end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    First,
    Second,
}

impl Simplex {
    fn new(network: &Network) -> Result<Self, SolveError> {
        let nodes = network.supplies.len();
        let arcs = network.arcs.len();
        let root = nodes;
        let artificial = artificial_cost(network)?;
        let mut supplies = network.supplies.clone();
        for arc in &network.arcs {
            supplies[arc.from] -= arc.lower;
            supplies[arc.to] += arc.lower;
        }
        let capacity_of = |arc: &crate::Arc| arc.upper.map_or(UNBOUNDED, |upper| upper - arc.lower);
        let mut simplex = Self {
            from: network.arcs.iter().map(|arc| arc.from).collect(),
            to: network.arcs.iter().map(|arc| arc.to).collect(),
            cost: network.arcs.iter().map(|arc| arc.cost).collect(),
            capacity: network.arcs.iter().map(capacity_of).collect(),
            flow: vec![0; arcs],
            side: vec![1; arcs],
            price: vec![0; nodes + 1],
            tree: Tree::new(nodes + 1),
            arcs,
            next: 0,
            block: arcs.isqrt().max(10),
        };
        for (node, &supply) in supplies.iter().enumerate() {
            simplex.hang_on_root(node, root, supply, artificial);
        }
        Ok(simplex)
    }

    fn hang_on_root(&mut self, node: usize, root: usize, supply: i64, artificial: i64) {
        let outward = supply >= 0;
        let (from, to) = if outward { (node, root) } else { (root, node) };
        self.tree
            .hang(node, root, self.from.len(), if outward { 1 } else { -1 });
        self.price[node] = if outward { 0 } else { artificial };
        self.from.push(from);
        self.to.push(to);
        self.cost.push(if outward { 0 } else { artificial });
        self.capacity.push(UNBOUNDED);
        self.flow.push(supply.abs());
        self.side.push(0);
    }

    fn run(&mut self) -> Result<(), SolveError> {
        while let Some(entering) = self.entering() {
            let cycle = self.cycle(entering);
            if cycle.room == UNBOUNDED {
                return Err(SolveError::Unbounded);
            }
            self.push(&cycle);
            self.pivot(&cycle);
        }
        Ok(())
    }

    /// The arc with the worst price in the first block that has one, going round.
    fn entering(&mut self) -> Option<usize> {
        let (mut worst, mut found) = (0, None);
        let mut left = self.block;
        let mut arc = self.next;
        for _ in 0..self.arcs {
            if arc >= self.arcs {
                arc = 0;
            }
            let reduced =
                self.side[arc] * (self.cost[arc] + self.price[self.from[arc]] - self.price[self.to[arc]]);
            if reduced < worst {
                (worst, found) = (reduced, Some(arc));
            }
            arc += 1;
            left -= 1;
            if left == 0 {
                if found.is_some() {
                    break;
                }
                left = self.block;
            }
        }
        self.next = arc;
        found
    }

    /// Start and end of an arc in the direction in which its flow is to change.
    fn ends(&self, arc: usize) -> (usize, usize) {
        if self.side[arc] > 0 {
            (self.from[arc], self.to[arc])
        } else {
            (self.to[arc], self.from[arc])
        }
    }

    fn cycle(&self, entering: usize) -> Cycle {
        let (start, end) = self.ends(entering);
        let join = self.tree.meet(start, end);
        let mut cycle = Cycle {
            entering,
            join,
            room: self.capacity[entering],
            leaving: None,
        };
        let mut node = start;
        while node != join {
            let room = self.room(node, -self.tree.direction[node]);
            if room < cycle.room {
                cycle.room = room;
                cycle.leaving = Some((node, Half::First));
            }
            node = self.tree.parent[node];
        }
        node = end;
        while node != join {
            let room = self.room(node, self.tree.direction[node]);
            if room <= cycle.room {
                cycle.room = room;
                cycle.leaving = Some((node, Half::Second));
            }
            node = self.tree.parent[node];
        }
        if cycle.room == UNBOUNDED {
            cycle.leaving = None;
        }
        cycle
    }

    /// How much the flow of the tree arc above `node` can grow (`sign` +1) or shrink (-1).
    fn room(&self, node: usize, sign: i64) -> i64 {
        let arc = self.tree.arc[node];
        if sign < 0 {
            self.flow[arc]
        } else if self.capacity[arc] == UNBOUNDED {
            UNBOUNDED
        } else {
            self.capacity[arc] - self.flow[arc]
        }
    }

    /// Sends the room of the cycle round it.
    fn push(&mut self, cycle: &Cycle) {
        if cycle.room == 0 {
            return;
        }
        let (start, end) = self.ends(cycle.entering);
        self.flow[cycle.entering] += self.side[cycle.entering] * cycle.room;
        for (mut node, sign) in [(start, -1), (end, 1)] {
            while node != cycle.join {
                self.flow[self.tree.arc[node]] += sign * self.tree.direction[node] * cycle.room;
                node = self.tree.parent[node];
            }
        }
    }

    /// Takes the entering arc into the tree and the leaving one out.
    fn pivot(&mut self, cycle: &Cycle) {
        let entering = cycle.entering;
        let Some((cut, half)) = cycle.leaving else {
            self.side[entering] = -self.side[entering];
            return;
        };
        let (start, end) = self.ends(entering);
        let (inside, outside) = if half == Half::First {
            (start, end)
        } else {
            (end, start)
        };
        let leaving = self.tree.arc[cut];
        self.side[entering] = 0;
        self.side[leaving] = if self.flow[leaving] == 0 { 1 } else { -1 };
        let direction = if self.from[entering] == inside { 1 } else { -1 };
        let change = self.price[outside] - self.price[inside] - direction * self.cost[entering];
        self.tree.graft(cut, inside, outside, entering, direction);
        let price = &mut self.price;
        self.tree.renew(inside, |node| price[node] += change);
    }

    fn flow(self, network: &Network) -> Result<Flow, SolveError> {
        let balanced = network.supplies.iter().map(|&s| i128::from(s)).sum::<i128>() == 0;
        if !balanced || self.flow[self.arcs..].iter().any(|&flow| flow != 0) {
            return Err(SolveError::Infeasible);
        }
        let flows: Vec<i64> = network
            .arcs
            .iter()
            .zip(&self.flow)
            .map(|(arc, flow)| arc.lower + flow)
            .collect();
        let cost = network
            .arcs
            .iter()
            .zip(&flows)
            .map(|(arc, &flow)| i128::from(arc.cost) * i128::from(flow))
            .sum();
        let mut prices = self.price;
        prices.pop();
        Ok(Flow { cost, flows, prices })
    }
}

/// A cost that no path of real arcs can reach, so that artificial arcs carry flow only where nothing else can.
fn artificial_cost(network: &Network) -> Result<i64, NetworkError> {
    let nodes = network.supplies.len();
    let too_large = NetworkError::CostsTooLarge { nodes };
    let largest = network
        .arcs
        .iter()
        .map(|arc| arc.cost.saturating_abs())
        .max()
        .unwrap_or(0);
    let count = i64::try_from(nodes).map_err(|_| too_large.clone())?;
    let cost = (largest + 1)
        .checked_mul(count + 1)
        .ok_or_else(|| too_large.clone())?;
    // Prices differ by at most a few artificial costs.
    if cost > i64::MAX / 8 {
        Err(too_large)
    } else {
        Ok(cost)
    }
}
