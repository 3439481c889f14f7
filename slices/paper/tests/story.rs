//! A fire becomes a report: drawn, signed, issued, received, followed up, corrected, carried by hand; on both engines.
#![expect(clippy::too_many_lines, reason = "a story is told in one piece")]

#[path = "support/world.rs"]
mod world;

use anlan_documents::word as pack;
use anlan_foundation::Fault as _;
use anlan_jobs::Runner;
use anlan_ledger::Suite;
use anlan_paper::carry::{self, Carried};
use anlan_paper::model::State;
use anlan_paper::rules::{Edit, EditedBlock};
use anlan_paper::service::NewPaper;
use anlan_paper::{PaperError, jobs, store};
use anlan_testkit::{TestNode, both_engines};
use world::{
    CITY, COUNTY, act, draw, fire, follow_up, incident, leader, officer, papers, said, sign, views, words,
};

#[test]
fn every_number_of_a_draft_names_its_fact_and_what_nobody_stated_is_being_verified() {
    both_engines(views, |node| {
        let id = fire(
            node,
            vec![
                said("deaths", Some(1), "医院", &[]),
                said("missing", None, "村委会", &[]),
            ],
        )
        .id;
        let paper = draw(node, officer(COUNTY), "first", Some(&id)).unwrap();
        let text = words(&paper);
        assert!(
            text.contains("死亡1人") && text.contains("失联人数正在核实"),
            "{text}"
        );
        assert!(
            text.contains("受伤人数正在核实") && !text.contains('0') || text.contains("10"),
            "{text}"
        );
        let shown = act(node, officer(COUNTY), move |all, work, caller| {
            all.show(work.tx, caller, paper)
        })
        .unwrap();
        let deaths = shown.facts.iter().find(|fact| fact.kind == "deaths").unwrap();
        assert_eq!(
            (deaths.source.as_str(), deaths.value.as_deref()),
            ("医院", Some("1"))
        );
        assert!(deaths.seq > 0 && deaths.position > 0 && !deaths.origin.is_empty());
        assert_eq!(shown.findings, []);
    });
}

#[test]
fn sources_that_differ_stand_side_by_side() {
    let node = TestNode::new(views());
    let id = fire(
        &node,
        vec![
            said("deaths", Some(2), "医院", &[]),
            said("deaths", Some(3), "村委会", &[]),
        ],
    )
    .id;
    let paper = draw(&node, officer(COUNTY), "first", Some(&id)).unwrap();
    let text = words(&paper);
    assert!(
        text.contains("死亡人数各方说法不一（医院：2人；村委会：3人），正在核实"),
        "{text}"
    );
}

#[test]
fn issuing_a_first_report_is_the_report_upward_to_everybody_at_once() {
    both_engines(views, |node| {
        let id = fire(node, vec![said("injured", Some(2), "医院", &[])]).id;
        let paper = draw(node, officer(COUNTY), "first", Some(&id)).unwrap();
        assert!(paper.due_at.is_some());
        let refused = sign(node, officer(COUNTY), &paper.id).unwrap_err();
        assert_eq!(refused.code(), "access.forbidden");
        let issued = sign(node, leader(COUNTY), &paper.id).unwrap();
        assert_eq!((issued.state, issued.number), (State::Issued, Some(1)));
        let at_city = incident(node, &id);
        assert_eq!(at_city.holder.id, CITY);
        assert_eq!(at_city.reports[0].paper.as_deref(), Some(paper.id.as_str()));
        assert!(at_city.pending().all(|owed| owed.from_unit.id != COUNTY));

        let up = draw(node, officer(CITY), "first", Some(&id)).unwrap();
        assert_eq!(
            up.to.iter().map(|unit| unit.id.as_str()).collect::<Vec<_>>(),
            ["gov", "province"]
        );
        let up = sign(node, leader(CITY), &up.id).unwrap();
        let document = up.document.unwrap();
        assert_eq!(
            document.addressees,
            ["呼和浩特市人民政府总值班室", "内蒙古自治区应急管理厅"]
        );
        assert_eq!(incident(node, &id).reports[1].to_units.len(), 2);
    });
}

