//! The text as it is read: simplified, half-width, without the damage of copying, every character knowing where it
//! came from.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use crate::numerals;
use crate::span::Span;

/// Pairs of a traditional character and the simplified one, from `OpenCC` (Apache-2.0).
const TRADITIONAL: &str = include_str!("../data/traditional.txt");

/// No more of a text than this is read; reports are a few hundred characters long.
pub(crate) const MOST_CHARS: usize = 12_000;

static SIMPLIFIED: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let pair = |pair: &str| {
        let mut chars = pair.chars();
        Some((chars.next()?, chars.next()?))
    };
    TRADITIONAL.split_whitespace().filter_map(pair).collect()
});

/// A text made ready for reading.
#[derive(Debug)]
pub(crate) struct Text {
    /// Clean characters.
    plain: Vec<char>,
    /// Where each clean character stood: bytes of the original.
    origin: Vec<Range<usize>>,
    /// The clean text with Chinese numerals before units written in figures.
    pub digits: String,
    /// For every byte of `digits`, the clean characters it stands for.
    at: Vec<(usize, usize)>,
    /// For every byte of the original up to the last one read, how many characters came before.
    chars_before: Vec<usize>,
}

impl Text {
    pub(crate) fn new(original: &str) -> Self {
        let mut plain = Vec::new();
        let mut origin = Vec::new();
        let mut chars_before = vec![0; 1];
        for (number, (at, c)) in original.char_indices().take(MOST_CHARS).enumerate() {
            origin.push(at..at + c.len_utf8());
            plain.push(c);
            chars_before.resize(at + c.len_utf8() + 1, number + 1);
            if let Some(before) = chars_before.get_mut(at) {
                *before = number;
            }
        }
        let (plain, origin) = clean(&plain, &origin);
        let (digits, at) = numerals::in_figures(&plain);
        Self {
            plain,
            origin,
            digits,
            at,
            chars_before,
        }
    }

    /// The clean characters behind a range of `digits`.
    fn chars(&self, range: &Range<usize>) -> Range<usize> {
        let last = range.end.max(range.start + 1) - 1;
        match (self.at.get(range.start), self.at.get(last)) {
            (Some((start, _)), Some((_, end))) => *start..(*end).max(*start),
            _ => 0..0,
        }
    }

    /// The clean words behind a range of `digits`.
    pub(crate) fn words(&self, range: &Range<usize>) -> String {
        let chars = self.chars(range);
        self.plain.get(chars).unwrap_or_default().iter().collect()
    }

    /// Where a range of `digits` stands in the original.
    pub(crate) fn span(&self, range: &Range<usize>) -> Span {
        let chars = self.chars(range);
        let start = self.origin.get(chars.start).map_or(0, |r| r.start);
        let end = self
            .origin
            .get(chars.end.saturating_sub(1))
            .map_or(start, |r| r.end)
            .max(start);
        let count = |byte: usize| self.chars_before.get(byte).copied().unwrap_or_default();
        Span {
            start,
            end,
            char_start: count(start),
            char_end: count(end),
        }
    }
}

/// One part of a text by a byte range that came from searching it.
pub(crate) fn part(text: &str, range: Range<usize>) -> &str {
    text.get(range).unwrap_or_default()
}

pub(crate) const fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '〇')
}

fn clean(chars: &[char], origin: &[Range<usize>]) -> (Vec<char>, Vec<Range<usize>>) {
    let blanks = if is_spaced_out(chars) {
        Blanks::Damage
    } else if is_terse(chars) {
        Blanks::Commas
    } else {
        Blanks::Statements
    };
    let mut plain: Vec<char> = Vec::with_capacity(chars.len());
    let mut kept = Vec::with_capacity(chars.len());
    let mut index = 0;
    while let Some(&c) = chars.get(index) {
        if let Some(skipped) = reading(chars.get(index..).unwrap_or_default(), plain.last().copied()) {
            index += skipped;
            continue;
        }
        let next = chars.get(index + 1..).unwrap_or_default();
        if let Some(clean) = clean_char(c, plain.last().copied(), next, blanks) {
            plain.push(clean);
            kept.push(origin.get(index).cloned().unwrap_or_default());
        }
        index += 1;
    }
    (plain, kept)
}

/// What the blanks of a text stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Blanks {
    /// Damage of copying.
    Damage,
    /// Commas, in notes taken on the telephone.
    Commas,
    /// The end of a headline.
    Statements,
}

/// Tells whether blanks are all the punctuation a note has.
fn is_terse(chars: &[char]) -> bool {
    let loose = chars.windows(3).filter(
        |w| matches!(w, [a, ' ' | '\u{3000}', b] if (is_han(*a) || a.is_ascii_digit()) && is_han(*b)),
    );
    let marks = |c: &&char| matches!(c, ',' | '\u{ff0c}' | '。' | ';' | '\u{ff1b}' | '、');
    let marked = chars.iter().filter(marks).count();
    let loose = loose.count();
    loose >= 2 && loose > marked
}

