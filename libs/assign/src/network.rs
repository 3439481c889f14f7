//! Networks as data.

/// Largest absolute value of a supply, a bound or a cost, so that sums cannot overflow.
pub(crate) const LARGEST: i64 = 1 << 50;

/// A directed arc.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arc {
    /// Node it leaves, from 0.
    pub from: usize,
    /// Node it enters, from 0.
    pub to: usize,
    /// Least flow.
    pub lower: i64,
    /// Greatest flow; `None` is unbounded.
    pub upper: Option<i64>,
    /// Cost of one unit of flow; may be negative.
    pub cost: i64,
}

/// Nodes with supplies (negative: demands) and the arcs between them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Network {
    /// Supply of each node.
    pub supplies: Vec<i64>,
    /// The arcs.
    pub arcs: Vec<Arc>,
}

/// Says why a network makes no sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NetworkError {
    /// An arc names a node that is not there.
    #[error("arc {arc} names node {node}, but there are only {nodes} nodes")]
    NoSuchNode {
        /// Number of the arc, from 0.
        arc: usize,
        /// The node, from 0.
        node: usize,
        /// How many there are.
        nodes: usize,
    },
    /// An arc must carry more than it can.
    #[error("arc {arc} must carry at least {lower} but at most {upper}")]
    Bounds {
        /// Number of the arc, from 0.
        arc: usize,
        /// Its lower bound.
        lower: i64,
        /// Its upper bound.
        upper: i64,
    },
    /// A number is too large to reckon with.
    #[error("{what} {value} is beyond ±2^50")]
    TooLarge {
        /// Which number.
        what: &'static str,
        /// Its value.
        value: i64,
    },
    /// Costs times nodes go beyond what 64 bits hold.
    #[error("the costs are too large for {nodes} nodes")]
    CostsTooLarge {
        /// How many nodes there are.
        nodes: usize,
    },
}

/// A flow of least cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow {
    /// Sum of cost times flow over all arcs.
    pub cost: i128,
    /// Flow of each arc, in the order of [`Network::arcs`].
    pub flows: Vec<i64>,
    /// A price for each node that proves that the cost is the least.
    pub prices: Vec<i64>,
}

/// Says why there is no flow of least cost.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SolveError {
    /// The network makes no sense.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// No flow keeps all bounds and meets all demands.
    #[error("no flow meets all supplies and bounds")]
    Infeasible,
    /// A cycle of negative cost has no bound.
    #[error("the cost has no lower limit: a cycle of negative cost is unbounded")]
    Unbounded,
}

impl Network {
    /// Makes a network of `nodes` nodes without supplies and arcs.
    pub fn new(nodes: usize) -> Self {
        Self {
            supplies: vec![0; nodes],
            arcs: Vec::new(),
        }
    }

    /// Adds an arc that carries between 0 and `upper`, and returns its number.
    pub fn add(&mut self, from: usize, to: usize, upper: Option<i64>, cost: i64) -> usize {
        self.arcs.push(Arc {
            from,
            to,
            lower: 0,
            upper,
            cost,
        });
        self.arcs.len() - 1
    }

    /// Refuses a network that makes no sense.
    pub fn check(&self) -> Result<(), NetworkError> {
        let nodes = self.supplies.len();
        for &supply in &self.supplies {
            limit("supply", supply)?;
        }
        for (number, arc) in self.arcs.iter().enumerate() {
            for node in [arc.from, arc.to] {
                if node >= nodes {
                    return Err(NetworkError::NoSuchNode {
                        arc: number,
                        node,
                        nodes,
                    });
                }
            }
            limit("cost", arc.cost)?;
            limit("lower bound", arc.lower)?;
            if let Some(upper) = arc.upper {
                limit("upper bound", upper)?;
                if upper < arc.lower {
                    return Err(NetworkError::Bounds {
                        arc: number,
                        lower: arc.lower,
                        upper,
                    });
                }
            }
        }
        Ok(())
    }
}

fn limit(what: &'static str, value: i64) -> Result<(), NetworkError> {
    if value.unsigned_abs() > LARGEST.unsigned_abs() {
        return Err(NetworkError::TooLarge { what, value });
    }
    Ok(())
}