#[test]
fn an_issued_paper_is_frozen_and_prints_the_same_bytes_for_ever() {
    let node = TestNode::new(views());
    let id = fire(&node, vec![said("deaths", Some(1), "医院", &[])]).id;
    let paper = draw(&node, officer(COUNTY), "first", Some(&id)).unwrap();
    let issued = sign(&node, leader(COUNTY), &paper.id).unwrap();
    let document = issued.document.clone().unwrap();
    assert_eq!(
        carry::digest(node.ledger.suite(), &document).unwrap(),
        issued.digest.clone().unwrap()
    );
    follow_up(
        &node,
        &id,
        "又有一人死亡",
        vec![said("deaths", Some(2), "医院", &[1])],
    );
    node.clock.advance_minutes(3 * 24 * 60);
    let (number, edit) = (
        paper.id.clone(),
        Edit {
            title: Some("另一个标题".to_owned()),
            ..Edit::default()
        },
    );
    let refused = act(&node, officer(COUNTY), move |all, work, caller| {
        all.edit(work, caller, &number, &edit)
    });
    assert_eq!(refused.unwrap_err().code(), "paper.frozen");
    let number = paper.id.clone();
    let later = act(&node, officer(COUNTY), move |all, work, caller| {
        all.printout(work.tx, caller, &number)
    })
    .unwrap();
    assert_eq!(later.document, document);
    assert_eq!(pack(&later.document).unwrap(), pack(&document).unwrap());
    #[cfg(feature = "pdf")]
    {
        let press = papers(&node).press;
        assert_eq!(press.pdf(&later.document).unwrap(), press.pdf(&document).unwrap());
    }
}

#[test]
fn numbers_are_counted_within_unit_and_year_without_gaps() {
    let node = TestNode::new(views());
    let id = fire(&node, vec![]).id;
    for expected in 1..=3 {
        let kind = if expected == 1 { "first" } else { "follow_up" };
        let paper = draw(&node, officer(COUNTY), kind, Some(&id)).unwrap();
        let issued = sign(&node, leader(COUNTY), &paper.id).unwrap();
        assert_eq!(issued.number, Some(expected));
        assert_eq!(issued.document.unwrap().number, format!("〔2026〕第{expected}期"));
    }
    let flash = draw(&node, officer(COUNTY), "flash", Some(&id)).unwrap();
    assert_eq!(sign(&node, leader(COUNTY), &flash.id).unwrap().number, Some(1));
    node.clock.advance_minutes(60 * 24 * 60);
    let paper = draw(&node, officer(COUNTY), "follow_up", Some(&id)).unwrap();
    let issued = sign(&node, leader(COUNTY), &paper.id).unwrap();
    assert_eq!((issued.year, issued.number), (Some(2027), Some(1)));
}

#[test]
fn a_follow_up_says_what_changed_since_the_report_before() {
    let node = TestNode::new(views());
    let id = fire(&node, vec![said("deaths", Some(1), "医院", &[])]).id;
    let first = draw(&node, officer(COUNTY), "first", Some(&id)).unwrap();
    sign(&node, leader(COUNTY), &first.id).unwrap();
    follow_up(
        &node,
        &id,
        "又有一人抢救无效",
        vec![said("deaths", Some(2), "医院", &[1])],
    );
    let second = draw(&node, officer(COUNTY), "follow_up", Some(&id)).unwrap();
    assert!(
        second.content.title.ends_with("的续报（一）"),
        "{}",
        second.content.title
    );
    let text = words(&second);
    assert!(text.contains("死亡人数由前报1人变更为2人"), "{text}");
    let shown = act(&node, officer(COUNTY), move |all, work, caller| {
        all.show(work.tx, caller, second)
    })
    .unwrap();
    assert_eq!(shown.findings, []);
}

#[test]
fn a_correction_is_a_new_paper_that_names_the_old_one() {
    let node = TestNode::new(views());
    let id = fire(&node, vec![said("deaths", Some(3), "医院", &[])]).id;
    let first = draw(&node, officer(COUNTY), "first", Some(&id)).unwrap();
    let new = NewPaper {
        kind: "first".to_owned(),
        incident: Some(id.clone()),
        corrects: Some(first.id.clone()),
        ..NewPaper::default()
    };
    let early = new.clone();
    let refused = act(&node, officer(COUNTY), move |all, work, caller| {
        all.draw(work, caller, &early)
    })
    .unwrap_err();
    assert_eq!(refused.code(), "paper.wrong_state");
    sign(&node, leader(COUNTY), &first.id).unwrap();
    let correction = act(&node, officer(COUNTY), move |all, work, caller| {
        all.draw(work, caller, &new)
    })
    .unwrap();
    assert!(correction.content.change_note.contains("〔2026〕第1期"));
    assert!(words(&correction).contains("本报更正〔2026〕第1期《关于武川县民房火灾的初报》"));
}