/// Tells whether nearly every character has a blank after it, as in a text copied from a scan.
fn is_spaced_out(chars: &[char]) -> bool {
    let han = chars.iter().filter(|c| is_han(**c)).count();
    let loose = chars
        .windows(3)
        .filter(|w| matches!(w, [a, ' ' | '\u{3000}' | '\u{a0}', b] if is_han(*a) && is_han(*b)));
    han > 0 && loose.count() * 3 > han
}

/// Length of a reading in brackets after a character, such as `災(zāi)`, which some copies put in.
fn reading(chars: &[char], before: Option<char>) -> Option<usize> {
    if !before.is_some_and(is_han) || !matches!(chars.first(), Some('(' | '\u{ff08}')) {
        return None;
    }
    let close = chars.iter().take(9).position(|c| matches!(c, ')' | '\u{ff09}'))?;
    let inside = chars.get(1..close)?;
    let latin = |c: &char| c.is_alphabetic() && c.is_lowercase() && !is_han(*c) || *c == ' ';
    (!inside.is_empty() && inside.iter().all(latin)).then_some(close + 1)
}

fn clean_char(c: char, before: Option<char>, next: &[char], blanks: Blanks) -> Option<char> {
    let c = match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' | '\u{a0}' | '\t' => ' ',
        '\r' => '\n',
        '〇' | '○' => '零',
        _ => SIMPLIFIED.get(&c).copied().unwrap_or(c),
    };
    let follows_digit = before.is_some_and(|b| b.is_ascii_digit());
    let digit_follows = next
        .first()
        .is_some_and(|n| n.is_ascii_digit() || ('\u{ff10}'..='\u{ff19}').contains(n));
    match c {
        ' ' => blank(before, next, blanks),
        ',' if follows_digit && digit_follows && is_thousands(next) => None,
        '.' if follows_digit && next.is_empty() => None,
        '[' | '{' | '〔' => Some('('),
        ']' | '}' | '〕' => Some(')'),
        '【' | '】' | '|' | '●' | '■' | '◆' => Some('。'),
        '\n' if before.is_none_or(|b| matches!(b, '\n' | '。')) => None,
        _ if c.is_control() && c != '\n' => None,
        '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{2028}'..='\u{202e}' => None,
        _ => Some(c),
    }
}

fn is_thousands(next: &[char]) -> bool {
    let digits = next.iter().take_while(|c| c.is_ascii_digit()).count();
    digits == 3
}

/// A blank parts two figures or two statements; anywhere else it is only damage.
fn blank(before: Option<char>, next: &[char], blanks: Blanks) -> Option<char> {
    let before = before?;
    let after = next.iter().find(|c| !c.is_whitespace())?;
    let figures = before.is_ascii_alphanumeric() && after.is_ascii_alphanumeric();
    let statements = is_han(before) && is_han(*after);
    match blanks {
        _ if figures => Some(' '),
        Blanks::Statements if statements => Some(' '),
        Blanks::Commas if statements => Some(','),
        Blanks::Commas if before.is_ascii_digit() && is_han(*after) => {
            let unit = "人名日月时分号年米个户级点岁万亿元公千百余多层栋楼路".contains(*after);
            (!unit).then_some(',')
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(text: &str) -> String {
        Text::new(text).digits
    }

    #[test]
    fn damage_of_copying_is_mended() {
        for (damaged, mended) in [
            ("1 月 27 日 18 时 13 分", "1月27日18时13分"),
            ("江蘇宿遷一小區(qū)發(fā)生火災(zāi)", "江苏宿迁一小区发生火灾"),
            ("疏散1,200人\u{ff0c}3人受伤", "疏散1200人,3人受伤"),
            ("\u{ff11}\u{ff12}月3日(周三)", "12月3日(周三)"),
            ("火 灾 事 故 通 报", "火灾事故通报"),
            ("致1死14伤 发布时间", "致1死14伤 发布时间"),
            ("2021-11-22 11月22日", "2021-11-22 11月22日"),
        ] {
            assert_eq!(digits(damaged), mended);
        }
    }

    #[test]
    fn every_word_knows_where_it_stood() {
        let original = "八月一日晚,三十九人受傷。";
        let text = Text::new(original);
        let at = text.digits.find("39人受伤").unwrap();
        let span = text.span(&(at..at + "39人受伤".len()));
        assert_eq!(original.get(span.start..span.end), Some("三十九人受傷"));
        assert_eq!((span.char_start, span.char_end), (6, 12));
        assert_eq!(text.words(&(at..at + 2)), "三十九");
    }
}
