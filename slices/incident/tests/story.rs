//! One incident from a village to the city, on both engines.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "story/chain.rs"]
mod chain;
#[path = "story/law.rs"]
mod law;
#[path = "story/lists.rs"]
mod lists;
#[path = "story/photos.rs"]
mod photos;

use std::sync::Arc;

use anlan_access::{Caller, Grant, Roles};
use anlan_files::{Files, PhotoLimits};
use anlan_foundation::{Fault as _, Timestamp};
use anlan_incident::facts::CasualtyStated;
use anlan_incident::model::{Incident, Status};
use anlan_incident::service::{Acknowledging, Called, Closing, FollowUp, ReportUp, Taken};
use anlan_incident::{
    Directory, EventClass, IncidentError, IncidentView, Incidents, Limit, UnitRef, jobs, store,
};
use anlan_jobs::Runner;
use anlan_ledger::{Idempotency, Suite, View, Work};
use anlan_store::{Statement, StoreError, Tx, params, sql};
use anlan_testkit::{START, TestNode, both_engines};

const VILLAGE: &str = "150125100003";

struct FourTiers(Vec<EventClass>);

impl Directory for FourTiers {
    fn unit(&self, _: &mut Tx<'_>, id: &str) -> Result<Option<UnitRef>, StoreError> {
        Ok(Some(UnitRef {
            id: id.to_owned(),
            name: format!("单位{id}"),
            division: id.to_owned(),
        }))
    }

    fn superior(&self, tx: &mut Tx<'_>, unit: &str) -> Result<Option<UnitRef>, StoreError> {
        let up: String = match unit.len() {
            12 => unit.chars().take(9).collect(),
            9 => unit.chars().take(6).collect(),
            6 => unit.chars().take(4).collect(),
            _ => return Ok(None),
        };
        self.unit(tx, &up)
    }

    fn division_name(&self, _: &mut Tx<'_>, code: &str) -> Result<Option<String>, StoreError> {
        Ok(code.starts_with("1501").then(|| format!("区划{code}")))
    }

    fn event_classes(&self) -> &[EventClass] {
        &self.0
    }

    fn first_report_limit(&self, _: &str, _: &str, _: Timestamp) -> Option<Limit> {
        let text = |t: &str| t.to_owned();
        Some(Limit {
            id: text("test"),
            clause: text("test"),
            minutes: 30,
            start_event: text("received"),
            immediately: false,
        })
    }
}

fn views() -> Vec<Arc<dyn View>> {
    vec![Arc::new(IncidentView)]
}

fn folder(node: &TestNode) -> std::path::PathBuf {
    let elsewhere = || std::env::temp_dir().join(format!("anlan-photos-{}", std::process::id()));
    node.dir.clone().unwrap_or_else(elsewhere).join("files")
}

fn incidents(node: &TestNode) -> Incidents {
    let text = |t: &str| t.to_owned();
    let class = EventClass {
        code: text("20100"),
        name: text("建筑火灾"),
        class: text("accident"),
        initials: text("jzhz"),
        key: None,
    };
    Incidents {
        ledger: node.ledger.clone(),
        directory: Arc::new(FourTiers(vec![class])),
        files: Files::new(folder(node), node.ledger.suite(), PhotoLimits::default()),
    }
}

fn officer(division: &str) -> Caller {
    let roles = Roles::parse(include_str!("../../../rules/access.toml")).unwrap();
    Caller {
        account: format!("account-{division}"),
        name: format!("值班员{division}"),
        person: Some("p".to_owned()),
        unit: Some(division.to_owned()),
        post: None,
        grants: vec![Grant::new("duty_officer", division)],
        roles: Arc::new(roles),
    }
}

fn taken() -> Taken {
    Taken {
        event_class: "20100".to_owned(),
        division: VILLAGE.to_owned(),
        call: Called {
            text: "厨房起火".to_owned(),
            caller_phone: Some("13800001234".to_owned()),
            ..Called::default()
        },
        ..Taken::default()
    }
}

