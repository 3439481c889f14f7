//! Several calls, receipts, serial numbers, first knowledge: what the chain of reports keeps.

use anlan_incident::facts::{Happened, Serial, TimeStated};
use anlan_incident::service::Learning;

use super::*;

fn told(minutes: i64, source: &str) -> Happened {
    Happened {
        at: START.plus_minutes(minutes),
        precision: "minute".to_owned(),
        source: source.to_owned(),
        confidence: "reported".to_owned(),
    }
}

#[test]
fn a_second_call_stands_beside_the_first_with_its_own_words_times_and_figures() {
    both_engines(views, |node| {
        let id = take(node).id;
        let incident = act(node, "150125", move |all, work, caller| {
            let time = TimeStated {
                kind: "occurred".to_owned(),
                at: START.plus_minutes(-20),
                precision: "about".to_owned(),
                source: "过路司机".to_owned(),
                confidence: "doubtful".to_owned(),
            };
            let call = Called {
                channel: Some("message".to_owned()),
                text: "看见二楼也着了".to_owned(),
                caller_phone: Some("13900005678".to_owned()),
                times: vec![time],
                casualties: vec![stated_casualty("injured", 2, "过路司机")],
                ..Called::default()
            };
            all.add_call(work, caller, &id, &call)
        })
        .unwrap();
        assert_eq!(incident.calls.len(), 2);
        assert_eq!(incident.text, "厨房起火", "the first words stay the first words");
        assert_eq!(incident.calls[1].text, "看见二楼也着了");
        assert_ne!(incident.calls[0].caller_phone, incident.calls[1].caller_phone);
        let occurred = incident
            .times
            .iter()
            .find(|time| time.stated.kind == "occurred")
            .unwrap();
        assert_eq!(occurred.stated.confidence, "doubtful");
        let known: Vec<_> = incident
            .knowledge
            .iter()
            .map(|k| (k.unit.id.as_str(), k.manner.as_str()))
            .collect();
        assert_eq!(known, [(VILLAGE, "call"), ("150125", "message")]);
    });
}

fn stated_casualty(kind: &str, value: u32, source: &str) -> CasualtyStated {
    CasualtyStated {
        kind: kind.to_owned(),
        value: Some(value),
        source: source.to_owned(),
        supersedes: Vec::new(),
    }
}

#[test]
fn only_the_addressee_acknowledges_unless_the_sender_names_who_said_so() {
    both_engines(views, |node| {
        let id = take(node).id;
        let reporting = id.clone();
        act(node, VILLAGE, move |all, work, caller| {
            all.report_up(work, caller, &reporting, &ReportUp::default())
        })
        .unwrap();
        let acknowledge = |division: &str, told_by: Option<&str>| {
            let (id, told_by) = (id.clone(), told_by.map(str::to_owned));
            act(node, division, move |all, work, caller| {
                let receipt = Acknowledging {
                    told_by,
                    ..receipt(1)
                };
                all.acknowledge(work, caller, &id, &receipt)
            })
        };
        assert_eq!(
            acknowledge("1501", None).unwrap_err().code(),
            "incident.not_addressee"
        );
        assert_eq!(
            acknowledge("1501", Some("李某")).unwrap_err().code(),
            "incident.not_addressee"
        );
        assert_eq!(
            acknowledge(VILLAGE, None).unwrap_err().code(),
            "incident.not_addressee"
        );
        let told = acknowledge(VILLAGE, Some("镇值班室 李某")).unwrap();
        let receipt = &told.reports[0].receipts[0];
        assert_eq!(receipt.unit.id, "150125100");
        assert_eq!(receipt.told_by.as_deref(), Some("镇值班室 李某"));
        assert_eq!(
            acknowledge("150125100", None).unwrap_err().code(),
            "incident.no_such_report"
        );
    });
}

#[test]
fn reports_of_a_unit_are_numbered_and_tell_what_has_changed() {
    both_engines(views, |node| {
        let id = take(node).id;
        let step = |text: &'static str, deaths: Option<u32>| {
            let id = id.clone();
            act(node, "150125", move |all, work, caller| {
                let figures = deaths.map(|n| stated_casualty("deaths", n, "县医院"));
                all.follow_up(work, caller, &id, &news(text, figures.into_iter().collect()))
            })
            .unwrap()
        };
        assert!(
            step("先说一句", None).reports.is_empty(),
            "nothing goes up before the first report"
        );
        let reporting = id.clone();
        act(node, "150125", move |all, work, caller| {
            all.report_up(work, caller, &reporting, &ReportUp::default())
        })
        .unwrap();
        step("死亡一人", Some(1));
        let incident = step("没有新情况", None);
        let closing = id.clone();
        let closed = act(node, "150125", move |all, work, caller| {
            all.close(work, caller, &closing, &end())
        })
        .unwrap();
        let serials: Vec<_> = closed
            .reports
            .iter()
            .map(|r| (r.serial, r.ordinal, r.changes.len()))
            .collect();
        assert_eq!(
            serials,
            [
                (Serial::First, 1, 0),
                (Serial::FollowUp, 1, 1),
                (Serial::FollowUp, 2, 0),
                (Serial::Final, 1, 0)
            ]
        );
        let change = &incident.reports[1].changes[0];
        assert_eq!(
            (change.kind.as_str(), change.from, change.to),
            ("deaths", None, Some(1))
        );
    });
}

#[test]
fn a_step_keeps_when_it_took_place_beside_when_it_was_recorded() {
    both_engines(views, |node| {
        let id = take(node).id;
        node.clock.advance_minutes(25);
        let reporting = id.clone();
        let incident = act(node, VILLAGE, move |all, work, caller| {
            let report = ReportUp {
                happened: Some(told(12, "电话记录")),
                ..ReportUp::default()
            };
            all.report_up(work, caller, &reporting, &report)
        })
        .unwrap();
        let report = &incident.reports[0];
        assert_eq!(report.sent_at, START.plus_minutes(25));
        assert_eq!(report.happened.as_ref().unwrap().at, START.plus_minutes(12));
        assert_eq!(
            incident.first_knowledge("150125100").unwrap().time.at,
            START.plus_minutes(12)
        );
        let refused = act(node, VILLAGE, move |all, work, caller| {
            let report = ReportUp {
                happened: Some(told(120, "电话记录")),
                ..ReportUp::default()
            };
            all.report_up(work, caller, &id, &report)
        });
        assert_eq!(refused.unwrap_err().fields()[0].field, "happened.at");
    });
}

#[test]
fn the_earliest_evidence_that_a_unit_knew_is_kept_whatever_is_recorded_first() {
    both_engines(views, |node| {
        let id = take(node).id;
        let asking = id.clone();
        act(node, "1501", move |all, work, caller| {
            all.enquire(
                work,
                caller,
                &asking,
                ("150125", "网上说武川着火了,知道吗?"),
                None,
            )
        })
        .unwrap();
        let incident = act(node, "1501", move |all, work, caller| {
            let learned = Learning {
                unit: "150125".to_owned(),
                manner: "resident".to_owned(),
                time: told(-90, "119接警记录"),
                evidence: "居民01时42分拨打119".to_owned(),
            };
            all.state_learned(work, caller, &id, &learned)
        })
        .unwrap();
        let manners: Vec<_> = incident
            .knowledge
            .iter()
            .filter(|known| known.unit.id == "150125")
            .map(|known| known.manner.as_str())
            .collect();
        assert_eq!(manners, ["enquiry", "resident"]);
        assert_eq!(incident.first_knowledge("150125").unwrap().manner, "resident");
        assert_eq!(incident.enquiries.len(), 1);
    });
}
