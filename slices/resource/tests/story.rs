//! Registers, experts and flights, told as stories on both engines.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use anlan_access::Scope;
use anlan_foundation::Fault as _;
use anlan_jobs::Runner;
use anlan_resource::model::{AdviceState, Deed, FlightState, Member, Place, Readiness};
use anlan_resource::service::{Answering, Appraising, Asking, FlightMove, NewFlight, ReadinessChange};
use anlan_resource::store::{self, Near, RecordFilter};
use anlan_resource::{Resources, jobs};
use anlan_testkit::{START, TestNode, both_engines};
use serde_json::json;
use world::{COUNTY, accident, act, entry, officer, person, resources, views};

#[path = "support/world.rs"]
mod world;

fn everywhere() -> Scope {
    Scope {
        from: "1501".to_owned(),
        before: "1501:".to_owned(),
        department: None,
    }
}

fn make(node: &TestNode, kind: &'static str, class: &'static str, code: &'static str) -> String {
    act(node, officer(), move |this, work, caller| {
        Ok(this.create(work, caller, entry(kind, class, code))?.id)
    })
    .unwrap()
}

#[test]
fn a_second_import_of_the_same_rows_changes_nothing() {
    both_engines(views, |node| {
        let rows = || vec![entry("team", "flood", "T1"), entry("team", "flood", "T2")];
        let first = act(node, officer(), move |this, work, caller| {
            this.import(work, caller, rows())
        })
        .unwrap();
        assert_eq!((first.made, first.changed, first.unchanged), (2, 0, 0));
        let head = node
            .ledger
            .db()
            .read_blocking(|tx| anlan_ledger::head(tx, "test"))
            .unwrap();
        let again = act(node, officer(), move |this, work, caller| {
            this.import(work, caller, rows())
        })
        .unwrap();
        assert_eq!((again.made, again.changed, again.unchanged), (0, 0, 2));
        let after = node
            .ledger
            .db()
            .read_blocking(|tx| anlan_ledger::head(tx, "test"))
            .unwrap();
        assert_eq!(head, after);
        let third = act(node, officer(), move |this, work, caller| {
            let mut rows = rows();
            rows[1].values.insert("people".to_owned(), json!(31));
            this.import(work, caller, rows)
        })
        .unwrap();
        assert_eq!((third.made, third.changed, third.unchanged), (0, 1, 1));
    });
}

#[test]
fn a_faulty_row_is_named_by_row_and_column_and_nothing_is_taken_in() {
    both_engines(views, |node| {
        let refused = act(node, officer(), |this, work, caller| {
            let mut bad = entry("team", "flood", "T2");
            bad.values.insert("people".to_owned(), json!("三十"));
            bad.values.insert("colour".to_owned(), json!("红"));
            this.import(work, caller, vec![entry("team", "flood", "T1"), bad])
        })
        .unwrap_err();
        let fields: Vec<&str> = refused
            .fields()
            .iter()
            .map(|fault| fault.field.as_str())
            .collect();
        assert_eq!(fields, ["rows.1.values.people", "rows.1.values.colour"]);
        let filter = RecordFilter::all(everywhere(), "team", 10);
        let found = node
            .ledger
            .db()
            .read_blocking(move |tx| store::count(tx, &filter));
        assert_eq!(found.unwrap(), 0);
    });
}

#[test]
fn a_place_is_kept_in_cgcs2000_and_says_how_it_was_given() {
    both_engines(views, |node| {
        let id = act(node, officer(), |this, work, caller| {
            let mut given = entry("team", "flood", "T1");
            given.place = Some(Place {
                lon: 111.677_579_8,
                lat: 40.819_629_8,
                given_in: "GCJ-02".to_owned(),
            });
            Ok(this.create(work, caller, given)?.id)
        })
        .unwrap();
        let record = node
            .ledger
            .db()
            .read_blocking(move |tx| store::load(tx, &id))
            .unwrap()
            .unwrap();
        let place = record.entry.place.unwrap();
        assert!((place.lon - 111.6708).abs() < 1e-6 && (place.lat - 40.8183).abs() < 1e-6);
        assert_eq!(place.given_in, "gcj02");
    });
}

