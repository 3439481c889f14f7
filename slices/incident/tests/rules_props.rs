//! Laws of the incident's rules and of the one fold.

use anlan_foundation::{Checks, Timestamp};
use anlan_incident::facts::{
    Absorbed, CasualtyStated, Closed, DeadlinePassed, Fact, FollowedUp, IncidentRef, OwedMore, TimeStated,
};
use anlan_incident::model::{Incident, Recorded, UnitRef};
use anlan_incident::rules::{
    CASUALTY_KINDS, Clock, allowed_acts, check_casualties, check_times, decide_all_owed, decide_owed,
    likeness, mask_phone, not_yet_owed,
};
use anlan_incident::{Duty, Limit};
use proptest::prelude::*;

fn limit(minutes: u32, start_event: &str) -> Limit {
    Limit {
        id: "r".into(),
        clause: "c".into(),
        minutes,
        start_event: start_event.into(),
        immediately: false,
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

fn clock(times: &[TimeStated], received: Timestamp) -> Clock<'_> {
    Clock {
        times,
        received,
        stages: &[],
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
        supplement: false,
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
        let owed = decide_owed(&limit(minutes, "received"), &UnitRef::default(), &UnitRef::default(), &clock(&[], received));
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
            &limit(minutes, "occurred"), &UnitRef::default(), &UnitRef::default(), &clock(&times, received),
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
    fn an_incident_that_is_over_takes_supplements_only_and_owes_nothing(outcome in "handled|dismissed", acts in 0_u64..5) {
        let mut incident = Incident::new("i");
        for position in 0..acts {
            incident.apply(&follow_up(Vec::new()), &recorded(position));
        }
        prop_assert!(!allowed_acts(&incident, None).is_empty());
        incident.apply(&end(&outcome), &recorded(acts));
        prop_assert_eq!(allowed_acts(&incident, None), ["follow_up"]);
        prop_assert_eq!((incident.next_due(), incident.next_alarm()), (None, None));
    }

    #[test]
    fn a_fact_is_read_back_as_it_was_written(obligation in any::<u32>(), at in -1_000_000_000_i64..4_000_000_000, down in any::<bool>()) {
        let fact = Fact::from(DeadlinePassed {
            obligation, due_at: Timestamp::from_seconds(at), late_because_down: down, recipients: Vec::new(),
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

    #[test]
    fn obligations_are_a_pure_function_of_the_facts_and_asking_twice_adds_nothing(
        drawn in prop::collection::vec((0_usize..4, 1_u32..300, any::<bool>()), 0..12), at in 0_i64..2_000_000_000,
    ) {
        let unit = |id: String| UnitRef { id, ..UnitRef::default() };
        let duties: Vec<Duty> = drawn.iter().map(|(to, minutes, check)| Duty {
            kind: if *check { "preliminary_check" } else { "first_report" }.to_owned(),
            to: unit(format!("u{to}")),
            limit: limit(*minutes, "received"),
        }).collect();
        let (from, received) = (unit("from".to_owned()), Timestamp::from_seconds(at));
        let owed = decide_all_owed(&from, &duties, &clock(&[], received));
        prop_assert_eq!(&owed, &decide_all_owed(&from, &duties, &clock(&[], received)));
        for one in &owed {
            let strictest = duties.iter().filter(|d| d.kind == one.kind && d.to.id == one.to_unit.id);
            let strictest = strictest.map(|d| d.limit.minutes).min().unwrap_or_default();
            prop_assert_eq!(one.rule.limit_minutes, strictest);
        }
        let mut incident = Incident::new("i");
        incident.apply(&Fact::from(OwedMore { owes: owed.clone() }), &recorded(1));
        prop_assert_eq!(incident.obligations.len(), owed.len());
        prop_assert!(not_yet_owed(&incident, owed).is_empty());
    }

    #[test]
    fn merging_conserves_every_fact_and_every_open_clock(
        ours in prop::collection::vec((0_usize..6, any::<Option<u32>>(), prop::collection::vec(0_u32..6, 0..2)), 0..6),
        theirs in prop::collection::vec((0_usize..6, any::<Option<u32>>(), prop::collection::vec(0_u32..6, 0..2)), 0..6),
        clocks in prop::collection::vec(1_u32..100, 0..4),
    ) {
        let build = |id: &str, said: &[(usize, Option<u32>, Vec<u32>)]| {
            let mut incident = Incident::new(id);
            for (position, (kind, value, supersedes)) in (1..).zip(said) {
                let stated = casualty(CASUALTY_KINDS[*kind], *value, supersedes.clone());
                incident.apply(&follow_up(vec![stated]), &recorded(position));
            }
            incident
        };
        let (mut lasting, mut ending) = (build("a", &ours), build("b", &theirs));
        let owes = clocks.iter().map(|minutes| decide_owed(
            &limit(*minutes, "received"), &UnitRef::default(), &UnitRef::default(),
            &clock(&[], Timestamp::from_seconds(0)),
        ));
        ending.apply(&Fact::from(OwedMore { owes: owes.collect() }), &recorded(50));
        let absorbed = Absorbed {
            from: IncidentRef { id: "b".into(), code: "b".into() },
            reason: "同一起".into(),
            unit: UnitRef::default(),
            calls: ending.calls.clone(),
            knowledge: ending.knowledge.clone(),
            times: ending.times.clone(),
            assertions: ending.assertions.clone(),
            attachments: ending.attachments.clone(),
            owes: ending.unmet_in(&lasting),
        };
        let before = lasting.clone();
        lasting.apply(&Fact::from(absorbed), &recorded(99));
        prop_assert_eq!(lasting.assertions.len(), before.assertions.len() + ending.assertions.len());
        prop_assert_eq!(&lasting.assertions[..before.assertions.len()], &before.assertions[..]);
        for (moved, was) in lasting.assertions[before.assertions.len()..].iter().zip(&ending.assertions) {
            prop_assert_eq!((&moved.stated.kind, moved.stated.value), (&was.stated.kind, was.stated.value));
            prop_assert_eq!((moved.at, moved.position), (was.at, was.position));
            prop_assert_eq!(moved.superseded_by.is_some(), was.superseded_by.is_some());
            prop_assert_eq!(moved.origin.as_deref(), Some("b"));
        }
        for kind in CASUALTY_KINDS {
            let standing = before.current(kind).len() + ending.current(kind).len();
            prop_assert_eq!(lasting.current(kind).len(), standing);
        }
        let due = |incident: &Incident| -> Vec<Timestamp> { incident.pending().map(|o| o.due_at).collect() };
        prop_assert_eq!(due(&lasting), due(&ending));
        let numbers: Vec<u32> = lasting.assertions.iter().map(|a| a.number).collect();
        prop_assert_eq!(numbers, (1..=u32::try_from(lasting.assertions.len()).unwrap()).collect::<Vec<_>>());
    }
}
