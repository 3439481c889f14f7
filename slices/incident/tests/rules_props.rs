//! Laws of the incident's rules and of the one fold.

use anlan_foundation::{Checks, Timestamp};
use anlan_incident::Limit;
use anlan_incident::facts::{CasualtyStated, Closed, DeadlinePassed, Fact, FollowedUp, TimeStated};
use anlan_incident::model::{Incident, Recorded, UnitRef};
use anlan_incident::rules::{
    CASUALTY_KINDS, allowed_acts, check_casualties, check_times, decide_owed, likeness, mask_phone,
};
use proptest::prelude::*;

fn limit(minutes: u32, start_event: &str) -> Limit {
    Limit {
        id: "r".into(),
        clause: "c".into(),
        minutes,
        start_event: start_event.into(),
    }
}

fn time(kind: &str, at: i64) -> TimeStated {
    TimeStated {
        kind: kind.into(),
        at: Timestamp::from_seconds(at),
        precision: "minute".into(),
        source: "来电人".into(),
        confidence: "reported".into(),
    }
}

fn casualty(kind: &str, value: Option<u32>, supersedes: Vec<u32>) -> CasualtyStated {
    CasualtyStated {
        kind: kind.into(),
        value,
        source: "医院".into(),
        supersedes,
    }
}

fn recorded(position: u64) -> Recorded {
    Recorded {
        position,
        at: Timestamp::from_seconds(0),
        by: "值班员".into(),
    }
}

fn follow_up(casualties: Vec<CasualtyStated>) -> Fact {
    Fact::from(FollowedUp {
        text: "续".into(),
        casualties,
        attachments: Vec::new(),
        unit: UnitRef::default(),
        happened: None,
    })
}

fn end(outcome: &str) -> Fact {
    Fact::from(Closed {
        outcome: outcome.into(),
        text: "完毕".into(),
        happened: None,
    })
}

fn casualties_pass(stated: CasualtyStated) -> bool {
    let mut checks = Checks::new();
    check_casualties(&mut checks, &[stated]);
    checks.finish().is_ok()
}

proptest! {
    #[test]
    fn what_is_owed_is_due_exactly_the_limit_after_its_start(minutes in 1_u32..100_000, at in 0_i64..4_000_000_000) {
        let received = Timestamp::from_seconds(at);
        let owed = decide_owed(&limit(minutes, "received"), &[], received, &UnitRef::default(), &UnitRef::default());
        prop_assert_eq!(owed.started_at, received);
        prop_assert_eq!(owed.due_at, received.plus_minutes(i64::from(minutes)));
        prop_assert_eq!(owed.rule.limit_minutes, minutes);
    }

    #[test]
    fn the_clock_starts_at_the_time_that_the_rule_names_and_else_at_the_receipt(
        minutes in 1_u32..100_000, occurred in 0_i64..2_000_000_000, later in 0_i64..1_000_000, said in any::<bool>(),
    ) {
        let received = Timestamp::from_seconds(occurred + later);
        let mut times = vec![time("learned", occurred + 1)];
        if said {
            times.push(time("occurred", occurred));
        }
        let start = if said { Timestamp::from_seconds(occurred) } else { received };
        let owed = decide_owed(
            &limit(minutes, "occurred"), &times, received, &UnitRef::default(), &UnitRef::default(),
        );
        prop_assert_eq!(owed.started_at, start);
        prop_assert_eq!(owed.due_at, start.plus_minutes(i64::from(minutes)));
    }

    #[test]
    fn likeness_lies_between_nothing_and_one(
        title in ".{0,40}", text in ".{0,40}", division in "[0-9]{0,12}", class in "[0-9]{0,5}", same in any::<bool>(),
    ) {
        let mut known = Incident::new("i");
        known.title.clone_from(&title);
        if same {
            known.division.clone_from(&division);
            known.event_class.clone_from(&class);
        }
        let alike = likeness(&known, &division, &class, &text, Timestamp::from_seconds(0));
        prop_assert!((0.0..=1.0).contains(&alike.score), "{:?}", alike);
        prop_assert!(alike.reasons.len() <= 4);
    }

    #[test]
    fn a_time_more_than_five_minutes_ahead_is_refused(now in 0_i64..4_000_000_000, ahead in -100_000_i64..1_000) {
        let mut checks = Checks::new();
        check_times(&mut checks, &[time("occurred", now + ahead)], Timestamp::from_seconds(now));
        prop_assert_eq!(checks.finish().is_ok(), ahead <= 300);
    }

    #[test]
    fn a_casualty_figure_has_a_known_kind_and_is_plausible(kind in "[a-z]{1,12}", value in any::<Option<u32>>()) {
        prop_assert_eq!(casualties_pass(casualty(&kind, None, Vec::new())), CASUALTY_KINDS.contains(&kind.as_str()));
        let plausible = value.is_none_or(|value| value <= 10_000_000);
        prop_assert_eq!(casualties_pass(casualty("deaths", value, Vec::new())), plausible);
    }

    #[test]
    fn no_statement_is_ever_lost_and_the_newest_stands(
        said in prop::collection::vec((0_usize..6, any::<Option<u32>>(), prop::collection::vec(0_u32..12, 0..3)), 1..12),
    ) {
        let mut incident = Incident::new("i");
        for (position, (kind, value, supersedes)) in (1..).zip(&said) {
            let stated = casualty(CASUALTY_KINDS[*kind], *value, supersedes.clone());
            incident.apply(&follow_up(vec![stated.clone()]), &recorded(position));
            let newest = incident.current(CASUALTY_KINDS[*kind]).pop().map(|a| a.stated.clone());
            prop_assert_eq!(newest, Some(stated));
            prop_assert_eq!((incident.position, incident.version), (position, position));
        }
        prop_assert_eq!(incident.assertions.len(), said.len());
        for (index, assertion) in incident.assertions.iter().enumerate() {
            prop_assert_eq!(&assertion.stated.value, &said[index].1);
            prop_assert!(assertion.superseded_by.is_none_or(|by| by > assertion.number));
        }
    }

    #[test]
    fn an_incident_that_is_over_offers_nothing_and_owes_nothing(outcome in "handled|dismissed", acts in 0_u64..5) {
        let mut incident = Incident::new("i");
        for position in 0..acts {
            incident.apply(&follow_up(Vec::new()), &recorded(position));
        }
        prop_assert!(!allowed_acts(&incident, None).is_empty());
        incident.apply(&end(&outcome), &recorded(acts));
        prop_assert!(allowed_acts(&incident, None).is_empty());
        prop_assert_eq!((incident.next_due(), incident.next_alarm()), (None, None));
    }

    #[test]
    fn a_fact_is_read_back_as_it_was_written(obligation in any::<u32>(), at in -1_000_000_000_i64..4_000_000_000, down in any::<bool>()) {
        let fact = Fact::from(DeadlinePassed {
            obligation, due_at: Timestamp::from_seconds(at), late_because_down: down,
        });
        let body = serde_json::to_string(&fact).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let read = Fact::read(fact.kind(), &body).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(read, Some(fact));
    }

    #[test]
    fn a_number_of_any_length_cannot_be_read_from_its_mask(number in "[0-9]{0,20}") {
        let shown = mask_phone(&number).chars().filter(|c| *c != '*').count();
        prop_assert!(shown <= 7);
        prop_assert!(number.is_empty() || number.len() > shown);
        prop_assert!(number.len() < 4 || number.len() >= shown + 2);
    }
}
