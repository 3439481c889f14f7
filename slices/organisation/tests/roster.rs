//! Who is on duty when, as a unit plans it.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::sync::Arc;

use anlan_access::{Caller, Grant, Roles};
use anlan_foundation::{Fault as _, Timestamp};
use anlan_ledger::{Actor, View};
use anlan_organisation::facts::{self, DutySet, PeopleSet, PersonFact, Shift, UnitsSet};
use anlan_organisation::model::Unit;
use anlan_organisation::service::{RosterInput, Saved, ShiftInput};
use anlan_organisation::{Organisation, OrganisationError, OrganisationView, store};
use anlan_testkit::{TestNode, both_engines};

const DAY: i64 = 24 * 60;

fn views() -> Vec<Arc<dyn View>> {
    vec![Arc::new(OrganisationView)]
}

fn planner(role: &str, area: &str) -> Caller {
    let roles = Roles::parse(include_str!("../../../rules/access.toml")).unwrap();
    Caller {
        account: "planner".to_owned(),
        name: "排班员".to_owned(),
        person: None,
        unit: None,
        post: None,
        grants: vec![Grant::new(role, area)],
        roles: Arc::new(roles),
    }
}

fn populate(node: &TestNode, now: Timestamp) {
    let unit = Unit {
        id: "duty-1501".to_owned(),
        name: "市值班室".to_owned(),
        short_name: "市值班室".to_owned(),
        kind: "duty_office".to_owned(),
        division: "1501".to_owned(),
        ..Unit::default()
    };
    let person = |id: &str| PersonFact {
        id: id.to_owned(),
        name: format!("某{id}"),
        unit: "duty-1501".to_owned(),
        area: "1501".to_owned(),
        ..PersonFact::default()
    };
    let people = ["a", "b", "c"].map(person).to_vec();
    let running = Shift {
        unit: "duty-1501".to_owned(),
        person: "a".to_owned(),
        role: "main".to_owned(),
        since: now.plus_minutes(-60),
        until: now.plus_minutes(DAY - 60),
    };
    node.ledger
        .command_blocking(Actor::default(), move |work| {
            let units = UnitsSet {
                units: vec![unit],
                relations: Vec::new(),
            };
            work.record("units", facts::UNITS_SET, "1501", &units)?;
            work.record("people", facts::PEOPLE_SET, "1501", &PeopleSet { people })?;
            let shifts = vec![running];
            work.record("duty", facts::DUTY_SET, "1501", &DutySet { shifts })?;
            Ok::<_, OrganisationError>(())
        })
        .unwrap();
}

fn shift(person: &str, (since, until): (Timestamp, Timestamp)) -> ShiftInput {
    ShiftInput {
        person: person.to_owned(),
        role: "main".to_owned(),
        since,
        until,
    }
}

fn plan(node: &TestNode, caller: Caller, input: RosterInput) -> Result<Saved, OrganisationError> {
    node.ledger.command_blocking(Actor::default(), move |work| {
        Organisation::plan_shifts(work, &caller, "duty-1501", input)
    })
}

fn on_duty(node: &TestNode, at: Timestamp) -> Vec<String> {
    let found = node
        .ledger
        .db()
        .read_blocking(move |tx| store::duty_of_unit(tx, "duty-1501", at))
        .unwrap();
    found.into_iter().map(|(duty, _)| duty.person_id).collect()
}

#[test]
fn a_planned_span_replaces_what_stood_there_and_leaves_the_rest() {
    both_engines(views, |node| {
        let now = node.ledger.clock().now();
        populate(node, now);
        let (from, middle, to) = (
            now.plus_minutes(-60),
            now.plus_minutes(DAY - 60),
            now.plus_minutes(2 * DAY - 60),
        );
        let days = vec![shift("b", (from, middle)), shift("c", (middle, to))];
        let input = RosterInput {
            from,
            to,
            shifts: days,
            expected_version: Some(0),
        };
        let saved = plan(node, planner("duty_officer", "1501"), input).unwrap();
        assert_eq!(saved.version, 1);
        assert_eq!(
            on_duty(node, now),
            ["b"],
            "a swap within the running shift holds at once"
        );
        assert_eq!(on_duty(node, now.plus_minutes(DAY)), ["c"]);
        let replica = TestNode::new(views());
        anlan_ledger::replay(&node.ledger, &replica.ledger, 0).unwrap();
        let (_, differences) = anlan_ledger::compare(&node.target, &replica.target, &views()).unwrap();
        assert!(differences.is_empty(), "the roster is a pure view");
    });
}

#[test]
fn a_plan_made_on_an_older_roster_is_refused() {
    both_engines(views, |node| {
        let now = node.ledger.clock().now();
        populate(node, now);
        let input = || RosterInput {
            from: now,
            to: now.plus_minutes(DAY),
            shifts: vec![shift("b", (now, now.plus_minutes(DAY)))],
            expected_version: Some(0),
        };
        plan(node, planner("duty_officer", "1501"), input()).unwrap();
        let refused = plan(node, planner("duty_officer", "1501"), input()).unwrap_err();
        assert_eq!(refused.code(), "ledger.version_conflict");
    });
}

#[test]
fn a_stranger_to_the_division_is_not_put_on_duty_and_another_county_plans_nothing_here() {
    both_engines(views, |node| {
        let now = node.ledger.clock().now();
        populate(node, now);
        let input = |person: &str| RosterInput {
            from: now,
            to: now.plus_minutes(DAY),
            shifts: vec![shift(person, (now, now.plus_minutes(DAY)))],
            expected_version: None,
        };
        let refused = plan(node, planner("duty_officer", "1501"), input("nobody")).unwrap_err();
        assert!(format!("{refused:?}").contains("shifts.0.person"));
        let foreign = plan(node, planner("county_officer", "150125"), input("b")).unwrap_err();
        assert_eq!(foreign.code(), "access.forbidden");
        assert_eq!(on_duty(node, now), ["a"], "a refusal changes nothing");
    });
}
