//! A seeded month goes through the slice as entries; what it finds is held against the truth.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "support/world.rs"]
mod world;

use anlan_finding::{jobs, rules, store};
use anlan_findings::month::{END, Labelled, Plan, month};
use anlan_findings::{Evidence, EvidenceKind, FindingKind, Holder, Observed, Report};
use anlan_foundation::Timestamp;
use anlan_incident::facts::{
    Acknowledged, CallAdded, CasualtyStated, Enquired, Fact, Happened, Owed, Received, ReportedFigure,
    ReportedUp, RuleRef, Serial, TimeStated, Verified,
};
use anlan_jobs::Runner;
use anlan_ledger::LedgerError;
use anlan_testkit::TestNode;
use world::{Down, actor, findings, unit, views};

/// An entry that is to be recorded: when, about which event, by whom, what.
struct Told {
    at: i64,
    event: String,
    by: String,
    fact: Fact,
}

/// A unit of its own for every event, so that its node may be down without the others'.
fn ours(seen: &Observed) -> String {
    format!("{}-{}", seen.unit, seen.event)
}

fn deaths(value: Option<u32>, source: &str) -> CasualtyStated {
    CasualtyStated {
        kind: "deaths".to_owned(),
        value,
        source: source.to_owned(),
        supersedes: Vec::new(),
    }
}

fn call(channel: &str, by: &str, figure: Option<u32>) -> CallAdded {
    CallAdded {
        channel: channel.to_owned(),
        text: "有人报告".to_owned(),
        caller_name: None,
        caller_phone: None,
        times: Vec::new(),
        casualties: figure.map(|_| deaths(figure, "来电人")).into_iter().collect(),
        attachments: Vec::new(),
        taken_by: unit(by),
    }
}

/// The first entry of an event: somebody took it.
fn received(first: CallAdded, seen: &Observed) -> Received {
    let start = Timestamp::from_seconds(seen.evidence.first().map_or(0, |piece| piece.at));
    let owed = Owed {
        kind: "first_report".to_owned(),
        from_unit: unit(&ours(seen)),
        to_unit: unit("1501"),
        started_at: start,
        due_at: start.plus_minutes(i64::from(seen.limit_minutes)),
        rule: RuleRef {
            id: "test".to_owned(),
            clause: "测试".to_owned(),
            limit_minutes: seen.limit_minutes,
            start_event: "received".to_owned(),
            immediately: false,
        },
        alarms: Vec::new(),
        about: String::new(),
    };
    Received {
        code: seen.event.clone(),
        channel: first.channel,
        event_class: "20100".to_owned(),
        title: seen.event.clone(),
        text: first.text,
        division: unit(&ours(seen)).division,
        division_name: String::new(),
        address: None,
        point: None,
        caller_name: None,
        caller_phone: None,
        times: Vec::new(),
        casualties: first.casualties,
        attachments: Vec::new(),
        not_same_as: Vec::new(),
        split_from: None,
        taken_by: first.taken_by,
        owes: vec![owed],
    }
}

fn evidence(piece: &Evidence, seen: &Observed) -> (String, Fact) {
    let by = match piece.holder {
        Holder::Unit => ours(seen),
        Holder::Other => format!("150199-{}", seen.event),
    };
    let channel = match piece.kind {
        EvidenceKind::Call => "phone",
        EvidenceKind::Sensor => "sensor",
        EvidenceKind::Message => "message",
        EvidenceKind::Resident => "web",
        EvidenceKind::Hospital => return (by, deaths(piece.deaths, "市医院").into()),
        EvidenceKind::Enquiry => {
            let fact = Enquired {
                from_unit: unit("1501"),
                to_unit: unit(&by),
                text: "情况如何？".to_owned(),
                happened: None,
            };
            return ("1501".to_owned(), fact.into());
        }
    };
    let fact = call(channel, &by, piece.deaths).into();
    (by, fact)
}

fn exact(seconds: i64) -> Happened {
    Happened {
        at: Timestamp::from_seconds(seconds),
        precision: "minute".to_owned(),
        source: "值班记录".to_owned(),
        confidence: "confirmed".to_owned(),
    }
}

