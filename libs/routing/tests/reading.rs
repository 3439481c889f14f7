//! Reading OpenStreetMap data.

use anlan_routing::{Profile, Routes, read_pbf, read_xml};

const TOWN: &str = r#"<?xml version="1.0"?>
<osm version="0.6">
  <node id="10" lat="40.80" lon="111.60"/>
  <node id="11" lat="40.80" lon="111.61"/>
  <node id="12" lat="40.81" lon="111.61"/>
  <node id="13" lat="40.82" lon="111.61"/>
  <way id="1"><nd ref="10"/><nd ref="11"/><nd ref="12"/><tag k="highway" v="primary"/></way>
  <way id="2"><nd ref="12"/><nd ref="13"/><tag k="highway" v="residential"/><tag k="oneway" v="yes"/></way>
  <way id="3"><nd ref="10"/><nd ref="13"/><tag k="highway" v="footway"/></way>
  <way id="4"><nd ref="11"/><nd ref="99"/><nd ref="13"/><tag k="highway" v="primary"/></way>
</osm>"#;

#[test]
fn roads_are_read_and_footpaths_are_not() {
    let graph = read_xml(TOWN.as_bytes(), &Profile::shipped().unwrap()).unwrap();
    assert_eq!((graph.nodes(), graph.arcs()), (4, 5));
    assert_eq!(graph.source_id(0), Some(10));
    assert_eq!(graph.largest_component(), 3);
}

#[test]
fn a_one_way_road_is_not_driven_back() {
    let routes = Routes::new(read_xml(TOWN.as_bytes(), &Profile::shipped().unwrap()).unwrap());
    assert!(routes.route(0, 3).is_some());
    assert_eq!(routes.route(3, 0), None);
}

#[test]
fn what_is_no_map_is_refused() {
    let profile = Profile::shipped().unwrap();
    assert!(read_pbf(b"this is not a map at all", &profile).is_err());
    assert!(read_xml(&b"<osm><way></node></osm>"[..], &profile).is_err());
    assert!(Profile::parse("motorway = 0").is_err());
    assert!(Profile::parse("motorway = 'fast'").is_err());
}