/// Runs an act as the officer of a division.
fn act(
    node: &TestNode,
    division: &str,
    run: impl FnOnce(&Incidents, &mut Work<'_, '_>, &Caller) -> Result<Incident, IncidentError> + Send + 'static,
) -> Result<Incident, IncidentError> {
    let (all, caller) = (incidents(node), officer(division));
    node.ledger
        .command_blocking(anlan_web::actor_of(&caller), move |work| run(&all, work, &caller))
}

/// The job of deadlines alone: no round does anything else.
fn deadlines(node: &TestNode) -> Vec<anlan_jobs::Job> {
    let mut all = jobs::jobs(&incidents(node));
    all.retain(|job| job.name() == "incident.deadline");
    all
}

fn receipt(report: u32) -> Acknowledging {
    Acknowledging {
        report,
        ..Acknowledging::default()
    }
}

fn news(text: &str, casualties: Vec<CasualtyStated>) -> FollowUp {
    FollowUp {
        text: text.to_owned(),
        casualties,
        ..FollowUp::default()
    }
}

fn end() -> Closing {
    Closing {
        outcome: "handled".to_owned(),
        text: "完毕".to_owned(),
        happened: None,
    }
}

fn take(node: &TestNode) -> Incident {
    act(node, VILLAGE, |all, work, caller| {
        all.take(work, caller, &taken())
    })
    .unwrap()
}

/// Takes an incident in the village and brings it, report by report, to the city; every state on the way.
fn journey(node: &TestNode) -> Vec<Incident> {
    let mut states = vec![take(node)];
    let id = states[0].id.clone();
    for (tier, up) in [
        (VILLAGE, "150125100"),
        ("150125100", "150125"),
        ("150125", "1501"),
    ] {
        node.clock.advance_minutes(10);
        let reporting = id.clone();
        let reported = act(node, tier, move |all, work, caller| {
            all.report_up(work, caller, &reporting, &ReportUp::default())
        })
        .unwrap();
        assert_eq!(reported.holder.division, up);
        let (acknowledging, report) = (id.clone(), u32::try_from(reported.reports.len()).unwrap());
        let acknowledged = act(node, up, move |all, work, caller| {
            all.acknowledge(work, caller, &acknowledging, &receipt(report))
        })
        .unwrap();
        states.extend([reported, acknowledged]);
    }
    states
}

fn travel(node: &TestNode) -> Incident {
    journey(node).pop().unwrap()
}

fn the_story(node: &TestNode) {
    let incident = travel(node);
    assert_eq!(incident.holder.division, "1501");
    assert_eq!(incident.status, Status::Reported);
    assert_eq!(incident.next_due(), None);
    let sent: Vec<_> = incident.reports.iter().map(|report| report.sent_at).collect();
    assert_eq!(sent, [10, 20, 30].map(|minutes| START.plus_minutes(minutes)));
    assert!(
        incident
            .reports
            .iter()
            .all(|report| !report.late && report.receipts[0].at == report.sent_at)
    );
    let due: Vec<_> = incident.obligations.iter().map(|owed| owed.due_at).collect();
    assert_eq!(due, [30, 40, 50].map(|minutes| START.plus_minutes(minutes)));
    assert!(incident.obligations.iter().all(|owed| owed.met_at.is_some()));
    let report = anlan_ledger::verify_store(&node.ledger).unwrap();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
}

#[test]
fn an_incident_travels_from_the_village_to_the_city() {
    both_engines(views, the_story);
}

#[test]
fn the_same_story_holds_with_the_national_algorithms() {
    the_story(&TestNode::with_suite(Suite::Gm, views()));
    if let Some(node) = TestNode::on_postgres("travel", Suite::Gm, views()) {
        the_story(&node);
    }
}