fn report(told: &Report, seen: &Observed, number: usize) -> Vec<Told> {
    let by = ours(seen);
    let entry = |at: i64, by: &str, fact: Fact| Told {
        at,
        event: seen.event.clone(),
        by: by.to_owned(),
        fact,
    };
    let mut entries = Vec::new();
    if number == 0 {
        let claim = TimeStated {
            kind: "learned".to_owned(),
            at: Timestamp::from_seconds(told.claimed_learned_at),
            precision: "minute".to_owned(),
            source: "值班记录".to_owned(),
            confidence: "confirmed".to_owned(),
        };
        entries.push(entry(told.recorded_at, &by, claim.into()));
    }
    let fact = ReportedUp {
        from_unit: unit(&by),
        to_units: vec![unit("1501")],
        serial: if number == 0 {
            Serial::First
        } else {
            Serial::FollowUp
        },
        ordinal: u32::try_from(number).unwrap().max(1),
        text: String::new(),
        figures: vec![ReportedFigure {
            kind: "deaths".to_owned(),
            value: told.deaths,
            conflict: false,
            statements: Vec::new(),
        }],
        changes: Vec::new(),
        owes: Vec::new(),
        happened: (told.claimed_sent_at != told.recorded_at).then(|| exact(told.claimed_sent_at)),
        paper: None,
    };
    entries.push(entry(told.recorded_at, &by, fact.into()));
    if let Some(read) = told.read_at {
        let fact = Acknowledged {
            report: u32::try_from(number + 1).unwrap(),
            unit: unit("1501"),
            told_by: None,
            happened: None,
        };
        entries.push(entry(read, "1501", fact.into()));
    }
    entries
}

/// Everything about an event, in the order in which it was recorded.
fn told(labelled: &Labelled) -> Vec<Told> {
    let seen = &labelled.seen;
    let mut entries: Vec<Told> = Vec::new();
    for piece in &seen.evidence {
        let (by, fact) = evidence(piece, seen);
        entries.push(Told {
            at: piece.at,
            event: seen.event.clone(),
            by,
            fact,
        });
    }
    for (number, told) in seen.reports.iter().enumerate() {
        entries.extend(report(told, seen, number));
    }
    if let Some(at) = seen.dismissed_at {
        let fact = Verified {
            verdict: "false".to_owned(),
            note: "经核实不属实".to_owned(),
            unit: unit(&ours(seen)),
            happened: None,
        };
        entries.push(Told {
            at,
            event: seen.event.clone(),
            by: ours(seen),
            fact: fact.into(),
        });
    }
    entries.sort_by_key(|entry| entry.at);
    if let Some(first) = entries.first_mut() {
        let by = first.by.clone();
        first.fact = match &first.fact {
            Fact::CallAdded(added) => received((**added).clone(), seen).into(),
            _ => received(call("message", &by, None), seen).into(),
        };
    }
    entries
}

/// Tells a month to a node and has it examined; gives each event's truth and what was found.
fn play(node: &TestNode, seed: u64, plan: Plan) -> Vec<(Option<FindingKind>, Vec<FindingKind>)> {
    let labelled = month(seed, plan);
    let mut all: Vec<Told> = labelled.iter().flat_map(told).collect();
    all.sort_by_key(|entry| entry.at);
    for entry in all {
        node.clock.set(Timestamp::from_seconds(entry.at));
        let stream = format!("incident/{}", entry.event);
        node.ledger
            .command_blocking(actor(&entry.by), move |work| {
                work.record(&stream, entry.fact.kind(), "1501", &entry.fact)?;
                Ok::<_, LedgerError>(())
            })
            .unwrap();
    }
    node.clock.set(Timestamp::from_seconds(END));
    let down = labelled
        .iter()
        .map(|one| (ours(&one.seen), one.seen.outages.clone()));
    let runner = Runner::come_up(&node.ledger, jobs::jobs(&findings(node, Down(down.collect())))).unwrap();
    while runner.round_blocking().unwrap().fired > 0 {}
    let found = |one: &Labelled| {
        let event = one.seen.event.clone();
        let rows = node
            .ledger
            .db()
            .read_blocking(move |tx| store::of_incident(tx, &event))
            .unwrap();
        let kinds = rows.iter().map(|finding| finding.kind).collect();
        (one.truth, kinds)
    };
    labelled.iter().map(found).collect()
}

#[test]
fn recall_and_precision_hold_when_a_month_goes_through_the_slice() {
    let plan = Plan {
        events: 500,
        late: 60,
        omitted: 40,
        understated: 40,
        concealed: 40,
        false_alarms: 40,
    };
    // A number from the data stands in for chance: nobody chose this month.
    let text = include_str!("../../../rules/finding-desk.toml");
    let seed = text.bytes().fold(17_u64, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(u64::from(byte))
    });
    let node = TestNode::new(views());
    let played = play(&node, seed, plan);
    for (word, kind) in rules::KINDS {
        let truths = played.iter().filter(|(truth, _)| *truth == Some(kind)).count();
        let found = played.iter().filter(|(_, found)| found.contains(&kind)).count();
        let both = |(truth, found): &&(Option<FindingKind>, Vec<FindingKind>)| {
            *truth == Some(kind) && found.contains(&kind)
        };
        let hits = played.iter().filter(both).count();
        assert!(hits * 100 >= truths * 95, "{word}: recall {hits} of {truths}");
        assert!(hits * 100 >= found * 95, "{word}: precision {hits} of {found}");
    }
    assert!(played.iter().all(|(_, found)| {
        let mut once = found.clone();
        once.sort_unstable();
        once.dedup();
        once.len() == found.len()
    }));
}
