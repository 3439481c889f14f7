//! Whatever the text, reading it never fails, and every span lies within it.

use anlan_extract::{Found, Gazetteer, Reading, Span, extract};
use proptest::prelude::*;

fn spans(reading: &Reading) -> Vec<Span> {
    fn of<T>(found: Option<&Found<T>>) -> Option<Span> {
        found.map(|found| found.span)
    }
    let people = &reading.casualties;
    let counts = [
        &people.deaths,
        &people.injured,
        &people.seriously_injured,
        &people.missing,
        &people.trapped,
        &people.evacuated,
    ];
    let mut spans: Vec<Span> = counts
        .into_iter()
        .filter_map(|found| of(found.as_ref()))
        .collect();
    spans.extend(of(reading.event_type.as_ref()));
    spans.extend(of(reading.place.as_ref()));
    spans.extend(of(reading.occurred.as_ref()));
    spans.extend(of(reading.stated_grade.as_ref()));
    spans.extend(of(reading.cause.as_ref()));
    spans.extend(of(reading.unit.as_ref()));
    spans.extend(people.implausible.iter().map(|found| found.span));
    spans
}

fn check(text: &str) {
    let reading = extract(text, "2026-11-24T08:00:00".parse().ok(), &Gazetteer::default());
    for span in spans(&reading) {
        let words = text.get(span.start..span.end);
        let words = words.unwrap_or_else(|| panic!("{span:?} is no stretch of {text:?}"));
        let before = text.get(..span.start).map(|before| before.chars().count());
        assert_eq!(before, Some(span.char_start), "{text:?}");
        assert_eq!(words.chars().count(), span.char_end - span.char_start, "{text:?}");
    }
}

/// Words of reports.
const SCRAPS: &[&str] = &[
    "2026年",
    "11月24日",
    "昨晚",
    "凌晨",
    "三点多",
    "30日",
    "25:61",
    "呼和浩特市",
    "武川县",
    "哈乐镇",
    "一民房",
    "发生",
    "火灾",
    "爆炸",
    "追尾",
    "造成",
    "其中",
    "3人",
    "三十九人",
    "死亡",
    "受伤",
    "重伤",
    "失联",
    "被困",
    "全部",
    "获救",
    "无人员伤亡",
    "截至",
    "共",
    "又有",
    "均",
    "经抢救无效",
    "(",
    ")",
    "(zāi)",
    ",",
    "\u{ff0c}",
    "。",
    "、",
    " ",
    "\n",
    "XX",
    "4552.3万人",
    "99999999999999999999人",
    "K12+300",
    "483公里处",
    "Ⅳ级响应",
    "較大",
    "災",
    "俩",
    "仨",
    "一家三口",
    "3男2女",
    "死3伤8",
    "由8人上升至11人",
    "“6·11”",
    "0608",
    "119:",
    "刚刚",
    "后半夜",
    "司机王某",
    "老两口",
    "还有一",
    "疏散居民340",
    "正在搜救",
    "其余",
    "\u{ff13}\u{4eba}",
    "killed 3 people",
    "on November 22, 2021",
    "\u{1f525}",
    "\u{0}",
];

/// Words of reports in any order, which reach further into the grammar than letters by chance.
fn scraps() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(SCRAPS), 0..40).prop_map(|words| words.concat())
}

proptest! {
    #[test]
    fn any_text_is_read_without_failing(text in any::<String>()) {
        check(&text);
    }

    #[test]
    fn scraps_of_reports_are_read_without_failing(text in scraps()) {
        check(&text);
    }
}

#[test]
fn a_megabyte_is_read_without_failing() {
    for scrap in [
        "造成3人死亡,",
        "死3伤8 ",
        "0608 回民区 ",
        "3 people were killed, ",
        "\u{ff11}\u{ff12}\u{4eba}\u{6b7b}\u{4ea1} ",
        "由8人上升至",
        "a",
        "𠀀火灾(",
        "1",
        "\u{301}",
        "呼和浩特市、",
    ] {
        check(&scrap.repeat(1_000_000 / scrap.len()));
    }
}

#[test]
fn figures_of_full_width_are_figures() {
    let reading = extract(
        "昨晚\u{ff11}\u{ff11}时,某厂爆炸,致\u{ff13}人死亡\u{ff0c}\u{ff11}\u{ff12}人受伤。",
        "2026-11-24T08:00:00".parse().ok(),
        &Gazetteer::default(),
    );
    let people = &reading.casualties;
    assert_eq!(people.deaths.as_ref().map(|found| found.value), Some(3));
    assert_eq!(people.injured.as_ref().map(|found| found.value), Some(12));
}

#[test]
fn what_can_be_read_of_an_english_report_is_read() {
    let text = "A gas explosion on 22 November 2021 at 7:40 a.m. killed one person and injured 14 others in Yuquan \
                District. Two people are missing, 3 workers are still trapped and 1,200 residents were evacuated.";
    let reading = extract(text, None, &Gazetteer::default());
    let people = &reading.casualties;
    let counts = [
        &people.deaths,
        &people.injured,
        &people.missing,
        &people.trapped,
        &people.evacuated,
    ]
    .map(|found| found.as_ref().map(|found| found.value));
    assert_eq!(counts, [Some(1), Some(14), Some(2), Some(3), Some(1_200)]);
    let occurred = reading.occurred.map(|found| found.value.to_string());
    assert_eq!(occurred.as_deref(), Some("2021-11-22T07:40"));
}

#[test]
fn unit_and_cause_come_with_their_words() {
    let text = "2026年3月1日,武川县某某化工有限公司发生火灾,原因初步认定为电气线路短路引发。";
    let reading = extract(text, None, &Gazetteer::default());
    for (found, words) in [
        (reading.unit, "某某化工有限公司"),
        (reading.cause, "电气线路短路"),
    ] {
        let span = found.expect("it is said").span;
        assert_eq!(text.get(span.start..span.end), Some(words));
    }
}
