//! A county claims 20:05 and knew before: found once, heard, judged, renewed and lifted; on both engines.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "support/world.rs"]
mod world;

use anlan_finding::model::{Finding, State};
use anlan_finding::service::{Judging, Replying};
use anlan_finding::{jobs, store};
use anlan_findings::FindingKind;
use anlan_foundation::{Fault as _, Timestamp};
use anlan_incident::facts::{Happened, TimeStated};
use anlan_incident::model::Incident;
use anlan_incident::service::{Called, Learning, ReportUp, Taken};
use anlan_incident::{IncidentError, Incidents};
use anlan_jobs::Runner;
use anlan_ledger::Work;
use anlan_testkit::{START, TestNode, both_engines};
use world::{CITY, COUNTY, Down, act, findings, person, views};

fn incident_act(
    node: &TestNode,
    of: &str,
    run: impl FnOnce(&Incidents, &mut Work<'_, '_>, &anlan_access::Caller) -> Result<Incident, IncidentError>
    + Send
    + 'static,
) -> Incident {
    let (all, caller) = (
        findings(node, Down::default()).incidents,
        person("duty_officer", of),
    );
    node.ledger
        .command_blocking(anlan_web::actor_of(&caller), move |work| run(&all, work, &caller))
        .unwrap()
}

/// The county takes a fire and says that it learned of it just now; it reports within twenty minutes.
fn claimed(node: &TestNode) -> String {
    let taken = Taken {
        event_class: "20100".to_owned(),
        division: COUNTY.to_owned(),
        title: Some("金属材料厂火灾".to_owned()),
        call: Called {
            text: "厂房起火".to_owned(),
            times: vec![TimeStated {
                kind: "learned".to_owned(),
                at: START,
                precision: "minute".to_owned(),
                source: "县应急局".to_owned(),
                confidence: "confirmed".to_owned(),
            }],
            ..Called::default()
        },
        ..Taken::default()
    };
    let id = incident_act(node, COUNTY, move |all, work, caller| {
        all.take(work, caller, &taken)
    })
    .id;
    node.clock.advance_minutes(20);
    let reported = id.clone();
    incident_act(node, COUNTY, move |all, work, caller| {
        all.report_up(work, caller, &reported, &ReportUp::default())
    });
    id
}

/// The city records that the county had a call so long before.
fn evidence(node: &TestNode, id: &str, minutes_before: i64) {
    let (id, learning) = (
        id.to_owned(),
        Learning {
            unit: COUNTY.to_owned(),
            manner: "call".to_owned(),
            time: Happened {
                at: START.plus_minutes(-minutes_before),
                precision: "minute".to_owned(),
                source: "119指挥台".to_owned(),
                confidence: "confirmed".to_owned(),
            },
            evidence: "接警单".to_owned(),
        },
    );
    incident_act(node, CITY, move |all, work, caller| {
        all.state_learned(work, caller, &id, &learning)
    });
}

fn examine(node: &TestNode) {
    let runner = Runner::come_up(&node.ledger, jobs::jobs(&findings(node, Down::default()))).unwrap();
    node.clock.advance_minutes(2);
    while runner.round_blocking().unwrap().fired > 0 {}
}

fn all(node: &TestNode, incident: &str) -> Vec<Finding> {
    let incident = incident.to_owned();
    node.ledger
        .db()
        .read_blocking(move |tx| store::of_incident(tx, &incident))
        .unwrap()
}

fn reply(node: &TestNode, of: &str, id: &str) -> Result<Finding, anlan_finding::FindingError> {
    let (id, reply) = (
        id.to_owned(),
        Replying {
            text: "接警单时钟快了一小时，附校时记录".to_owned(),
        },
    );
    act(node, person("leader_on_duty", of), move |all, work, caller| {
        all.reply(work, caller, &id, &reply)
    })
}

fn judge(node: &TestNode, of: &str, id: &str, verdict: &str) -> Result<Finding, anlan_finding::FindingError> {
    let (id, judging) = (
        id.to_owned(),
        Judging {
            verdict: verdict.to_owned(),
            reason: "核对了接警录音".to_owned(),
        },
    );
    act(node, person("leader_on_duty", of), move |all, work, caller| {
        all.judge(work, caller, &id, &judging)
    })
}

