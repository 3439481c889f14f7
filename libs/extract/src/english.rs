//! Reports in English: what can be read of them by figures and a few words.

use std::ops::Range;

use super::casualty::Casualties;
use super::sentences::patterns;
use super::span::Found;
use super::text::Text;
use super::time::{Moment, Precision};

const NUMBER: &str = "(\\d{1,3}(?:,\\d{3})+|\\d{1,7}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|a dozen|twenty|thirty)";
const WHO: &str = "(?:\\s+(?:other|more|people|persons?|residents?|workers?|miners?|passengers?|students?|children|villagers?|tourists?|others|men|women|man|woman|crew members?|firefighters?|patients?|injured|victims?)){0,3}";

patterns! {
    DEAD = &counted("killed|dead|died|dies|deaths?|fatalities|were killed|was killed|have died|were dead|lost their lives");
    KILLED = &verb("kill(?:ed|ing|s)|deaths? of|death toll (?:has |had )?(?:risen|rose|climbed|stands|stood)?\\s*(?:to|at|of)|claim(?:ed|ing)");
    HURT = &counted("injured|wounded|hurt|injuries|were injured|was injured|hospitali[sz]ed");
    INJURED = &verb("injur(?:ed|ing|es)|wound(?:ed|ing)|hurt(?:ing)?");
    BADLY = &counted("seriously (?:injured|hurt|wounded)|critically (?:injured|ill)|in (?:a )?critical condition|severely (?:injured|burn(?:ed|t))|(?:were |was |are )?seriously injured");
    LOST = &counted("missing|unaccounted for|(?:are|is|were|remain(?:ed)?|still) (?:still )?missing|reported missing");
    CAUGHT = &counted("trapped|stranded underground|(?:are|is|were|was|remain(?:ed)?|still) (?:still )?trapped");
    OUT = &counted("evacuated|relocated|(?:were|was|have been) (?:safely )?(?:evacuated|relocated)");
    MOVED = &verb("evacuat(?:ed|ing)|relocat(?:ed|ing)");
    NOBODY = "(?i)\\bno (?:casualties|injuries or deaths|deaths or injuries|one was (?:hurt|injured))\\b";
    MONTH_FIRST = "(?i)\\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\\.?\\s+(\\d{1,2})(?:st|nd|rd|th)?(?:,?\\s+(\\d{4}))?";
    DAY_FIRST = "(?i)\\b(\\d{1,2})(?:st|nd|rd|th)?\\s+(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\\.?(?:,?\\s+(\\d{4}))?";
    CLOCK = "(?i)\\b(\\d{1,2})(?::|\\.)(\\d{2})\\s*(a\\.?m|p\\.?m)?|\\b(\\d{1,2})\\s*(a\\.?m|p\\.?m)\\b";
}

fn counted(words: &str) -> String {
    format!("(?i)\\b{NUMBER}{WHO}\\s+(?:{words})\\b")
}

fn verb(words: &str) -> String {
    format!("(?i)\\b(?:{words})\\s+(?:at least |about |around |some |more than |over |nearly )?{NUMBER}\\b")
}

/// Tells whether a text is written in English.
pub(crate) fn is_english(text: &str) -> bool {
    let (mut letters, mut han) = (0_u32, 0_u32);
    for c in text.chars().take(2_000) {
        letters += u32::from(c.is_ascii_alphabetic());
        han += u32::from(crate::text::is_han(c));
    }
    letters > 20 && han * 10 < letters
}

/// Reads the people of an English text.
pub(crate) fn casualties(text: &Text) -> Casualties {
    let words = text.digits.as_str();
    let first = |patterns: &[&regex::Regex]| {
        let captures = patterns
            .iter()
            .filter_map(|p| p.captures(words))
            .min_by_key(|c| c.get(0).map_or(usize::MAX, |whole| whole.start()))?;
        Some(found(
            text,
            &captures.get(0)?.range(),
            number(captures.get(1)?.as_str())?,
            70,
        ))
    };
    let none = || {
        NOBODY
            .find(words)
            .map(|found_at| found(text, &found_at.range(), 0, 80))
    };
    Casualties {
        deaths: first(&[&DEAD, &KILLED]).or_else(none),
        injured: first(&[&HURT, &INJURED]).or_else(none),
        seriously_injured: first(&[&BADLY]),
        missing: first(&[&LOST]),
        trapped: first(&[&CAUGHT]),
        evacuated: first(&[&OUT, &MOVED]),
        implausible: Vec::new(),
    }
}

fn found<T>(text: &Text, range: &Range<usize>, value: T, confidence: u8) -> Found<T> {
    Found {
        value,
        span: text.span(range),
        words: text.words(range),
        confidence,
    }
}

fn number(word: &str) -> Option<u32> {
    let spelt = [
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    ];
    let lower = word.to_ascii_lowercase();
    if let Some(at) = spelt.iter().position(|name| *name == lower) {
        return u32::try_from(at + 1).ok();
    }
    match lower.as_str() {
        "a dozen" => Some(12),
        "twenty" => Some(20),
        "thirty" => Some(30),
        _ => lower.replace(',', "").parse().ok(),
    }
}

/// The first date of an English text, with the first clock time.
pub(crate) fn occurred(text: &Text) -> Option<Found<Moment>> {
    let words = text.digits.as_str();
    let month_first = MONTH_FIRST.captures(words).map(|c| (c, 1, 2));
    let (date, month, day) = DAY_FIRST
        .captures(words)
        .map(|c| (c, 2, 1))
        .into_iter()
        .chain(month_first)
        .min_by_key(|(c, _, _)| c.get(0).map_or(usize::MAX, |whole| whole.start()))?;
    let months = "janfebmaraprmayjunjulaugsepoctnovdec";
    let name = date.get(month)?.as_str().to_ascii_lowercase();
    let month = i8::try_from(months.find(&name)? / 3 + 1).ok()?;
    let day = date
        .get(day)?
        .as_str()
        .parse::<i8>()
        .ok()
        .filter(|d| (1..=31).contains(d))?;
    let clock = CLOCK.captures(words).and_then(|c| {
        let part = |group: usize| c.get(group).map(|m| m.as_str());
        let hour: i8 = part(1).or(part(4))?.parse().ok()?;
        let half = part(3).or(part(5)).unwrap_or_default().to_ascii_lowercase();
        let hour = match (half.starts_with('p'), half.starts_with('a')) {
            (true, _) if hour < 12 => hour + 12,
            (_, true) if hour == 12 => 0,
            _ => hour,
        };
        (0..24)
            .contains(&hour)
            .then(|| (hour, part(2).and_then(|m| m.parse::<i8>().ok())))
    });
    let minute = clock
        .and_then(|(_, minute)| minute)
        .filter(|m| (0..60).contains(m));
    let moment = Moment {
        year: date.get(3).and_then(|y| y.as_str().parse().ok()),
        month: Some(month),
        day: Some(day),
        hour: clock.map(|(hour, _)| hour),
        minute,
        precision: match (clock, minute) {
            (Some(_), Some(_)) => Precision::Minute,
            (Some(_), None) => Precision::Hour,
            _ => Precision::Day,
        },
    };
    Some(found(text, &date.get(0)?.range(), moment, 60))
}
