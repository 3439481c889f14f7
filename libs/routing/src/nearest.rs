//! The next few of thousands of resources by road.

use crate::graph::NodeId;
use crate::query::Routes;
use crate::{UNREACHABLE, ix, short};

/// Most that can be asked for at once.
const MOST: usize = 64;

/// A resource and how soon it arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Nearby {
    /// Driving time to the place that was asked about, in milliseconds.
    pub millis: u32,
    /// Index of the resource in the list that [`Nearest::new`] was given.
    pub resource: u32,
}

/// Resources laid into the hierarchy: each node knows the soonest that come up to it.
#[derive(Debug, Clone)]
pub struct Nearest {
    first: Vec<u32>,
    content: Vec<Nearby>,
    resources: usize,
}

impl Nearest {
    /// Lays resources, given by the nodes they stand at, into the hierarchy.
    ///
    /// Must be made anew after roads were closed or opened.
    pub fn new(routes: &Routes, resources: &[NodeId]) -> Self {
        let skeleton = &routes.skeleton;
        let mut standing: Vec<Vec<u32>> = vec![Vec::new(); skeleton.node.len()];
        for (index, &node) in resources.iter().enumerate() {
            if let Some(&rank) = skeleton.rank.get(ix(node)) {
                standing[ix(rank)].push(short(index));
            }
        }
        let mut laid = Self {
            first: vec![0],
            content: Vec::new(),
            resources: resources.len(),
        };
        let mut bucket = Bucket::default();
        for (rank, here) in standing.iter().enumerate() {
            bucket.clear();
            for &resource in here {
                bucket.offer(Nearby { millis: 0, resource });
            }
            // Whoever comes up to a lower neighbour comes up here by way of it.
            for &arc in skeleton.below(short(rank)) {
                let (tail, way) = (ix(skeleton.tail[ix(arc)]), routes.weights.up[ix(arc)]);
                bucket.take_over(&laid.content[ix(laid.first[tail])..ix(laid.first[tail + 1])], way);
            }
            bucket.settle();
            laid.content.extend_from_slice(&bucket.content);
            laid.first.push(short(laid.content.len()));
        }
        laid
    }

    /// The `count` (at most 64) resources that arrive soonest at `place`, soonest first.
    pub fn find(&self, routes: &Routes, place: NodeId, count: usize) -> Vec<Nearby> {
        let count = count.min(MOST).min(self.resources);
        let Some(&rank) = routes.skeleton.rank.get(ix(place)) else {
            return Vec::new();
        };
        let mut found: Vec<Nearby> = Vec::with_capacity(count + 1);
        for step in routes.climb(rank, &routes.weights.down) {
            let bucket = ix(self.first[ix(step.rank)])..ix(self.first[ix(step.rank) + 1]);
            for near in &self.content[bucket] {
                let millis = near.millis.saturating_add(step.millis);
                let full = found.len() >= count;
                if millis >= UNREACHABLE || (full && found.last().is_none_or(|last| millis > last.millis)) {
                    break;
                }
                insert(
                    &mut found,
                    count,
                    Nearby {
                        millis,
                        resource: near.resource,
                    },
                );
            }
        }
        found
    }
}

/// The soonest at one node; whoever is not among them cannot be among the first of a place reached through it.
#[derive(Debug)]
struct Bucket {
    content: Vec<Nearby>,
    /// Nobody later than this is among them.
    limit: u32,
}

impl Default for Bucket {
    fn default() -> Self {
        Self {
            content: Vec::new(),
            limit: UNREACHABLE,
        }
    }
}

impl Bucket {
    fn clear(&mut self) {
        self.content.clear();
        self.limit = UNREACHABLE;
    }

    fn offer(&mut self, near: Nearby) {
        self.content.push(near);
        if self.content.len() >= 4 * MOST {
            self.settle();
        }
    }

    /// Offers those of a lower neighbour, the soonest first, as far as they matter here.
    fn take_over(&mut self, lower: &[Nearby], way: u32) {
        for near in lower {
            let millis = near.millis.saturating_add(way);
            if millis >= UNREACHABLE || millis > self.limit {
                return;
            }
            self.offer(Nearby {
                millis,
                resource: near.resource,
            });
        }
    }

    /// Keeps each resource once, at its best time, and only the first ones, in order.
    fn settle(&mut self) {
        self.content
            .sort_unstable_by_key(|near| (near.resource, near.millis));
        self.content.dedup_by_key(|near| near.resource);
        self.content.sort_unstable();
        self.content.truncate(MOST);
        if self.content.len() == MOST {
            self.limit = self.content[MOST - 1].millis;
        }
    }
}

/// Puts a resource in its place; a resource that is there already keeps its better time.
fn insert(found: &mut Vec<Nearby>, count: usize, near: Nearby) {
    if let Some(known) = found.iter().position(|other| other.resource == near.resource) {
        if found[known].millis <= near.millis {
            return;
        }
        found.remove(known);
    }
    let at = found.partition_point(|other| *other < near);
    found.insert(at, near);
    found.truncate(count);
}
