//! Figures of people: 3人, 5名, 3男2女, and those that notes leave without their word.

use std::ops::Range;

use super::Kind;
use super::fate;
use crate::sentences::{Sentence, patterns};
use crate::text::part;

patterns! {
    COUNT = "(\\d+(?:\\.\\d+)?)(万|千|百)?(余|多|来)?(人次|人|名|位|具|口人|口|个|例|死|伤|亡|失踪|失联|重伤|轻伤|受伤|被困|遇难|学生|村民|儿童|矿工|工人|乘客|女性|男性|女子|男子|女工|老人|孩子|司机|驾驶员)";
    COUPLE = "(\\d+)(?:名)?(?:男|女)(?:性)?[、和及]?(\\d+)(?:名)?(?:男|女)(?:性|子|童)?";
    FAMILY = "家$";
    BARE = "(?:疏散|转移|撤离|死亡|受伤|重伤|轻伤|失联|失踪|被困)(?:居民|群众|人员|村民|学生|乘客|师生|职工|工人)?:?(\\d{1,5})(?:[,。;、)\\s]|$)";
    MARK = "(死|亡|伤|重|轻|埋)(?:的)?(\\d{1,3})";
    UNITS = "^(?:[人名个位具例口吨米年月日时公千百万台辆只头岁间亩元斤倍成级天层家户]|\\d|\\.)";
    NOT_PEOPLE = "^(?:以上|以下|以内|民币|份|制|次|大代表|家|力|均(?:收入|纯|可支配|面积|住房|水|耕)|造|座|行道|工(?:湖|智|降)|口)";
    NO_CHILD = "^(?:县|区|市|乡|镇|村|省|月|小时|地|点|部门|班|年|方|多|工作组|小组|街道|社区|批次|单位|企业|标段|品种|停车|车|班组|网格|季|专|救援队|国家|站|组|家庭|旗|盟)";
}

/// A figure with its surroundings inside a clause.
pub(crate) struct Figure {
    pub range: Range<usize>,
    pub clause: Range<usize>,
    pub value: u64,
    pub unit: Range<usize>,
    pub about: bool,
    /// What its mark says: 死3伤8.
    pub own: Option<Kind>,
}

/// All figures of people in a sentence, in order.
pub(crate) fn figures(digits: &str, sentence: &Sentence) -> Vec<Figure> {
    let mut figures = couples(digits, sentence);
    let couples = figures.len();
    for found in COUNT.captures_iter(part(digits, sentence.range.clone())) {
        let (Some(whole), Some(amount), Some(unit)) = (found.get(0), found.get(1), found.get(4)) else {
            continue;
        };
        let at = |range: Range<usize>| sentence.range.start + range.start..sentence.range.start + range.end;
        let (range, unit) = (at(whole.range()), at(unit.range()));
        let rest = part(digits, unit.end..sentence.range.end);
        let bad_unit = match part(digits, unit.clone()) {
            "个" => NO_CHILD.is_match(rest),
            "人" | "人次" => NOT_PEOPLE.is_match(rest),
            "名" | "位" => rest.starts_with("于"),
            "死" | "伤" | "亡" if rest.starts_with(|c: char| c.is_ascii_digit()) => {
                marked(part(digits, sentence.range.start..range.start))
            }
            "口" => !FAMILY.is_match(part(digits, sentence.range.start..range.start)),
            _ => false,
        };
        let Some(clause) = sentence.clauses.iter().find(|c| c.contains(&range.start)) else {
            continue;
        };
        let ahead = part(digits, clause.start..range.start);
        let ordinal = ahead.ends_with('第') || fate::CAPACITY.is_match(ahead);
        let Some(value) = value(amount.as_str(), found.get(2).map(|m| m.as_str())) else {
            continue;
        };
        let in_couple = figures
            .iter()
            .take(couples)
            .any(|c| c.range.contains(&range.start));
        if bad_unit || ordinal || in_couple {
            continue;
        }
        figures.push(Figure {
            range,
            clause: clause.clone(),
            value,
            unit,
            about: found.get(3).is_some(),
            own: None,
        });
    }
    bare(digits, sentence, &mut figures);
    figures.sort_by_key(|figure| figure.range.start);
    figures
}

