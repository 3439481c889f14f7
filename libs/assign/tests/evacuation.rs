//! Evacuation held against the minimum-cost flow of the same city.

use anlan_assign::{Block, Network, Shelter, Transport, evacuate, solve};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn nobody_travels_further_than_the_cheapest_flow_needs(
        people in prop::collection::vec(0..40_i64, 0..9),
        room in prop::collection::vec(0..60_i64, 0..5),
        seconds in prop::collection::vec(prop::option::weighted(0.8, 0..90_i64), 45),
    ) {
        let blocks: Vec<Block> = people.iter().map(|&people| Block { people }).collect();
        let shelters: Vec<Shelter> = room.iter().map(|&capacity| Shelter { capacity }).collect();
        let mut ways = Vec::new();
        let left = 91 * i64::try_from(shelters.len() + 1).unwrap();
        let sink = blocks.len() + shelters.len();
        let mut network = Network::new(sink + 1);
        for (block, from) in blocks.iter().enumerate() {
            network.supplies[block] = from.people;
            network.supplies[sink] -= from.people;
            network.add(block, sink, None, left);
            for shelter in 0..shelters.len() {
                if let Some(seconds) = seconds[block * 5 + shelter] {
                    ways.push(Transport { block, shelter, seconds });
                    network.add(block, blocks.len() + shelter, None, seconds);
                }
            }
        }
        for (shelter, to) in shelters.iter().enumerate() {
            network.add(blocks.len() + shelter, sink, Some(to.capacity), 0);
        }
        let moved = evacuate(&blocks, &shelters, &ways).unwrap();
        for (index, block) in blocks.iter().enumerate() {
            let of = moved.iter().filter(|movement| movement.block == index);
            prop_assert_eq!(of.map(|movement| movement.people).sum::<i64>(), block.people);
        }
        for (index, shelter) in shelters.iter().enumerate() {
            let to = moved.iter().filter(|movement| movement.shelter == Some(index));
            prop_assert!(to.map(|movement| movement.people).sum::<i64>() <= shelter.capacity);
        }
        let cost: i64 = moved
            .iter()
            .map(|movement| movement.people * if movement.shelter.is_none() { left } else { movement.seconds })
            .sum();
        prop_assert_eq!(i128::from(cost), solve(&network).unwrap().cost);
    }
}
