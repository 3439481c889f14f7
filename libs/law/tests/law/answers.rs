//! The norm traps, and that every answer says why.

use anlan_law::{Case, Facts, Grade, Moment, Party, Span, Times, UnitLevel, UpdateKind};

use super::book::book;
use super::vectors::moment;

fn case<'c>(division: &'c str, event_class: &'c str, facts: &'c Facts) -> Case<'c> {
    Case {
        division,
        event_class,
        facts,
        day: "2026-11-24".parse().unwrap(),
    }
}

fn party(text: &str) -> Party {
    text.parse().unwrap()
}

#[test]
fn every_answer_says_its_rule_its_clause_and_its_inputs() {
    let facts = Facts::default()
        .with("deaths", 2)
        .with("missing", 1)
        .with("loss_yuan", 20_000_000);
    let grade = book().event_grade(&case("150125", "20600", &facts)).unwrap();
    assert_eq!(grade.level, Some(Grade::Large));
    assert_eq!(grade.rule.id, "national.493.grade");
    assert!(grade.rule.clause.contains("第三条"));
    assert_eq!(
        grade.why.conditions,
        ["deaths + missing >= 3", "loss_yuan >= 1000万"]
    );
    assert_eq!(
        grade.why.readable,
        ["死亡人数 + 失踪(下落不明)人数 ≥ 3人", "直接经济损失 ≥ 1000万元"]
    );
    let inputs: Vec<(&str, f64)> = grade
        .why
        .inputs
        .iter()
        .map(|(name, value)| (name.as_str(), *value))
        .collect();
    assert_eq!(
        inputs,
        [("deaths", 2.0), ("loss_yuan", 20_000_000.0), ("missing", 1.0)]
    );
}

#[test]
fn a_grade_that_hangs_on_missing_people_is_provisional() {
    let facts = Facts::default().with("deaths", 2).with("missing", 1);
    let grade = book().event_grade(&case("150125", "20600", &facts)).unwrap();
    assert!(grade.provisional);
    assert_eq!(grade.without_missing, Some(Grade::Ordinary));
    let facts = Facts::default().with("deaths", 3).with("missing", 1);
    assert!(
        !book()
            .event_grade(&case("150125", "20600", &facts))
            .unwrap()
            .provisional
    );
}

#[test]
fn what_is_not_known_is_named_and_is_not_zero() {
    let facts = Facts::default().with("deaths", 3);
    let grade = book().event_grade(&case("150125", "20600", &facts)).unwrap();
    assert_eq!(
        grade.unknown,
        ["missing", "seriously_injured", "poisoned", "loss_yuan"]
    );
    let all = facts
        .with("missing", 0)
        .with("seriously_injured", 0)
        .with("poisoned", 0)
        .with("loss_yuan", 0);
    assert!(
        book()
            .event_grade(&case("150125", "20600", &all))
            .unwrap()
            .unknown
            .is_empty()
    );
}

#[test]
fn one_event_has_several_grades_under_several_rules() {
    let facts = Facts::default().with("deaths", 1).with("evacuated", 12_000);
    let grades = book().grades(&case("150125", "20400", &facts));
    let by = |id: &str| grades.iter().find(|grade| grade.rule.id == id).unwrap().level;
    assert_eq!(by("national.493.grade"), Some(Grade::Ordinary));
    assert_eq!(by("national.environment.2014.grade"), Some(Grade::Major));
}

#[test]
fn grade_response_and_warning_are_three_questions() {
    let facts = Facts::default()
        .with("deaths", 250)
        .with("aqi_over_200_hours", 80);
    let flood = case("150125", "11000", &facts);
    assert_eq!(
        book()
            .responses(&flood)
            .first()
            .unwrap()
            .level
            .unwrap()
            .to_string_of(),
        "一级"
    );
    assert!(book().warnings(&flood).is_empty());
    assert!(book().event_grade(&flood).is_none());
}

/// Names a level, whatever its scale.
trait Named {
    fn to_string_of(self) -> &'static str;
}

impl<L: anlan_law::Level> Named for L {
    fn to_string_of(self) -> &'static str {
        self.name()
    }
}