/// 疏散居民340: a figure that a note leaves without its word.
fn bare(digits: &str, sentence: &Sentence, figures: &mut Vec<Figure>) {
    for found in BARE.captures_iter(part(digits, sentence.range.clone())) {
        let Some(amount) = found.get(1) else { continue };
        let range = sentence.range.start + amount.start()..sentence.range.start + amount.end();
        let clause = sentence.clauses.iter().find(|c| c.contains(&range.start));
        let (Some(clause), Ok(value)) = (clause, amount.as_str().parse()) else {
            continue;
        };
        if !figures.iter().any(|f| f.range.contains(&range.start)) {
            figures.push(Figure {
                clause: clause.clone(),
                value,
                unit: range.end..range.end,
                about: false,
                own: None,
                range,
            });
        }
    }
    for found in MARK.captures_iter(part(digits, sentence.range.clone())) {
        let (Some(mark), Some(amount)) = (found.get(1), found.get(2)) else {
            continue;
        };
        let range = sentence.range.start + amount.start()..sentence.range.start + amount.end();
        let clause = sentence.clauses.iter().find(|c| c.contains(&range.start));
        let (Some(clause), Ok(value)) = (clause, amount.as_str().parse()) else {
            continue;
        };
        let counted = figures.iter().any(|f| f.range.contains(&range.start));
        let own_mark = marked(part(digits, sentence.range.start..range.start));
        if !counted && own_mark && !UNITS.is_match(part(digits, range.end..sentence.range.end)) {
            figures.push(Figure {
                clause: clause.clone(),
                value,
                unit: range.end..range.end,
                about: false,
                own: match mark.as_str() {
                    "死" | "亡" => Some(Kind::Deaths),
                    "伤" => Some(Kind::Injured),
                    "重" => Some(Kind::Serious),
                    "轻" => Some(Kind::Minor),
                    _ => Some(Kind::Trapped),
                },
                range,
            });
        }
    }
}

/// 死3伤8: the word before a figure is its mark, when that word does not belong to a figure before it.
fn marked(ahead: &str) -> bool {
    let mut back = ahead.chars().rev();
    let mark = back.find(|c| *c != '的');
    mark.is_some_and(|c| matches!(c, '死' | '亡' | '伤' | '重' | '轻' | '埋'))
        && !back.next().is_some_and(|c| c.is_ascii_digit())
}

/// 3男2女: five people.
fn couples(digits: &str, sentence: &Sentence) -> Vec<Figure> {
    let of = |found: &regex::Captures<'_>| {
        let whole = found.get(0)?.range();
        let one = |group| found.get(group)?.as_str().parse::<u64>().ok();
        let range = sentence.range.start + whole.start..sentence.range.start + whole.end;
        let clause = sentence.clauses.iter().find(|c| c.contains(&range.start))?;
        Some(Figure {
            clause: clause.clone(),
            value: one(1)?.checked_add(one(2)?)?,
            unit: range.end..range.end,
            about: false,
            own: None,
            range,
        })
    };
    COUPLE
        .captures_iter(part(digits, sentence.range.clone()))
        .filter_map(|found| of(&found))
        .collect()
}

/// Reads 7.2 and 万 as 72000, without floating point.
fn value(amount: &str, rank: Option<&str>) -> Option<u64> {
    let rank: u64 = match rank {
        Some("万") => 10_000,
        Some("千") => 1_000,
        Some("百") => 100,
        _ => 1,
    };
    let (whole, fraction) = amount.split_once('.').unwrap_or((amount, ""));
    let whole: u64 = whole.parse().ok()?;
    let mut value = whole.checked_mul(rank)?;
    let mut place = rank;
    for digit in fraction.chars().filter_map(|c| c.to_digit(10)) {
        place /= 10;
        value = value.checked_add(u64::from(digit) * place)?;
    }
    Some(value)
}