fn fired(runner: &Runner) -> u64 {
    runner.round_blocking().unwrap().fired
}

#[test]
fn a_report_after_its_limit_is_late_and_its_passing_is_recorded_once() {
    both_engines(views, |node| {
        let incident = take(node);
        assert_eq!(incident.next_due(), Some(START.plus_minutes(30)));
        node.clock.advance_minutes(31);
        let runner = Runner::come_up(&node.ledger, deadlines(node)).unwrap();
        assert_eq!([fired(&runner), fired(&runner)], [1, 0]);
        let id = incident.id.clone();
        let reported = act(node, VILLAGE, move |all, work, caller| {
            all.report_up(work, caller, &id, &ReportUp::default())
        })
        .unwrap();
        assert!(reported.reports[0].late);
        assert!(reported.obligations[0].passed && !reported.obligations[0].late_because_down);
    });
}

#[test]
fn a_deadline_that_passed_while_the_node_was_down_says_so() {
    both_engines(views, |node| {
        drop(Runner::come_up(&node.ledger, deadlines(node)).unwrap());
        let incident = take(node);
        node.clock.advance_minutes(90);
        let runner = Runner::come_up(&node.another_server(), deadlines(node)).unwrap();
        assert_eq!(fired(&runner), 1);
        let stored = node
            .ledger
            .db()
            .read_blocking(move |tx| store::load(tx, &incident.id))
            .unwrap()
            .unwrap();
        assert!(stored.obligations[0].late_because_down);
    });
}

#[test]
fn the_incident_as_of_every_earlier_position_is_what_it_was_then() {
    both_engines(views, |node| {
        for then in journey(node) {
            let (id, position) = (then.id.clone(), then.position);
            let replayed = node
                .ledger
                .db()
                .read_blocking(move |tx| store::as_of(tx, &id, position))
                .unwrap();
            assert_eq!(replayed, Some(then));
        }
        let nothing = node
            .ledger
            .db()
            .read_blocking(|tx| store::as_of(tx, "never", u64::MAX))
            .unwrap();
        assert_eq!(nothing, None);
    });
}

#[test]
fn two_sources_that_disagree_stand_side_by_side_until_one_is_superseded() {
    both_engines(views, |node| {
        let id = take(node).id;
        let state = |value, source: &str, supersedes: Vec<u32>| {
            let (id, source) = (id.clone(), source.to_owned());
            act(node, "150125", move |all, work, caller| {
                let stated = CasualtyStated {
                    kind: "injured".to_owned(),
                    value: Some(value),
                    source,
                    supersedes,
                };
                all.follow_up(work, caller, &id, &news("伤者", vec![stated]))
            })
            .unwrap()
        };
        state(2, "医院", Vec::new());
        let both = state(3, "县局", Vec::new());
        assert_eq!(both.current("injured").len(), 2);
        assert!(both.current("deaths").is_empty(), "what nobody said is absent");
        let decided = state(3, "医院", vec![1]);
        assert_eq!(
            decided
                .current("injured")
                .iter()
                .map(|a| a.stated.value)
                .collect::<Vec<_>>(),
            [Some(3), Some(3)]
        );
        assert_eq!(
            decided.assertions.len(),
            3,
            "the superseded statement stays readable"
        );
    });
}

#[test]
fn another_countys_officer_does_not_even_learn_that_it_exists() {
    both_engines(views, |node| {
        let id = take(node).id;
        let refused = act(node, "150124", move |all, work, caller| {
            all.report_up(work, caller, &id, &ReportUp::default())
        })
        .unwrap_err();
        assert_eq!(refused.code(), "incident.not_found");
    });
}

