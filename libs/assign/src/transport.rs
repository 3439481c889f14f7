//! Transport from many blocks to few places, exactly: shortest augmenting paths over the places alone.
//!
//! Blocks are served one after another. Between two places the cheapest block to move is the top of a heap, so a path is
//! looked for among the few places only (Tomizawa 1971 for the potentials; the condensed graph after Lawler 1976).

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::evacuation::{Block, Shelter, Transport};

/// No way.
const NEVER: i64 = i64::MAX / 4;

/// People by block and place; the last place is "nowhere", which takes everybody at the given price.
pub(crate) struct Served {
    places: usize,
    people: Vec<i64>,
}

impl Served {
    /// How many of a block go to a place; `place == shelters.len()` is nowhere.
    pub(crate) fn people(&self, block: usize, place: usize) -> i64 {
        self.people[block * self.places + place]
    }
}

/// Serves all blocks at the least sum of cost.
pub(crate) fn serve(blocks: &[Block], shelters: &[Shelter], ways: &[Transport], nowhere: i64) -> Served {
    let places = shelters.len() + 1;
    let mut work = Work {
        places,
        cost: vec![NEVER; blocks.len() * places],
        people: vec![0; blocks.len() * places],
        room: shelters.iter().map(|shelter| shelter.capacity).collect(),
        heaps: vec![BinaryHeap::new(); places * places],
        height: vec![0; places],
        sink: 0,
        dist: vec![NEVER; places],
        from: vec![START; places],
    };
    work.room.push(i64::MAX);
    for way in ways {
        let cost = &mut work.cost[way.block * places + way.shelter];
        *cost = way.seconds.min(*cost);
    }
    for block in 0..blocks.len() {
        work.cost[block * places + shelters.len()] = nowhere;
    }
    for (index, block) in blocks.iter().enumerate() {
        let mut left = block.people;
        while left > 0 {
            left -= work.augment(index, left);
        }
    }
    Served {
        places,
        people: work.people,
    }
}

/// The path starts at the block itself.
const START: usize = usize::MAX;

struct Work {
    places: usize,
    cost: Vec<i64>,
    people: Vec<i64>,
    room: Vec<i64>,
    /// Of each pair of places: blocks that stand in the first, by what moving one of them to the second costs.
    heaps: Vec<BinaryHeap<Reverse<(i64, usize)>>>,
    /// Potentials: no move costs less than the difference of the heights.
    height: Vec<i64>,
    /// The height of being sheltered anywhere.
    sink: i64,
    dist: Vec<i64>,
    from: Vec<usize>,
}

impl Work {
    /// Sends some of a block along the cheapest path; says how many.
    fn augment(&mut self, block: usize, left: i64) -> i64 {
        let end = self.search(block);
        let mut amount = left.min(self.room[end]);
        let mut place = end;
        while self.from[place] != START {
            let before = self.from[place];
            if let Some((_, mover)) = self.top(before, place) {
                amount = amount.min(self.people[mover * self.places + before]);
            }
            place = before;
        }
        self.room[end] -= amount;
        place = end;
        while self.from[place] != START {
            let before = self.from[place];
            if let Some((_, mover)) = self.top(before, place) {
                self.people[mover * self.places + before] -= amount;
                self.put(mover, place, amount);
            }
            place = before;
        }
        self.put(block, place, amount);
        amount
    }

    /// Dijkstra over the places with reduced costs, to the place with room that is cheapest in all; lifts the heights.
    fn search(&mut self, block: usize) -> usize {
        let places = self.places;
        for place in 0..places {
            let cost = self.cost[block * places + place];
            self.dist[place] = if cost >= NEVER {
                NEVER
            } else {
                cost - self.height[place]
            };
            self.from[place] = START;
        }
        // The block's own height: what makes its reduced costs no less than 0.
        let lowest = self.dist.iter().copied().min().unwrap_or(0);
        for dist in &mut self.dist {
            *dist = if *dist >= NEVER { NEVER } else { *dist - lowest };
        }
        let mut done = vec![false; places];
        let (mut end, mut reached) = (places - 1, NEVER);
        while let Some(near) = (0..places)
            .filter(|place| !done[*place] && self.dist[*place] < reached)
            .min_by_key(|place| self.dist[*place])
        {
            done[near] = true;
            if self.room[near] > 0 {
                let all = self.dist[near] + self.height[near] - self.sink;
                if all < reached {
                    (end, reached) = (near, all);
                }
            }
            for (place, _) in done.iter().enumerate().filter(|(_, done)| !**done) {
                let Some((cost, _)) = self.top(near, place) else {
                    continue;
                };
                let dist = self.dist[near] + cost + self.height[near] - self.height[place];
                if dist < self.dist[place] {
                    self.dist[place] = dist;
                    self.from[place] = near;
                }
            }
        }
        for place in 0..places {
            self.height[place] += self.dist[place].min(reached);
        }
        self.sink += reached;
        end
    }

    /// The block in a place that is cheapest to move to another.
    fn top(&mut self, from: usize, to: usize) -> Option<(i64, usize)> {
        let heap = &mut self.heaps[from * self.places + to];
        while let Some(&Reverse((cost, block))) = heap.peek() {
            if self.people[block * self.places + from] > 0 {
                return Some((cost, block));
            }
            heap.pop();
        }
        None
    }

    fn put(&mut self, block: usize, place: usize, amount: i64) {
        let people = &mut self.people[block * self.places + place];
        let is_new = *people == 0;
        *people += amount;
        if !is_new {
            return;
        }
        let costs = &self.cost[block * self.places..(block + 1) * self.places];
        for (other, cost) in costs.iter().enumerate() {
            if other != place && *cost < NEVER {
                self.heaps[place * self.places + other].push(Reverse((cost - costs[place], block)));
            }
        }
    }
}
