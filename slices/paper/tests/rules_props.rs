//! Laws of papers: links, edits, carrying, and templates that are refused by file and line.

use anlan_documents::{Block, Run};
use anlan_paper::draft::{chinese_number, clean, link, relink, runs};
use anlan_paper::facts::Content;
use anlan_paper::rules::{Edit, EditedBlock, apply_edit};
use anlan_paper::templates::{KINDS, Templates};
use proptest::prelude::*;

fn text_of(runs: &[Run]) -> String {
    runs.iter().map(|run| run.text.as_str()).collect()
}

proptest! {
    #[test]
    fn taking_marked_text_apart_loses_nothing_but_the_marks(before in ".{0,20}", number in 0_u32..10_000, after in ".{0,20}") {
        let marked = format!("{}{}{}", clean(&before), link("i/a1", &number.to_string()), clean(&after));
        let parts = runs(&marked);
        prop_assert_eq!(text_of(&parts), format!("{}{number}{}", clean(&before), clean(&after)));
        prop_assert_eq!(parts.iter().filter(|run| run.fact.is_some()).count(), 1);
    }

    #[test]
    fn relinking_changes_no_letter_and_invents_no_link(text in "[死伤人0-9，。]{0,40}", numbers in prop::collection::vec(0_u32..100, 0..5)) {
        let before: Vec<Run> = numbers.iter().map(|number| Run { text: number.to_string(), fact: Some(format!("i/a{number}")) }).collect();
        let after = relink(&before, &text);
        prop_assert_eq!(text_of(&after), text);
        prop_assert!(after.iter().filter_map(|run| run.fact.as_ref()).all(|fact| before.iter().any(|run| run.fact.as_ref() == Some(fact))));
        prop_assert!(after.iter().filter(|run| run.fact.is_some()).count() <= before.len());
    }

    #[test]
    fn an_edit_that_repeats_the_text_changes_nothing(number in 0_u32..1_000, words in "[甲乙丙丁]{1,20}") {
        let content = Content {
            title: "标题".to_owned(),
            blocks: vec![
                Block::Heading { level: 1, text: format!("一、{words}") },
                Block::Paragraph { runs: runs(&format!("{words}死亡{}人", link("i/a1", &number.to_string()))) },
            ],
            ..Content::default()
        };
        let same = content.blocks.iter().enumerate().map(|(from, block)| EditedBlock {
            from: Some(from),
            heading: matches!(block, Block::Heading { .. }).then_some(1),
            text: block.text(),
        });
        let edit = Edit { blocks: Some(same.collect()), ..Edit::default() };
        prop_assert_eq!(apply_edit(&content, &edit), content);
    }

    #[test]
    fn a_template_with_a_fault_on_any_line_is_refused_with_that_line(line in 0_usize..40) {
        let good = include_str!("../templates/flash.toml");
        let mut lines: Vec<&str> = good.lines().collect();
        let at = line % lines.len();
        lines.insert(at, "{% nonsense %} = ");
        let common = ("common.jinja".to_owned(), include_str!("../templates/common.jinja").to_owned());
        let refused = Templates::from_files(&common, &[("city/flash.toml".to_owned(), lines.join("\n"))]).unwrap_err();
        prop_assert_eq!(&refused.file, "city/flash.toml");
        prop_assert_eq!(refused.line, at + 1, "{}", refused);
    }
}

#[test]
fn every_kind_has_a_template_and_the_built_in_ones_are_sound() {
    let templates = Templates::load(None).unwrap();
    assert_eq!(templates.all().count(), KINDS.len());
}

#[test]
fn a_misspelt_name_is_found_before_the_paper_is_needed() {
    let good = include_str!("../templates/first.toml");
    let common = (
        "common.jinja".to_owned(),
        include_str!("../templates/common.jinja").to_owned(),
    );
    let bad = good.replace("incident.notes %}\n{% for", "incident.noets %}\n{% for");
    assert_ne!(bad, good);
    let refused = Templates::from_files(&common, &[("first.toml".to_owned(), bad.clone())]).unwrap_err();
    let expected = bad.lines().position(|line| line.contains("noets")).unwrap() + 1;
    assert_eq!(
        (refused.file.as_str(), refused.line),
        ("first.toml", expected),
        "{refused}"
    );
    let unknown = good.replace("masthead = ", "mastheed = ");
    let refused = Templates::from_files(&common, &[("first.toml".to_owned(), unknown)]).unwrap_err();
    assert!(refused.reason.contains("mastheed"), "{refused}");
}

#[test]
fn serials_are_written_in_chinese() {
    let written: Vec<String> = [1, 9, 10, 12, 20, 21].into_iter().map(chinese_number).collect();
    assert_eq!(written, ["一", "九", "十", "十二", "二十", "二十一"]);
}

#[test]
fn a_place_is_said_once_however_the_address_begins() {
    use anlan_incident::model::Incident;
    use anlan_paper::sheet::place_of;
    let at = |address: &str| {
        let mut incident = Incident::new("i");
        incident.division_name = "呼和浩特市武川县可可以力更镇".to_owned();
        incident.address = Some(address.to_owned());
        place_of(&incident)
    };
    let whole = "呼和浩特市武川县可可以力更镇粮库";
    for address in ["粮库", "可可以力更镇粮库", "武川县可可以力更镇粮库", whole] {
        assert_eq!(at(address), whole, "{address}");
    }
    assert_eq!(at("镇东粮库"), "呼和浩特市武川县可可以力更镇镇东粮库");
}
