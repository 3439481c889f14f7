//! Contradictions that were planted are found, and sound papers are left in peace.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "support/world.rs"]
mod world;

use anlan_paper::lint::lint;
use anlan_paper::model::Paper;
use anlan_paper::sheet::Sheet;
use anlan_testkit::TestNode;
use world::{COUNTY, act, draw, fire, follow_up, leader, officer, said, sign, views};

/// A first report that was issued, then a follow-up whose text is what somebody made of it.
fn findings(node: &TestNode, text: &str) -> Vec<String> {
    let id = fire(
        node,
        vec![
            said("deaths", Some(2), "医院", &[]),
            said("injured", Some(5), "医院", &[]),
        ],
    )
    .id;
    let first = draw(node, officer(COUNTY), "first", Some(&id)).unwrap();
    sign(node, leader(COUNTY), &first.id).unwrap();
    let mut paper = draw(node, officer(COUNTY), "follow_up", Some(&id)).unwrap();
    paper.content.blocks = text
        .lines()
        .map(|line| anlan_documents::Block::Paragraph {
            runs: vec![anlan_documents::Run::plain(line)],
        })
        .collect();
    codes(node, &paper)
}

fn codes(node: &TestNode, paper: &Paper) -> Vec<String> {
    let paper = paper.clone();
    act(node, officer(COUNTY), move |_, work, _| {
        let incident = paper.incident.clone().unwrap();
        let sheet = Sheet::read(work.tx, &incident, u64::MAX >> 1)?;
        let papers = anlan_paper::store::of_incident(work.tx, &incident)?;
        let found = lint(&paper, sheet.as_ref(), &papers)
            .into_iter()
            .map(|finding| finding.code);
        Ok(found
            .filter(|code| code != "number_without_fact")
            .collect::<Vec<_>>())
    })
    .unwrap()
}

#[test]
fn planted_contradictions_are_found() {
    let cases = [
        ("死亡3人，受伤5人。", "figure_differs_from_fact"),
        ("死亡1人，受伤5人。", "figure_lowered_without_note"),
        ("死亡2人。另据统计，死亡4人。", "figures_differ_within"),
        ("死亡2人，无人员被困。", "zero_that_nobody_stated"),
        ("死亡2人，失联0人。", "zero_that_nobody_stated"),
        ("死亡2人，失联三人。", "figure_without_source"),
        ("死亡2人，受伤5人，其中重伤6人。", "part_above_whole"),
        ("11月23日2时1分，武川县接报。死亡2人。", "time_differs_from_fact"),
        ("清水河县发生火灾，死亡2人。", "place_differs_from_fact"),
        ("两人遇难，十五人受伤。", "figure_differs_from_fact"),
    ];
    for (text, expected) in cases {
        let found = findings(&TestNode::new(views()), text);
        assert!(found.iter().any(|code| code == expected), "{text}: {found:?}");
    }
}

#[test]
fn sound_texts_are_left_in_peace() {
    for text in [
        "死亡2人，受伤5人，失联人数正在核实。",
        "2人死亡，5人受伤。出动救援人员30人、消防车4台。",
        "截至3时40分，造成2人遇难、5人送医救治，现场投入消防救援人员25名。",
        "武川县民房火灾死亡两人，伤者五人，距离村部300米。",
    ] {
        let found = findings(&TestNode::new(views()), text);
        assert_eq!(found, Vec::<String>::new(), "{text}");
    }
}

#[test]
fn a_name_that_changes_between_papers_is_noticed() {
    let node = TestNode::new(views());
    let id = fire(&node, vec![]).id;
    let mut first = draw(&node, officer(COUNTY), "first", Some(&id)).unwrap();
    first.content.blocks = paragraphs("现场指挥：王建国，正在组织扑救。");
    first.state = anlan_paper::model::State::Issued;
    let mut second = draw(&node, officer(COUNTY), "follow_up", Some(&id)).unwrap();
    second.content.blocks = paragraphs("现场指挥：王国建，明火已扑灭。");
    let found = lint(&second, None, &[first]);
    assert_eq!(
        found
            .iter()
            .map(|finding| finding.code.as_str())
            .collect::<Vec<_>>(),
        ["name_differs_from_paper"]
    );
}

fn paragraphs(text: &str) -> Vec<anlan_documents::Block> {
    vec![anlan_documents::Block::Paragraph {
        runs: vec![anlan_documents::Run::plain(text)],
    }]
}

#[test]
fn a_draft_whose_fact_was_replaced_meanwhile_is_told_so() {
    let node = TestNode::new(views());
    let id = fire(&node, vec![said("deaths", Some(1), "医院", &[])]).id;
    let paper = draw(&node, officer(COUNTY), "first", Some(&id)).unwrap();
    assert_eq!(codes(&node, &paper), Vec::<String>::new());
    follow_up(
        &node,
        &id,
        "又有一人死亡",
        vec![said("deaths", Some(2), "医院", &[1])],
    );
    assert_eq!(
        codes(&node, &paper),
        ["fact_was_replaced", "figure_differs_from_fact"]
    );
}

#[test]
fn a_question_whether_anybody_is_trapped_denies_nothing() {
    let node = TestNode::new(views());
    for text in ["有无人员被困正在核实。", "是否无人员失联尚待核实。"] {
        let found = findings(&node, text);
        assert!(
            !found.iter().any(|code| code.contains("zero")),
            "{text}: {found:?}"
        );
    }
}
