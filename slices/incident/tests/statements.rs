//! Every SQL statement behind incidents is understood by both engines.

use std::sync::Arc;

use anlan_incident::IncidentView;
use anlan_ledger::View;
use anlan_store::{all_statements, prepare_all};
use anlan_testkit::{TestNode, both_engines};

fn views() -> Vec<Arc<dyn View>> {
    vec![Arc::new(IncidentView)]
}

#[test]
fn every_registered_statement_can_be_prepared() {
    both_engines(views, |node| {
        assert_eq!(prepare_all(&node.target).unwrap(), all_statements().count());
    });
    for part in ["incident/src/store", "ledger/src/store"] {
        let registered = all_statements()
            .filter(|statement| statement.place().0.contains(part))
            .count();
        assert!(registered >= 8, "{part} registered only {registered}");
    }
}

#[test]
fn a_statement_about_a_table_that_is_not_there_is_refused_with_its_place() {
    let without_tables = TestNode::new(Vec::new());
    let refused = prepare_all(&without_tables.target).unwrap_err().to_string();
    assert!(refused.contains("incident/src/store"), "{refused}");
}
