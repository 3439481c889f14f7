//! Packs: what is read, what is refused, which rule decides.

use anlan_law::{Case, Confidence, Day, Facts, Grade, RuleBook, RuleError};

use super::book::{book, packs};

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn with(extra: &str) -> Result<RuleBook, RuleError> {
    let mut all = packs();
    all.push(("own/pack.toml".to_owned(), extra.to_owned()));
    let all: Vec<(&str, &str)> = all
        .iter()
        .map(|(file, text)| (file.as_str(), text.as_str()))
        .collect();
    RuleBook::load(&all)
}

const ABOUT: &str = "[pack]\nid = \"own\"\ntitle = \"本市\"\n";

fn rule(kind: &str, rest: &str) -> String {
    format!(
        "{ABOUT}\n[[{kind}]]\nid = \"own.rule\"\nclause = \"本市规定\"\ntext = \"…\"\njurisdiction = \"1501\"\n\
         valid_from = \"2026-01-01\"\nconfidence = \"confirmed\"\n{rest}\n"
    )
}

#[test]
fn every_pack_that_ships_can_be_read() {
    let heads: Vec<_> = book().heads().collect();
    assert!(heads.len() >= 150, "{} rules", heads.len());
    for head in heads {
        assert!(head.line > 0 && !head.pack.is_empty(), "{}", head.id);
        if head.confidence == Confidence::Unconfirmed {
            assert!(
                head.note.is_some(),
                "{} is unconfirmed and does not say why",
                head.id
            );
        }
    }
}

#[test]
fn the_most_specific_place_decides() {
    let limit = |division, class, day| {
        let rule = book().reporting(division, class, day).unwrap();
        (rule.id.as_str(), rule.limit_minutes, rule.start_event.as_str())
    };
    assert_eq!(
        limit("150125100", "20100", "2026-11-24"),
        ("hohhot.report.first", 30, "received")
    );
    assert_eq!(
        limit("310101", "20100", "2026-11-24"),
        ("shanghai.2021.tier-oral", 60, "received")
    );
    assert_eq!(
        limit("440103", "20100", "2026-11-24"),
        ("national.493.tier", 120, "received")
    );
    assert_eq!(
        limit("440103", "11000", "2026-11-24"),
        ("national.2020-19.county", 120, "learned")
    );
}

#[test]
fn a_rule_holds_only_from_its_first_day() {
    let rule = book().reporting("150125", "20100", "2019-01-01").unwrap();
    assert_eq!(rule.id, "national.493.tier");
    assert!(book().reporting("150125", "20100", "2007-05-31").is_none());
    assert!(book().reporting("150125", "20100", "yesterday").is_none());
}

#[test]
fn a_city_adds_a_pack_that_overrides_the_one_that_ships() {
    let own = rule(
        "reporting",
        "topic = \"report.area-to-emergency\"\nfrom = [\"county.government\"]\nto = [\"city.emergency\"]\n\
         limit_minutes = 20\nstart_event = \"learned\"\nladder = true",
    );
    let book = with(&own).unwrap();
    assert_eq!(
        book.reporting("150125", "20100", "2026-06-01")
            .unwrap()
            .limit_minutes,
        20
    );
    assert_eq!(
        book.reporting("150125", "20100", "2025-06-01")
            .unwrap()
            .limit_minutes,
        30
    );
    assert_eq!(
        book.reporting("440103", "20100", "2026-06-01")
            .unwrap()
            .limit_minutes,
        120
    );
}

#[test]
fn an_unconfirmed_rule_suggests_and_never_decides() {
    let own = rule(
        "grade",
        "event_classes = [\"2\"]\ntopic = \"national.493.grade\"\nlevels = [{ level = \"特别重大\", otherwise = true }]",
    )
    .replace("\"confirmed\"", "\"unconfirmed\"");
    let book = with(&own).unwrap();
    let facts = Facts::default().with("deaths", 1);
    let case = Case {
        division: "150125",
        event_class: "20100",
        facts: &facts,
        day: day("2026-06-01"),
    };
    let suggested = book
        .grades(&case)
        .into_iter()
        .find(|grade| grade.rule.id == "own.rule")
        .unwrap();
    assert_eq!(
        (suggested.level, suggested.decides),
        (Some(Grade::Extraordinary), false)
    );
    let decided = book.event_grade(&case).unwrap();
    assert_eq!(
        (decided.level, decided.rule.id.as_str()),
        (Some(Grade::Ordinary), "national.493.grade")
    );
}