#[test]
fn an_edit_keeps_links_that_still_stand_and_is_refused_by_field() {
    let node = TestNode::new(views());
    let id = fire(&node, vec![said("deaths", Some(1), "医院", &[])]).id;
    let paper = draw(&node, officer(COUNTY), "first", Some(&id)).unwrap();
    let (number, bad) = (
        paper.id.clone(),
        Edit {
            urgency: Some("很急".to_owned()),
            ..Edit::default()
        },
    );
    let refused = act(&node, officer(COUNTY), move |all, work, caller| {
        all.edit(work, caller, &number, &bad)
    })
    .unwrap_err();
    assert_eq!(refused.fields()[0].field, "urgency");
    let at = paper
        .content
        .blocks
        .iter()
        .position(|block| block.text().contains("死亡1人"))
        .unwrap();
    let blocks = (0..paper.content.blocks.len()).map(|from| {
        let text = paper.content.blocks[from].text();
        let text = if from == at {
            "经县医院确认，死亡1人，另有4人受伤。".to_owned()
        } else {
            text
        };
        EditedBlock {
            from: Some(from),
            heading: None,
            text,
        }
    });
    let (number, edit) = (
        paper.id.clone(),
        Edit {
            blocks: Some(blocks.collect()),
            ..Edit::default()
        },
    );
    let edited = act(&node, officer(COUNTY), move |all, work, caller| {
        all.edit(work, caller, &number, &edit)
    })
    .unwrap();
    let linked: Vec<_> = edited.content.blocks[at]
        .runs()
        .into_iter()
        .filter(|run| run.fact.is_some())
        .cloned()
        .collect();
    assert_eq!(linked.len(), 1);
    let shown = act(&node, officer(COUNTY), move |all, work, caller| {
        all.show(work.tx, caller, edited)
    })
    .unwrap();
    let codes: Vec<_> = shown
        .findings
        .iter()
        .map(|finding| finding.code.as_str())
        .collect();
    assert_eq!(codes, ["figure_without_source", "number_without_fact"]);
}

#[test]
fn what_was_not_shown_is_not_signed() {
    let node = TestNode::new(views());
    let id = fire(&node, vec![]).id;
    let paper = draw(&node, officer(COUNTY), "first", Some(&id)).unwrap();
    let number = paper.id.clone();
    let refused = act(&node, leader(COUNTY), move |all, work, caller| {
        let presence = anlan_paper::service::Presence {
            method: "pin".to_owned(),
            seen_digest: Some("0".repeat(64)),
        };
        all.sign(work, caller, &number, &presence)
    });
    assert!(matches!(refused.unwrap_err(), PaperError::Changed));
}

#[test]
fn a_draft_is_for_its_own_unit_until_it_is_unsigned_five_minutes_before_its_time() {
    both_engines(views, |node| {
        let id = fire(node, vec![]).id;
        let paper = draw(node, officer(COUNTY), "first", Some(&id)).unwrap();
        let see = |caller| {
            let number = paper.id.clone();
            act(node, caller, move |all, work, caller| {
                all.visible(work.tx, caller, &number, "paper.read")
            })
        };
        let runner = Runner::come_up(&node.ledger, jobs::jobs(&papers(node))).unwrap();
        node.clock.advance_minutes(24);
        runner.round_blocking().unwrap();
        assert!(see(officer(CITY)).is_err());
        node.clock.advance_minutes(1);
        runner.round_blocking().unwrap();
        runner.round_blocking().unwrap();
        let seen = see(officer(CITY)).unwrap();
        assert_eq!(seen.version, paper.version + 1);
        assert!(seen.shown_to.iter().any(|unit| unit.id == CITY));
        let signed = sign(node, leader(COUNTY), &paper.id).unwrap();
        assert_eq!(signed.state, State::Issued);
    });
}

#[test]
fn an_addressee_receives_once_and_the_report_counts_as_acknowledged() {
    let node = TestNode::new(views());
    let id = fire(&node, vec![]).id;
    let paper = draw(&node, officer(COUNTY), "first", Some(&id)).unwrap();
    sign(&node, leader(COUNTY), &paper.id).unwrap();
    for _ in 0..2 {
        let number = paper.id.clone();
        let received = act(&node, officer(CITY), move |all, work, caller| {
            all.receive(work, caller, &number)
        })
        .unwrap();
        assert_eq!(received.receipts.len(), 1);
    }
    assert_eq!(incident(&node, &id).reports[0].receipts.len(), 1);
    let number = paper.id.clone();
    let refused = act(&node, officer(COUNTY), move |all, work, caller| {
        all.receive(work, caller, &number)
    });
    assert_eq!(refused.unwrap_err().code(), "paper.not_addressee");
}

