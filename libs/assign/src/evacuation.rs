//! Evacuation: blocks of people to shelters, within capacity, at the least sum of travelling time.

use crate::transport::serve;

/// A block whose people must leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    /// People.
    pub people: i64,
}

/// A shelter that takes people in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shelter {
    /// People it can take; 0 when it is closed.
    pub capacity: i64,
}

/// A way from a block to a shelter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transport {
    /// Index of the block.
    pub block: usize,
    /// Index of the shelter.
    pub shelter: usize,
    /// Travelling time of one person, in seconds.
    pub seconds: i64,
}

/// People who go from a block to a shelter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Movement {
    /// Index of the block.
    pub block: usize,
    /// Index of the shelter; `None` when no open shelter is left for them.
    pub shelter: Option<usize>,
    /// How many.
    pub people: i64,
    /// Travelling time of one person, in seconds; 0 for those who are left.
    pub seconds: i64,
}

/// Says why there is no evacuation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EvacuationError {
    /// A number of people, a capacity or a time is negative, or an index names nothing.
    #[error("{0}")]
    Input(String),
}

/// Sends everybody to a shelter at the least sum of travelling time.
///
/// As many as possible are sheltered first; whom no way or no room is left for is told with `shelter: None`, never
/// dropped. Movements come in the order of blocks, then shelters.
pub fn evacuate(
    blocks: &[Block],
    shelters: &[Shelter],
    ways: &[Transport],
) -> Result<Vec<Movement>, EvacuationError> {
    check(blocks, shelters, ways)?;
    // Leaving somebody behind costs more than any rearrangement of all others could save.
    let slowest = ways.iter().map(|way| way.seconds).max().unwrap_or(0);
    let breadth = i64::try_from(shelters.len() + 1).unwrap_or(i64::MAX);
    let left_behind = (slowest + 1).saturating_mul(breadth);
    let served = serve(blocks, shelters, ways, left_behind);
    let mut quickest = vec![i64::MAX; blocks.len() * shelters.len()];
    for way in ways {
        let seconds: &mut i64 = &mut quickest[way.block * shelters.len() + way.shelter];
        *seconds = way.seconds.min(*seconds);
    }
    let mut movements = Vec::new();
    for block in 0..blocks.len() {
        for shelter in 0..=shelters.len() {
            let people = served.people(block, shelter);
            let is_left = shelter == shelters.len();
            if people > 0 {
                movements.push(Movement {
                    block,
                    shelter: (!is_left).then_some(shelter),
                    people,
                    seconds: if is_left {
                        0
                    } else {
                        quickest[block * shelters.len() + shelter]
                    },
                });
            }
        }
    }
    Ok(movements)
}

fn check(blocks: &[Block], shelters: &[Shelter], ways: &[Transport]) -> Result<(), EvacuationError> {
    let input = |text: String| Err(EvacuationError::Input(text));
    if let Some(index) = blocks.iter().position(|block| block.people < 0) {
        return input(format!("block {index} has a negative number of people"));
    }
    if let Some(index) = shelters.iter().position(|shelter| shelter.capacity < 0) {
        return input(format!("shelter {index} has a negative capacity"));
    }
    for (index, way) in ways.iter().enumerate() {
        if way.block >= blocks.len() || way.shelter >= shelters.len() {
            return input(format!("way {index} leads from or to nothing"));
        }
        if way.seconds < 0 {
            return input(format!("way {index} takes a negative time"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(block: usize, shelter: usize, seconds: i64) -> Transport {
        Transport {
            block,
            shelter,
            seconds,
        }
    }

    #[test]
    fn a_full_shelter_sends_those_on_for_whom_it_costs_least() {
        let blocks = [Block { people: 100 }, Block { people: 100 }];
        let shelters = [Shelter { capacity: 100 }, Shelter { capacity: 150 }];
        let ways = [way(0, 0, 10), way(0, 1, 20), way(1, 0, 10), way(1, 1, 60)];
        let moved = evacuate(&blocks, &shelters, &ways).unwrap();
        let to = |block, shelter| {
            moved
                .iter()
                .filter(|m| m.block == block && m.shelter == Some(shelter))
                .map(|m| m.people)
                .sum::<i64>()
        };
        assert_eq!((to(0, 0), to(0, 1), to(1, 0), to(1, 1)), (0, 100, 100, 0));
    }

    #[test]
    fn whoever_finds_no_room_is_told_and_never_dropped() {
        let moved = evacuate(
            &[Block { people: 30 }, Block { people: 5 }],
            &[Shelter { capacity: 20 }],
            &[way(0, 0, 1_000_000)],
        )
        .unwrap();
        let left: i64 = moved
            .iter()
            .filter(|m| m.shelter.is_none())
            .map(|m| m.people)
            .sum();
        assert_eq!(left, 15);
        assert_eq!(moved.iter().map(|m| m.people).sum::<i64>(), 35);
    }

    #[test]
    fn nonsense_is_refused_by_name() {
        let refused = evacuate(&[Block { people: -1 }], &[], &[]).unwrap_err();
        assert!(refused.to_string().contains("block 0"));
    }
}
