//! Roads as OpenStreetMap describes them, before they are a graph.

use std::collections::{HashMap, HashSet};

use crate::geometry::Position;
use crate::graph::{GraphBuilder, NodeId, RoadGraph};
use crate::osm::OsmError;
use crate::profile::Profile;

/// A way that is driven on.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Road {
    pub(crate) nodes: Vec<i64>,
    pub(crate) speed: f64,
    pub(crate) forward: bool,
    pub(crate) backward: bool,
}

impl Road {
    fn drive(&self, builder: &mut GraphBuilder, from: NodeId, to: NodeId) {
        if self.forward {
            builder.drive(from, to, self.speed);
        }
        if self.backward {
            builder.drive(to, from, self.speed);
        }
    }
}

/// The roads and where their nodes lie.
#[derive(Debug, Default)]
pub(crate) struct Raw {
    pub(crate) roads: Vec<Road>,
    pub(crate) positions: HashMap<i64, Position>,
}

impl Raw {
    /// Ids of all nodes that roads use.
    pub(crate) fn wanted(&self) -> HashSet<i64> {
        self.roads
            .iter()
            .flat_map(|road| road.nodes.iter().copied())
            .collect()
    }

    /// Makes the graph. A road that leaves the extract is cut where its nodes are missing.
    pub(crate) fn build(self) -> Result<RoadGraph, OsmError> {
        let mut builder = GraphBuilder::new();
        let mut known: HashMap<i64, NodeId> = HashMap::new();
        for road in &self.roads {
            let mut previous: Option<NodeId> = None;
            for id in &road.nodes {
                let Some(&position) = self.positions.get(id) else {
                    previous = None;
                    continue;
                };
                let node = *known.entry(*id).or_insert_with(|| builder.node(position, *id));
                if let Some(before) = previous {
                    road.drive(&mut builder, before, node);
                }
                previous = Some(node);
            }
        }
        Ok(builder.build()?)
    }
}

/// The road that a way's tags describe; `None` when rescue vehicles do not drive there.
///
/// `access=private` is driven (a rescue team may pass a gate), `access=no` is not unless motor vehicles are named.
pub(crate) fn road(profile: &Profile, tags: &HashMap<&str, &str>, nodes: Vec<i64>) -> Option<Road> {
    let tag = |key: &str| tags.get(key).copied();
    let class = tag("highway")?;
    let by_class = profile.speed(class)?;
    if tag("area") == Some("yes") || is_closed(&tag) || nodes.len() < 2 {
        return None;
    }
    let (forward, backward) = directions(class, &tag);
    Some(Road {
        nodes,
        speed: tag("maxspeed").and_then(signed_speed).unwrap_or(by_class),
        forward,
        backward,
    })
}

fn is_closed<'t>(tag: &impl Fn(&str) -> Option<&'t str>) -> bool {
    for key in ["emergency", "motor_vehicle", "vehicle", "access"] {
        match tag(key) {
            Some("no") => return true,
            Some(_) => return false,
            None => {}
        }
    }
    false
}

/// Whether one may drive along a way's nodes, and against them.
fn directions<'t>(class: &str, tag: &impl Fn(&str) -> Option<&'t str>) -> (bool, bool) {
    match tag("oneway") {
        Some("yes" | "true" | "1") => (true, false),
        Some("-1" | "reverse") => (false, true),
        Some("no" | "false" | "0") => (true, true),
        _ => {
            let implied = class == "motorway" || matches!(tag("junction"), Some("roundabout" | "circular"));
            (true, !implied)
        }
    }
}

/// A signed limit in km/h: `60`, `60 km/h`, `30 mph`; `None` for words.
fn signed_speed(text: &str) -> Option<f64> {
    let text = text.split(';').next()?.trim();
    let digits: String = text
        .chars()
        .take_while(|c| c.is_ascii_digit() || *c == '.')
        .collect();
    let number: f64 = digits.parse().ok()?;
    let speed = if text.ends_with("mph") {
        number * 1.609_344
    } else {
        number
    };
    (1.0..=200.0).contains(&speed).then_some(speed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(tags: &[(&'static str, &'static str)]) -> Option<Road> {
        let tags: HashMap<&str, &str> = tags.iter().copied().collect();
        road(&Profile::shipped().unwrap(), &tags, vec![1, 2])
    }

    #[test]
    fn a_motorway_and_a_roundabout_lead_one_way_unless_they_say_otherwise() {
        let motorway = made(&[("highway", "motorway")]).unwrap();
        assert!(motorway.forward && !motorway.backward);
        let round = made(&[("highway", "primary"), ("junction", "roundabout")]).unwrap();
        assert!(!round.backward);
        let both = made(&[("highway", "motorway"), ("oneway", "no")]).unwrap();
        assert!(both.backward);
        let against = made(&[("highway", "primary"), ("oneway", "-1")]).unwrap();
        assert!(!against.forward && against.backward);
    }

    #[test]
    fn footpaths_and_closed_roads_are_not_driven() {
        assert_eq!(made(&[("highway", "footway")]), None);
        assert_eq!(made(&[("highway", "service"), ("access", "no")]), None);
        assert!(made(&[("highway", "service"), ("access", "private")]).is_some());
        assert!(made(&[("highway", "service"), ("access", "no"), ("motor_vehicle", "yes")]).is_some());
    }

    #[test]
    fn a_signed_limit_counts() {
        let near = |tags: &[(&'static str, &'static str)], speed: f64| {
            assert!((made(tags).unwrap().speed - speed).abs() < 0.01);
        };
        near(&[("highway", "primary"), ("maxspeed", "40")], 40.0);
        near(&[("highway", "primary"), ("maxspeed", "30 mph")], 48.28);
        near(&[("highway", "primary"), ("maxspeed", "walk")], 60.0);
    }
}
