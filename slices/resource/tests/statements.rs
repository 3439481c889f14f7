//! Every statement of resources can be prepared on both engines.

use anlan_store::{all_statements, prepare_all};
use anlan_testkit::both_engines;

#[path = "support/world.rs"]
mod world;

#[test]
fn every_registered_statement_can_be_prepared() {
    both_engines(world::views, |node| {
        assert_eq!(
            prepare_all(&node.target).expect("prepared"),
            all_statements().count()
        );
    });
    let own = all_statements().filter(|statement| statement.place().0.contains("resource/src/store"));
    assert!(own.count() >= 20);
}