#[test]
fn the_nearest_team_that_stands_by_comes_first_and_one_at_rest_is_left_out() {
    both_engines(views, |node| {
        for (code, lon) in [("T1", 111.50), ("T2", 111.46), ("T3", 111.47)] {
            act(node, officer(), move |this, work, caller| {
                let mut team = entry("team", "flood", code);
                team.place.as_mut().unwrap().lon = lon;
                this.create(work, caller, team)
            })
            .unwrap();
        }
        let resting = node
            .ledger
            .db()
            .read_blocking(|tx| store::by_code(tx, "team", "T2"))
            .unwrap()
            .unwrap();
        act(node, officer(), move |this, work, caller| {
            let change = ReadinessChange {
                readiness: Readiness::Resting,
                reason: "连续作业后休整".to_owned(),
                incident: None,
            };
            this.set_readiness(work, caller, &resting.id, &change)
        })
        .unwrap();
        let near = Near {
            scope: everywhere(),
            kind: "team".to_owned(),
            class: Some("flood".to_owned()),
            readiness: Some("standby".to_owned()),
            at: (111.45, 41.09),
            within_metres: 50_000.0,
            limit: 10,
        };
        let found = node
            .ledger
            .db()
            .read_blocking(move |tx| store::near(tx, &near))
            .unwrap();
        let codes: Vec<&str> = found
            .iter()
            .map(|(record, _)| record.entry.code.as_str())
            .collect();
        assert_eq!(codes, ["T3", "T1"]);
        assert!((1_600.0..1_750.0).contains(&found[0].1), "{}", found[0].1);
    });
}

#[test]
fn a_members_number_is_masked_and_reading_it_whole_is_an_entry() {
    both_engines(views, |node| {
        let id = make(node, "team", "volunteer", "T1");
        let (team, member) = (
            id.clone(),
            Member {
                name: "巴特尔".to_owned(),
                role: "leader".to_owned(),
                phone: "10012345678".to_owned(),
                skills: vec!["search".to_owned()],
            },
        );
        act(node, officer(), move |_, work, caller| {
            Resources::set_roster(work, caller, &team, &[member])
        })
        .unwrap();
        let (this, team) = (resources(node), id.clone());
        let shown = node
            .ledger
            .db()
            .read_blocking(move |tx| this.shown_members(tx, &officer(), &team))
            .unwrap();
        assert_eq!(shown[0].phone_masked, "100****5678");
        let team = id.clone();
        let refused = act(node, person("grid_worker", "1501"), move |this, work, caller| {
            this.reveal(work, caller, (&team, 0), "看看")
        });
        assert_eq!(refused.unwrap_err().code(), "access.forbidden");
        let team = id.clone();
        let read = act(node, officer(), move |this, work, caller| {
            this.reveal(work, caller, (&team, 0), "调派集结")
        });
        assert_eq!(read.unwrap(), "10012345678");
        let record = node
            .ledger
            .db()
            .read_blocking(move |tx| store::load(tx, &id))
            .unwrap()
            .unwrap();
        assert_eq!(record.people, 1);
    });
}

#[test]
fn advice_is_asked_given_and_appraised_and_an_interest_bars_the_expert() {
    both_engines(views, |node| {
        let incident = accident(node);
        let good = make(node, "expert", "safety", "E1");
        act(node, officer(), |this, work, caller| {
            let mut other = entry("expert", "safety", "E2");
            other.values.insert("conflicts".to_owned(), json!("某化工厂"));
            this.create(work, caller, other)
        })
        .unwrap();
        let (this, asked) = (resources(node), incident.clone());
        let ranked = node
            .ledger
            .db()
            .read_blocking(move |tx| this.rank_experts(tx, &officer(), &asked, &["某化工厂".to_owned()]))
            .unwrap();
        assert_eq!(ranked[0].id, good);
        assert_eq!(ranked[0].reasons[0].case, "same");
        assert_eq!(ranked[1].barred.as_deref(), Some("conflict"));
        let (barred, asked) = (ranked[1].id.clone(), incident.clone());
        let question = |expert: &str| Asking {
            expert: expert.to_owned(),
            question: "能否带压堵漏？".to_owned(),
            parties: vec!["某化工厂".to_owned()],
        };
        let refused = act(node, officer(), move |this, work, caller| {
            this.ask(work, caller, &asked, &question(&barred))
        });
        assert_eq!(refused.unwrap_err().code(), "resource.conflict");
        let asked = incident.clone();
        let advice = act(node, officer(), move |this, work, caller| {
            this.ask(work, caller, &asked, &question(&good))
        })
        .unwrap();
        let id = advice.id.clone();
        let scored = act(node, officer(), move |_, work, caller| {
            let answer = Answering {
                answer: "先稀释、后堵漏".to_owned(),
                declined: false,
            };
            Resources::answer(work, caller, &id, &answer)?;
            let appraisal = Appraising {
                score: 5,
                words: "管用".to_owned(),
            };
            Resources::appraise(work, caller, &id, &appraisal)
        })
        .unwrap();
        assert_eq!(scored.state, AdviceState::Appraised);
        let on_incident = node
            .ledger
            .db()
            .read_blocking(move |tx| store::advice_of_incident(tx, &incident))
            .unwrap();
        assert_eq!(on_incident.len(), 1);
    });
}

