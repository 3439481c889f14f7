//! Role × area × department × operation × object: what a caller may do agrees with a naive reading of the table.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::sync::Arc;

use anlan_access::{Caller, Grant, Object, Roles};
use proptest::prelude::*;

const TABLE: &str = include_str!("../../../rules/access.toml");
const AREAS: [&str; 9] = [
    "",
    "15",
    "1501",
    "150124",
    "150125",
    "150125100",
    "150125101",
    "150125100003",
    "150125100003001",
];
const PLACES: [&str; 12] = [
    "",
    "1",
    "15",
    "1501",
    "1502",
    "150125",
    "15012",
    "150126",
    "150125100",
    "1501251",
    "150125100003",
    "150125100003001042",
];
const DEPARTMENTS: [Option<&str>; 3] = [None, Some("weather"), Some("fire")];

/// The table as a person reads it: line by line, every role with its operations between quotation marks.
fn lines() -> Vec<(String, Vec<String>)> {
    let quoted =
        |line: &str| -> Vec<String> { line.split('"').skip(1).step_by(2).map(str::to_owned).collect() };
    let mut table: Vec<(String, Vec<String>)> = Vec::new();
    for line in TABLE.lines() {
        if line.starts_with("id = ") {
            table.push((quoted(line).remove(0), Vec::new()));
        } else if line.starts_with("operations = ") {
            table.last_mut().unwrap().1 = quoted(line);
        }
    }
    table
}

/// Every operation that the table names, and two that it does not.
fn operations(table: &[(String, Vec<String>)]) -> Vec<String> {
    let mut all: Vec<String> = table.iter().flat_map(|(_, ops)| ops.clone()).collect();
    all.extend(["incident".to_owned(), "incident.read.all".to_owned()]);
    all.sort();
    all.dedup();
    all
}

fn caller(grants: Vec<Grant>) -> Caller {
    Caller {
        account: "a".to_owned(),
        name: "a".to_owned(),
        person: None,
        unit: None,
        post: None,
        grants,
        roles: Arc::new(Roles::parse(TABLE).unwrap()),
    }
}

fn grant(role: &str, area: &str, department: Option<&str>) -> Grant {
    Grant {
        role: role.to_owned(),
        area: area.to_owned(),
        department: department.map(str::to_owned),
        realm: None,
    }
}

fn oracle(table: &[(String, Vec<String>)], grants: &[Grant], operation: &str, object: Object<'_>) -> bool {
    grants.iter().any(|grant| {
        let listed = table
            .iter()
            .any(|(role, ops)| *role == grant.role && ops.iter().any(|op| op == operation));
        let inside = object.area.len() >= grant.area.len()
            && object.area.bytes().zip(grant.area.bytes()).all(|(a, b)| a == b);
        let ours = match &grant.department {
            None => true,
            Some(department) => object.department == Some(department.as_str()),
        };
        listed && inside && ours
    })
}

/// Whether the scopes, read as ranges the way the store reads them, hold the object.
fn in_scope(caller: &Caller, operation: &str, object: Object<'_>) -> bool {
    caller.scopes(operation).iter().any(|scope| {
        let inside = *object.area >= *scope.from && *object.area < *scope.before;
        inside && (scope.department.is_none() || scope.department.as_deref() == object.department)
    })
}

/// Compares the three answers for every operation and object; gives the number of cases.
fn agree(table: &[(String, Vec<String>)], operations: &[String], grants: Vec<Grant>) -> usize {
    let caller = caller(grants);
    let mut cases = 0;
    for operation in operations {
        for area in PLACES {
            for department in DEPARTMENTS {
                let object = Object { area, department };
                let expected = oracle(table, &caller.grants, operation, object);
                let case = format!("{:?} {operation} {object:?}", caller.grants);
                assert_eq!(caller.may(operation, object), expected, "may: {case}");
                assert_eq!(
                    caller.require(operation, object).is_ok(),
                    expected,
                    "require: {case}"
                );
                assert_eq!(in_scope(&caller, operation, object), expected, "scopes: {case}");
                cases += 1;
            }
        }
    }
    cases
}

#[test]
fn authority_is_what_the_table_and_the_area_say() {
    let table = lines();
    let operations = operations(&table);
    assert!(table.len() >= 10 && operations.len() >= 15);
    let mut cases = 0;
    let roles = table.iter().map(|(role, _)| role.as_str());
    for role in roles.chain(["nobody", ""]) {
        for area in AREAS {
            let department = DEPARTMENTS[area.len() % 3];
            cases += agree(&table, &operations, vec![grant(role, area, department)]);
        }
    }
    assert!(cases >= 5_000, "only {cases} cases");
}

#[test]
fn nobody_may_do_anything_without_a_grant() {
    let table = lines();
    assert!(agree(&table, &operations(&table), Vec::new()) > 0);
}

#[test]
fn overlapping_grants_show_an_object_once() {
    let held = ["150125", "1501", "150125100", "1501", "150124"].map(|area| grant("observer", area, None));
    let holding = caller(held.to_vec());
    for area in PLACES {
        let scopes = holding.scopes("incident.read");
        let times = scopes
            .iter()
            .filter(|scope| *area >= *scope.from && *area < *scope.before)
            .count();
        assert_eq!(times, usize::from(area.starts_with("1501")), "{area}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]
    #[test]
    fn several_grants_allow_what_one_of_them_allows(
        drawn in prop::collection::vec((0_usize..14, "[0-9]{0,12}", 0_usize..3), 0..5),
        operation in 0_usize..40,
        area in "[0-9]{0,15}",
        department in 0_usize..3,
    ) {
        let table = lines();
        let operations = operations(&table);
        let grants = drawn.iter().map(|(role, area, department)| {
            let role = table.get(*role).map_or("nobody", |(role, _)| role.as_str());
            grant(role, area, DEPARTMENTS[*department])
        });
        let caller = caller(grants.collect());
        let operation = &operations[operation % operations.len()];
        // Half of the objects lie below a grant, so that both answers occur.
        let below = caller.grants.first().filter(|_| area.len() % 2 == 0);
        let area = below.map_or_else(|| area.clone(), |grant| format!("{}{area}", grant.area));
        let object = Object { area: &area, department: DEPARTMENTS[department] };
        let expected = oracle(&table, &caller.grants, operation, object);
        prop_assert_eq!(caller.may(operation, object), expected);
        prop_assert_eq!(in_scope(&caller, operation, object), expected);
        let somewhere = caller.grants.iter().any(|grant| {
            table.iter().any(|(role, ops)| *role == grant.role && ops.contains(operation))
        });
        prop_assert_eq!(caller.require_somewhere(operation).is_ok(), somewhere);
        prop_assert_eq!(caller.operations().contains(operation), somewhere);
    }
}