#[test]
fn a_claim_that_evidence_contradicts_is_found_once_with_both_sides() {
    both_engines(views, |node| {
        let id = claimed(node);
        examine(node);
        assert_eq!(all(node, &id), []);
        evidence(node, &id, 79);
        examine(node);
        examine(node);
        let found = all(node, &id);
        let kinds: Vec<FindingKind> = found.iter().map(|finding| finding.kind).collect();
        assert_eq!(kinds.len(), 2);
        assert!(kinds.contains(&FindingKind::Late) && kinds.contains(&FindingKind::BackDated));
        let back_dated = found
            .iter()
            .find(|finding| finding.kind == FindingKind::BackDated)
            .unwrap();
        assert_eq!(back_dated.found.claimed_at, Some(START));
        assert_eq!(back_dated.found.known_at, Some(START.plus_minutes(-79)));
        let sides: Vec<&str> = back_dated
            .found
            .evidence
            .iter()
            .map(|line| line.side.as_str())
            .collect();
        assert!(
            sides.contains(&"claimed") && sides.contains(&"known"),
            "{sides:?}"
        );
        assert!(
            back_dated
                .found
                .evidence
                .iter()
                .all(|line| line.seq > 0 && !line.origin.is_empty())
        );
        // More evidence renews the finding and makes no second one.
        evidence(node, &id, 1_505);
        examine(node);
        let renewed = all(node, &id);
        assert_eq!(renewed.len(), 2);
        let known = renewed
            .iter()
            .map(|finding| finding.found.known_at)
            .max()
            .unwrap();
        assert_eq!(known, Some(START.plus_minutes(-1_505)));
    });
}

#[test]
fn the_unit_is_heard_before_a_named_person_above_decides() {
    both_engines(views, |node| {
        let id = claimed(node);
        evidence(node, &id, 79);
        examine(node);
        let finding = all(node, &id).remove(0);
        assert_eq!(
            judge(node, CITY, &finding.id, "upheld").unwrap_err().code(),
            "finding.reply_awaited"
        );
        assert_eq!(
            reply(node, CITY, &finding.id).unwrap_err().code(),
            "finding.not_concerned"
        );
        let replied = reply(node, COUNTY, &finding.id).unwrap();
        assert_eq!((replied.state, replied.replies.len()), (State::Replied, 1));
        assert_eq!(
            judge(node, COUNTY, &finding.id, "unfounded").unwrap_err().code(),
            "finding.own_case"
        );
        let judged = judge(node, CITY, &finding.id, "excused").unwrap();
        assert_eq!(judged.state, State::Excused);
        assert_eq!(judged.verdict.unwrap().reason, "核对了接警录音");
        assert_eq!(
            reply(node, COUNTY, &finding.id).unwrap_err().code(),
            "finding.settled"
        );
        // Later evidence does not touch what a person has decided.
        evidence(node, &id, 1_505);
        examine(node);
        let later = all(node, &id)
            .into_iter()
            .find(|other| other.id == finding.id)
            .unwrap();
        assert_eq!(later.state, State::Excused);
    });
}

#[test]
fn a_reply_that_does_not_come_is_told_once_and_opens_the_verdict() {
    let node = TestNode::new(views());
    let id = claimed(&node);
    evidence(&node, &id, 79);
    examine(&node);
    node.clock.advance_minutes(48 * 60);
    examine(&node);
    examine(&node);
    let finding = all(&node, &id).remove(0);
    assert_eq!((finding.state, finding.version), (State::NoReply, 2));
    let late = reply(&node, COUNTY, &finding.id).unwrap();
    assert!(late.replies[0].late);
    assert_eq!(
        judge(&node, CITY, &finding.id, "upheld").unwrap().state,
        State::Upheld
    );
}

#[test]
fn units_below_and_beside_do_not_know_of_a_finding() {
    let node = TestNode::new(views());
    let id = claimed(&node);
    evidence(&node, &id, 79);
    examine(&node);
    let finding = all(&node, &id).remove(0);
    for (of, sees) in [
        ("150125100", false),
        ("150124", false),
        (COUNTY, true),
        (CITY, true),
    ] {
        let number = finding.id.clone();
        let seen = act(&node, person("duty_officer", of), move |all, work, caller| {
            all.visible(work.tx, caller, &number, "finding.read")
        });
        assert_eq!(seen.is_ok(), sees, "{of}");
    }
}

#[test]
fn a_pack_holds_the_sheet_and_every_entry_with_its_proof() {
    let node = TestNode::new(views());
    let id = claimed(&node);
    evidence(&node, &id, 79);
    examine(&node);
    let finding = all(&node, &id).remove(0);
    let bytes = act(&node, person("auditor", CITY), move |all, work, caller| {
        let gathered = all.gather_pack(work.tx, caller, &finding.id)?;
        assert_eq!(gathered.streams.len(), 2);
        all.zip(&gathered)
    })
    .unwrap();
    assert!(bytes.starts_with(b"PK"));
}

#[test]
fn tables_are_a_pure_view_of_the_entries() {
    let node = TestNode::new(views());
    let id = claimed(&node);
    evidence(&node, &id, 79);
    examine(&node);
    reply(&node, COUNTY, &all(&node, &id)[0].id).unwrap();
    let replica = TestNode::new(views());
    anlan_ledger::replay(&node.ledger, &replica.ledger, u64::MAX >> 1).unwrap();
    assert_eq!(all(&node, &id), all(&replica, &id));
    assert!(all(&node, &id)[0].raised_at > Timestamp::from_micros(0));
}