#[test]
fn a_carried_paper_is_merged_without_a_duplicate_and_a_forged_one_is_refused() {
    both_engines(views, |county| {
        let id = fire(county, vec![said("deaths", Some(1), "医院", &[])]).id;
        let paper = draw(county, officer(COUNTY), "first", Some(&id)).unwrap();
        let issued = sign(county, leader(COUNTY), &paper.id).unwrap();
        let carried = papers(county).carried(&issued).unwrap();
        let parts = carry::parts(&carried).unwrap();
        assert!(parts.iter().all(|part| part.len() < 1_300));
        let mut scanned = parts.clone();
        scanned.reverse();
        scanned.push(parts[0].clone());
        assert_eq!(carry::join(&scanned.join("\n")).unwrap(), carried);
        assert!(carry::join(&scanned[1..scanned.len() - 1].join("\n")).is_err() || parts.len() == 1);

        let city = TestNode::with_suite(Suite::Gm, views());
        let take = |carried: Carried, told: Option<String>| {
            act(&city, officer(CITY), move |all, work, caller| {
                all.take_in(work, caller, carried, told.as_deref())
            })
        };
        assert_eq!(
            take(carried.clone(), None).unwrap_err().code(),
            "paper.unknown_key"
        );
        let told = Some(carried.fingerprint().to_uppercase());
        let taken = take(carried.clone(), told.clone()).unwrap();
        assert_eq!(
            (taken.state, taken.carried, taken.digest.clone()),
            (State::Issued, Some(false), issued.digest.clone())
        );
        let again = take(carried.clone(), told.clone()).unwrap();
        assert_eq!(again.version, taken.version);

        let mut forged = carried.clone();
        forged.document.title = "平安无事".to_owned();
        assert_eq!(
            take(forged, told.clone()).unwrap_err().code(),
            "paper.not_genuine"
        );
        let mut moved = carried;
        moved.to.clear();
        assert_eq!(take(moved, told).unwrap_err().code(), "paper.not_genuine");
    });
}

#[test]
fn a_carried_paper_that_came_online_too_is_one_paper_with_two_routes() {
    let node = TestNode::new(views());
    let id = fire(&node, vec![]).id;
    let paper = draw(&node, officer(COUNTY), "first", Some(&id)).unwrap();
    let issued = sign(&node, leader(COUNTY), &paper.id).unwrap();
    let carried = papers(&node).carried(&issued).unwrap();
    for _ in 0..2 {
        let file = carried.clone();
        let taken = act(&node, officer(CITY), move |all, work, caller| {
            all.take_in(work, caller, file, None)
        })
        .unwrap();
        assert_eq!((taken.id.as_str(), taken.receipts.len()), (paper.id.as_str(), 1));
        assert_eq!(taken.receipts[0].route, "carried");
    }
}

#[test]
fn a_daily_report_says_when_nothing_came_in_and_a_disaster_table_shows_silence() {
    let node = TestNode::new(views());
    let daily = draw(&node, officer(CITY), "daily", None).unwrap();
    let text = words(&daily);
    assert!(
        text.contains("未接报突发事件") && text.contains("带班领导王志强"),
        "{text}"
    );
    fire(&node, vec![said("deaths", Some(1), "医院", &[])]);
    node.clock.advance_minutes(1);
    let daily = draw(&node, officer(CITY), "daily", None).unwrap();
    assert!(words(&daily).contains("共接报突发事件1起"), "{}", words(&daily));
    let table = draw(&node, officer(CITY), "disaster", None).unwrap();
    let text = words(&table);
    assert!(
        text.contains("未报送") && text.contains("清水河县、武川县未报送灾情"),
        "{text}"
    );
}

#[test]
fn tables_are_a_pure_view_of_the_entries() {
    let node = TestNode::new(views());
    let id = fire(&node, vec![said("deaths", Some(1), "医院", &[])]).id;
    let paper = draw(&node, officer(COUNTY), "first", Some(&id)).unwrap();
    sign(&node, leader(COUNTY), &paper.id).unwrap();
    let replica = TestNode::new(views());
    let replayed = anlan_ledger::replay(&node.ledger, &replica.ledger, u64::MAX >> 1).unwrap();
    assert!(replayed >= 4);
    let here = act(&node, officer(COUNTY), {
        let id = paper.id.clone();
        move |_, work, _| Ok(store::load(work.tx, &id)?)
    });
    let there = act(&replica, officer(COUNTY), move |_, work, _| {
        Ok(store::load(work.tx, &paper.id)?)
    });
    assert_eq!(here.unwrap(), there.unwrap());
}