/// Each line of the table: a broken pack, the line it is refused at, and what the refusal says.
fn refused(table: &[(String, usize, &str)]) {
    for (broken, line, expected) in table {
        let refusal = with(broken).unwrap_err();
        assert_eq!(
            (refusal.file.as_str(), refusal.line),
            ("own/pack.toml", *line),
            "{refusal}\n{broken}"
        );
        assert!(
            refusal.reason.contains(expected),
            "{refusal}\nexpected {expected}"
        );
    }
}

fn reporting(rest: &str) -> String {
    let parties = "from = [\"county.government\"]\nto = [\"city.emergency\"]\nstart_event = \"received\"";
    rule("reporting", &format!("{parties}\n{rest}"))
}

#[test]
fn a_broken_report_is_refused_with_its_file_its_line_and_what_was_expected() {
    let limit = || reporting("limit_minutes = 5");
    refused(&[
        (reporting("limit_minutes = -1"), 15, "invalid value"),
        (reporting("limit_minutes = 0"), 6, "between a minute and a year"),
        (
            reporting(""),
            6,
            "expected one of limit_minutes, immediately = true, promptly = true",
        ),
        (
            reporting("limit_minutes = 5\nimmediately = true"),
            6,
            "expected one of",
        ),
        (
            reporting("limit_minutes = 5\ncontent = \"nowhere\""),
            16,
            "there is no Content rule `nowhere`",
        ),
        (
            reporting("limit_minutes = 5\nany = [\"dead >= 3\"]"),
            16,
            "there is no measure `dead`",
        ),
        (
            reporting("limit_minutes = 5\nany = [\"deaths >= three\"]"),
            16,
            "is not a number",
        ),
        (
            limit().replace("city.emergency", "city.bureau"),
            6,
            "there is no body `bureau`",
        ),
        (
            limit().replace("city.emergency", "town.emergency"),
            13,
            "is not a party",
        ),
        (
            limit().replace("\"received\"", "\"dreamt\""),
            14,
            "unknown variant `dreamt`",
        ),
    ]);
}

#[test]
fn a_broken_head_or_scale_is_refused_with_its_file_its_line_and_what_was_expected() {
    let limit = || reporting("limit_minutes = 5");
    let grade = |levels: &str| rule("grade", &format!("levels = [\n{levels}\n]"));
    let upward = "{ level = \"一般\", any = [\"deaths >= 1\"] },\n{ level = \"重大\", otherwise = true }";
    let unknown = "`很大` is not a level; expected 特别重大, 重大, 较大, 一般";
    refused(&[
        ("[pack\n".to_owned(), 1, ""),
        (format!("{ABOUT}colour = \"red\"\n"), 4, "unknown field `colour`"),
        (
            limit().replace("2026-01-01", "2026-13-01"),
            6,
            "is not a day such as 2024-11-01",
        ),
        (
            reporting("limit_minutes = 5\nvalid_to = \"2025-12-31\""),
            6,
            "valid_to is before valid_from",
        ),
        (
            limit().replace("\"1501\"", "\"15o1\""),
            6,
            "is not a division code",
        ),
        (
            reporting("limit_minutes = 5\nevent_classes = [\"火\"]"),
            6,
            "is not the beginning of an event class",
        ),
        (
            limit().replace("own.rule", "national.493.tier"),
            6,
            "is defined twice",
        ),
        (grade("{ level = \"很大\", otherwise = true }"), 13, unknown),
        (grade(upward), 14, "levels go from the gravest down"),
        (
            grade("{ level = \"一般\" }"),
            13,
            "either conditions in any = […] or otherwise = true",
        ),
        (grade(""), 6, "expected at least one level"),
    ]);
}

#[test]
fn the_example_of_the_guide_is_a_pack_that_decides() {
    let guide = include_str!("../../../../docs/guides/rules.md");
    let example = guide
        .split("```toml\n")
        .find(|block| block.starts_with("[pack]"))
        .unwrap();
    let book = with(example.split("```").next().unwrap()).unwrap();
    let rule = book.reporting("150125", "20600", "2026-06-01").unwrap();
    assert_eq!((rule.id.as_str(), rule.limit_minutes), ("example-city.first", 20));
}