#[test]
fn a_flight_that_is_not_answered_in_time_says_so_once() {
    both_engines(views, |node| {
        let aircraft = make(node, "aircraft", "helicopter", "H1");
        let runner = Runner::come_up(&node.ledger, jobs::jobs()).unwrap();
        let new = NewFlight {
            aircraft,
            incident: None,
            area: COUNTY.to_owned(),
            role: "rescue".to_owned(),
            purpose: "山地搜救".to_owned(),
            landing_site: None,
            take_off_at: START.plus_minutes(40),
        };
        let flight = act(node, officer(), move |this, work, caller| {
            this.apply_for_flight(work, caller, &new)
        })
        .unwrap();
        assert!(flight.applied_late);
        node.clock.advance_minutes(25);
        assert_eq!(runner.round_blocking().unwrap().fired, 1);
        assert_eq!(runner.round_blocking().unwrap().fired, 0);
        let (id, approved) = (
            flight.id.clone(),
            FlightMove {
                state: FlightState::Approved,
                note: String::new(),
            },
        );
        let after = act(node, officer(), move |_, work, caller| {
            Resources::move_flight(work, caller, &id, &approved)
        })
        .unwrap();
        assert!(after.unanswered && after.answered_at.is_some());
        let landed = FlightMove {
            state: FlightState::Landed,
            note: String::new(),
        };
        let refused = act(node, officer(), move |_, work, caller| {
            Resources::move_flight(work, caller, &flight.id, &landed)
        });
        assert_eq!(refused.unwrap_err().code(), "resource.wrong_state");
    });
}

#[test]
fn a_county_may_not_write_in_another_and_a_taken_code_is_refused() {
    both_engines(views, |node| {
        make(node, "team", "flood", "T1");
        let twice = act(node, officer(), |this, work, caller| {
            this.create(work, caller, entry("team", "flood", "T1"))
        });
        assert_eq!(twice.unwrap_err().code(), "resource.code_taken");
        let foreign = act(node, person("county_officer", "150124"), |this, work, caller| {
            this.create(work, caller, entry("team", "flood", "T9"))
        });
        assert_eq!(foreign.unwrap_err().code(), "access.forbidden");
    });
}

#[test]
fn a_rebuild_arrives_at_the_same_tables() {
    both_engines(views, |node| {
        let id = make(node, "team", "flood", "T1");
        let team = id.clone();
        act(node, officer(), move |_, work, caller| {
            let deed = Deed {
                kind: "training".to_owned(),
                at: START,
                text: "堤防抢护训练".to_owned(),
                people: Some(24),
                hours: Some(3),
                incident: None,
            };
            Resources::add_deed(work, caller, &team, deed)?;
            Resources::confirm(work, caller, &team, "电话核实")?;
            Resources::retire(work, caller, &team, "队伍撤编")
        })
        .unwrap();
        let replica = TestNode::new(views());
        anlan_ledger::replay(&node.ledger, &replica.ledger, 0).unwrap();
        let load = move |tx: &mut anlan_store::Tx<'_>| store::by_code(tx, "team", "T1");
        let here = node.ledger.db().read_blocking(load).unwrap();
        let there = replica.ledger.db().read_blocking(load).unwrap();
        assert!(here.is_some_and(|record| record.retired && record.id == id));
        assert_eq!(node.ledger.db().read_blocking(load).unwrap(), there);
    });
}
