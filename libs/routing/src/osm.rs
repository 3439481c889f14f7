//! Reading OpenStreetMap data: PBF and XML.

use std::collections::HashMap;
use std::io::BufRead;

use osmpbf::{Element, ElementReader};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::geometry::Position;
use crate::graph::{BadGraph, RoadGraph};
use crate::profile::Profile;
use crate::raw::{Raw, road};

/// Says why OpenStreetMap data could not be read.
#[derive(Debug, thiserror::Error)]
pub enum OsmError {
    /// Not a PBF file, or a damaged one.
    #[error("the PBF data cannot be read: {0}")]
    Pbf(#[from] osmpbf::Error),
    /// Not XML, or damaged.
    #[error("the XML cannot be read at byte {at}: {reason}")]
    Xml {
        /// Where.
        at: u64,
        /// Why.
        reason: String,
    },
    /// No graph can be made of it.
    #[error(transparent)]
    Graph(#[from] BadGraph),
}

/// Makes a road graph from the bytes of an `.osm.pbf` file. Reads them twice: ways, then the nodes they use.
pub fn read_pbf(bytes: &[u8], profile: &Profile) -> Result<RoadGraph, OsmError> {
    let mut raw = Raw::default();
    ElementReader::new(bytes).for_each(|element| {
        if let Element::Way(way) = element {
            let tags: HashMap<&str, &str> = way.tags().collect();
            raw.roads.extend(road(profile, &tags, way.refs().collect()));
        }
    })?;
    let wanted = raw.wanted();
    ElementReader::new(bytes).for_each(|element| {
        let (id, lon, lat) = match element {
            Element::Node(node) => (node.id(), node.lon(), node.lat()),
            Element::DenseNode(node) => (node.id(), node.lon(), node.lat()),
            _ => return,
        };
        if wanted.contains(&id) {
            raw.positions.insert(id, Position { lon, lat });
        }
    })?;
    raw.build()
}

/// Makes a road graph from an `.osm` XML text.
pub fn read_xml(text: impl BufRead, profile: &Profile) -> Result<RoadGraph, OsmError> {
    let mut reader = Reader::from_reader(text);
    let mut raw = Raw::default();
    let mut way: Option<Way> = None;
    let mut buffer = Vec::new();
    loop {
        let at = reader.buffer_position();
        let wrong = |error: quick_xml::Error| OsmError::Xml {
            at,
            reason: error.to_string(),
        };
        match reader.read_event_into(&mut buffer).map_err(wrong)? {
            Event::Start(tag) | Event::Empty(tag) => open(&tag, &mut raw, &mut way),
            Event::End(tag) if tag.name().as_ref() == "way" => {
                if let Some(way) = way.take() {
                    let tags = way.tags.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
                    raw.roads.extend(road(profile, &tags, way.nodes));
                }
            }
            Event::Eof => return raw.build(),
            _ => {}
        }
        buffer.clear();
    }
}

/// A way while its children are read.
#[derive(Debug, Default)]
struct Way {
    nodes: Vec<i64>,
    tags: Vec<(String, String)>,
}

fn open(tag: &BytesStart<'_>, raw: &mut Raw, way: &mut Option<Way>) {
    match (tag.name().as_ref(), way.as_mut()) {
        ("node", _) => {
            if let (Some(id), Some(lon), Some(lat)) = (
                parsed(tag, "id"),
                parsed::<f64>(tag, "lon"),
                parsed::<f64>(tag, "lat"),
            ) {
                raw.positions.insert(id, Position { lon, lat });
            }
        }
        ("way", _) => *way = Some(Way::default()),
        ("nd", Some(way)) => way.nodes.extend(parsed::<i64>(tag, "ref")),
        ("tag", Some(way)) => {
            if let (Some(key), Some(value)) = (attribute(tag, "k"), attribute(tag, "v")) {
                way.tags.push((key, value));
            }
        }
        ("relation", _) => *way = None,
        _ => {}
    }
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag.try_get_attribute(name).ok()??;
    Some(found.value.into_owned())
}

fn parsed<T: std::str::FromStr>(tag: &BytesStart<'_>, name: &str) -> Option<T> {
    attribute(tag, name)?.parse().ok()
}