#[test]
fn a_closed_incident_takes_supplements_marked_as_such_and_nothing_else() {
    both_engines(views, |node| {
        let id = take(node).id;
        let closing = id.clone();
        act(node, "1501", move |all, work, caller| {
            all.close(work, caller, &closing, &end())
        })
        .unwrap();
        let late = id.clone();
        let supplemented = act(node, "1501", move |all, work, caller| {
            all.follow_up(work, caller, &late, &news("复核后受伤1人", Vec::new()))
        })
        .unwrap();
        assert_eq!(supplemented.status, Status::Closed);
        assert_eq!(supplemented.notes.last().unwrap().kind, "supplemented");
        assert_eq!(supplemented.next_due(), None);
        let refused = act(node, "1501", move |all, work, caller| {
            all.report_up(work, caller, &id, &ReportUp::default())
        })
        .unwrap_err();
        assert_eq!(refused.code(), "incident.closed");
    });
}

#[test]
fn a_repeated_request_has_one_effect_and_another_body_is_refused() {
    both_engines(views, |node| {
        let all = incidents(node);
        let runtime_free = |body: &'static str| {
            let (all, caller) = (all.clone(), officer(VILLAGE));
            let request = node.ledger.suite().digest(body.as_bytes());
            let key = Idempotency {
                actor: caller.account.clone(),
                key: "k".to_owned(),
                request,
            };
            let actor = anlan_web::actor_of(&caller);
            let command = node
                .ledger
                .command(actor, Some(key), move |work| all.take(work, &caller, &taken()));
            tokio::runtime::Builder::new_current_thread()
                .build()
                .unwrap()
                .block_on(command)
        };
        let first = runtime_free("same").unwrap();
        let second = runtime_free("same").unwrap();
        assert!(second.replayed && !first.replayed);
        assert_eq!(first.value.id, second.value.id);
        assert_eq!(runtime_free("other").unwrap_err().code(), "idempotency.mismatch");
        assert_eq!(
            node.ledger
                .db()
                .read_blocking(|tx| anlan_ledger::head(tx, "test"))
                .unwrap()
                .1,
            1
        );
    });
}

#[test]
fn the_tables_are_a_pure_view_of_the_entries() {
    both_engines(views, |node| {
        travel(node);
        let replica = TestNode::new(views());
        assert_eq!(anlan_ledger::replay(&node.ledger, &replica.ledger, 0).unwrap(), 7);
        let (tables, differences) = anlan_ledger::compare(&node.target, &replica.target, &views()).unwrap();
        assert_eq!((tables, differences.len()), (7, 0));
    });
}

/// Changes the store behind the ledger's back and gives the sequence numbers that a check then names.
fn findings_after(node: &TestNode, statement: &'static Statement) -> Vec<u64> {
    travel(node);
    let touched = node
        .ledger
        .db()
        .write_blocking(move |tx| tx.execute(statement, params![]))
        .unwrap();
    assert!(touched > 0);
    let report = anlan_ledger::verify_store(&node.ledger).unwrap();
    report.findings.iter().map(|finding| finding.seq).collect()
}

#[test]
fn a_changed_entry_is_found_and_named() {
    both_engines(views, |node| {
        let time = sql!("UPDATE ledger_entries SET recorded_at = recorded_at - 3600000000 WHERE seq = 3");
        assert!(findings_after(node, time).contains(&3));
    });
    both_engines(views, |node| {
        let word = sql!("UPDATE ledger_entries SET body = REPLACE(body, '15012', '15013') WHERE seq = 5");
        assert!(findings_after(node, word).contains(&5));
    });
    both_engines(views, |node| {
        let actor = sql!("UPDATE ledger_entries SET actor = REPLACE(actor, '15012', '15013') WHERE seq = 2");
        assert!(findings_after(node, actor).contains(&2));
    });
}

#[test]
fn an_entry_that_was_taken_out_is_missed() {
    both_engines(views, |node| {
        let middle = sql!("DELETE FROM ledger_entries WHERE seq = 4");
        assert!(!findings_after(node, middle).is_empty());
    });
    both_engines(views, |node| {
        let newest = sql!("DELETE FROM ledger_entries WHERE seq = 7");
        assert!(!findings_after(node, newest).is_empty());
    });
}