#[test]
fn the_three_start_events_are_not_one() {
    let facts = Facts::default().with("deaths", 10);
    let times = Times {
        occurred: Some(moment("2026-11-24 03:00")),
        learned: Some(moment("2026-11-24 03:20")),
        received: Some(moment("2026-11-24 03:45")),
    };
    let due = |division: &str, holder: &str, rule: &str| {
        let owed = book().obligations(&case(division, "20600", &facts), Some(&party(holder)), &times);
        owed.iter().find(|owed| owed.rule.id == rule).unwrap().due_at
    };
    assert_eq!(
        due("420102", "county.government", "wuhan.2020.major"),
        Some(moment("2026-11-24 03:30"))
    );
    assert_eq!(
        due("420102", "county.government", "national.response-law.2024.county"),
        Some(moment("2026-11-24 03:20"))
    );
    assert_eq!(
        due("150125", "county.government", "hohhot.report.first"),
        Some(moment("2026-11-24 04:15"))
    );
}

#[test]
fn when_it_happened_is_never_taken_from_when_it_was_known() {
    let facts = Facts::default().with("deaths", 10);
    let times = Times {
        received: Some(Moment(0)),
        ..Times::default()
    };
    let owed = book().obligations(
        &case("420102", "20600", &facts),
        Some(&party("county.government")),
        &times,
    );
    let major = owed
        .iter()
        .find(|owed| owed.rule.id == "wuhan.2020.major")
        .unwrap();
    assert_eq!((major.started_at, major.due_at), (None, None));
}

#[test]
fn the_city_bureau_reports_to_both_addressees_in_one_act() {
    let facts = Facts::default();
    let owed = book().obligations(
        &case("150125", "15100", &facts),
        Some(&party("city.emergency")),
        &Times::default(),
    );
    let both: Vec<_> = owed
        .iter()
        .filter(|owed| owed.rule.id == "hohhot.report.bureau")
        .collect();
    assert_eq!(both.len(), 2);
    assert_eq!(both[0].to_name, "呼和浩特市人民政府总值班室");
    assert_eq!(both[1].to_name, "内蒙古自治区应急管理厅");
    assert_eq!(both[0].together_with, [both[1].to.clone()]);
    assert_eq!(both[1].together_with, [both[0].to.clone()]);
    assert!(
        both.iter()
            .all(|owed| owed.immediately && owed.from_name == "呼和浩特市应急管理局")
    );
    assert!(both[0].content.contains(&"伤亡人数(含下落不明)".to_owned()));
}

#[test]
fn a_fire_is_followed_for_seven_days_and_a_mine_accident_for_thirty() {
    let facts = Facts::default();
    let times = Times {
        occurred: Some(moment("2026-11-24 03:00")),
        ..Times::default()
    };
    let supplement = |class| {
        let updates = book().updates(&case("150125", class, &facts), &times);
        let found: Vec<_> = updates
            .into_iter()
            .filter(|update| update.kind == UpdateKind::Supplement)
            .collect();
        assert_eq!(found.len(), 1, "{class}");
        found.into_iter().next().unwrap()
    };
    assert_eq!(supplement("20600").span, Span::WithinDays(30));
    assert_eq!(supplement("20100").span, Span::WithinDays(7));
    assert_eq!(supplement("20200").due_at, Some(moment("2026-12-02 00:00")));
    assert_eq!(supplement("20100").why.displaced, ["national.493.supplement"]);
}

#[test]
fn working_days_say_whether_their_calendar_is_confirmed() {
    let facts = Facts::default();
    let times = Times {
        learned: Some(moment("2026-11-27 18:00")),
        ..Times::default()
    };
    let updates = book().updates(&case("150125", "11000", &facts), &times);
    let settlement = updates
        .iter()
        .find(|update| update.rule.id == "local.settlement.county")
        .unwrap();
    assert!(!settlement.calendar_confirmed && !settlement.decides);
    let zero = updates
        .iter()
        .find(|update| update.kind == UpdateKind::ZeroReport)
        .unwrap();
    assert!(zero.calendar_confirmed);
    assert_eq!(zero.by, Some(Party::new(UnitLevel::County, "emergency")));
}

#[test]
fn the_younger_law_displaces_the_older_fine() {
    let fines = book().fines(
        "accident.unit",
        Grade::Major,
        "1501",
        "2026-11-24".parse().unwrap(),
    );
    assert_eq!(fines.len(), 1);
    assert_eq!(fines[0].displaced, ["national.493.fine"]);
}

#[test]
fn facts_from_outside_are_checked() {
    let facts = Facts::default()
        .with("deaths", 1.5)
        .with("missing", -1)
        .with("near_border", 2)
        .with("dead", 3)
        .with("forest_ha", 0.5);
    let problems = book().check_facts(&facts);
    let named: Vec<&str> = problems.iter().map(|problem| problem.measure.as_str()).collect();
    assert_eq!(named, ["dead", "deaths", "missing", "near_border"]);
}
