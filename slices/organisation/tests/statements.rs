//! Every SQL statement behind the organisation is understood by both engines.

use std::sync::Arc;

use anlan_ledger::View;
use anlan_organisation::OrganisationView;
use anlan_store::{all_statements, prepare_all};
use anlan_testkit::{TestNode, both_engines};

fn views() -> Vec<Arc<dyn View>> {
    vec![Arc::new(OrganisationView)]
}

#[test]
fn every_registered_statement_can_be_prepared() {
    both_engines(views, |node| {
        assert_eq!(prepare_all(&node.target).unwrap(), all_statements().count());
    });
    for file in ["organisation/src/store/accounts.rs", "ledger/src/store.rs"] {
        let registered = all_statements()
            .filter(|statement| statement.place().0.ends_with(file))
            .count();
        assert!(registered >= 8, "{file} registered only {registered}");
    }
}

#[test]
fn a_statement_about_a_table_that_is_not_there_is_refused_with_its_place() {
    let without_tables = TestNode::new(Vec::new());
    let refused = prepare_all(&without_tables.target).unwrap_err().to_string();
    assert!(refused.contains("organisation/src/store/"), "{refused}");
}