#[test]
fn a_callers_number_stands_nowhere_in_the_clear() {
    let node = TestNode::on_sqlite("sealed", Suite::Gm, views());
    let incident = take(&node);
    let entries = node
        .ledger
        .db()
        .read_blocking(move |tx| store::entries(tx, &incident.id, 100))
        .unwrap();
    assert!(
        entries
            .iter()
            .all(|recorded| !recorded.entry.body.contains("13800001234"))
    );
}

#[test]
fn a_deadline_has_not_passed_at_its_very_instant() {
    both_engines(views, |node| {
        let incident = take(node);
        node.clock.advance_minutes(30);
        let runner = Runner::come_up(&node.ledger, deadlines(node)).unwrap();
        assert_eq!(fired(&runner), 0);
        assert!(!incident.obligations[0].is_overdue(START.plus_minutes(30)));
        node.clock.advance_seconds(1);
        assert_eq!(fired(&runner), 1);
        assert!(incident.obligations[0].is_overdue(START.plus_minutes(30).plus_seconds(1)));
    });
}

#[test]
fn a_report_is_acknowledged_once_and_the_city_has_nobody_above_it() {
    both_engines(views, |node| {
        let id = travel(node).id;
        let again = id.clone();
        let refused = act(node, "1501", move |all, work, caller| {
            all.acknowledge(work, caller, &again, &receipt(3))
        });
        assert_eq!(refused.unwrap_err().code(), "incident.no_such_report");
        let refused = act(node, "1501", move |all, work, caller| {
            all.report_up(work, caller, &id, &ReportUp::default())
        });
        assert_eq!(refused.unwrap_err().code(), "incident.no_superior");
    });
}

#[test]
fn what_cannot_be_is_refused_and_leaves_nothing() {
    both_engines(views, |node| {
        let refuse = |taken: Taken| {
            act(node, VILLAGE, move |all, work, caller| {
                all.take(work, caller, &taken)
            })
            .unwrap_err()
        };
        let unknown = refuse(Taken {
            event_class: "99999".to_owned(),
            division: "110101".to_owned(),
            call: Called {
                text: "x".repeat(5_001),
                ..Called::default()
            },
            ..Taken::default()
        });
        let fields: Vec<_> = unknown.fields().iter().map(|f| f.field.as_str()).collect();
        assert_eq!(fields, ["text", "event_class", "division"]);
        let elsewhere = refuse(Taken {
            division: "150124".to_owned(),
            ..taken()
        });
        assert_eq!(elsewhere.code(), "access.forbidden");
        let recorded = node
            .ledger
            .db()
            .read_blocking(|tx| anlan_ledger::head(tx, "test"))
            .unwrap();
        assert_eq!(recorded, (0, 0));
    });
}

#[test]
fn what_a_caller_may_not_open_is_not_listed_either() {
    both_engines(views, |node| {
        take(node);
        let mut liaison = officer("1501");
        liaison.grants[0].department = Some("weather".to_owned());
        for (caller, shown) in [
            (officer("150125"), 1),
            (officer("150124"), 0),
            (officer("15"), 1),
            (liaison, 0),
        ] {
            let scope = caller.scopes("incident.read").remove(0);
            let filter = store::Filter::all(scope.clone(), 10);
            let (listed, counted, board) = node
                .ledger
                .db()
                .read_blocking(move |tx| {
                    let listed = store::list(tx, &filter, store::Order::Recent)?.len();
                    let counted = store::count(tx, &filter)?;
                    Ok::<_, StoreError>((listed, counted, store::board(tx, &scope)?.len()))
                })
                .unwrap();
            let counted = usize::try_from(counted).unwrap();
            assert_eq!([listed, counted, board], [shown; 3], "{:?}", caller.grants);
        }
    });
}
