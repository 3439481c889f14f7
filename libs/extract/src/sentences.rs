//! Sentences and clauses, as byte ranges.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::text::{is_han, part};

/// A sentence with its clauses.
#[derive(Debug, Clone)]
pub(crate) struct Sentence {
    /// Where it stands.
    pub range: Range<usize>,
    /// Its clauses, in order.
    pub clauses: Vec<Range<usize>>,
    /// Speaks of another, earlier event, of the law, or of an exercise.
    pub background: bool,
}

/// Compiles a pattern of this crate.
pub(crate) fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the patterns of this crate are fixed and tested")
}

macro_rules! patterns {
    ($($(#[$about:meta])* $name:ident = $text:expr;)*) => {
        $($(#[$about])* pub(crate) static $name: std::sync::LazyLock<regex::Regex> =
            std::sync::LazyLock::new(|| $crate::sentences::pattern($text));)*
    };
}
pub(crate) use patterns;

static BACKGROUND: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        "历史上|上世纪|近年来|近几年|去年(?:同期|以来|全年|曾)|前年|曾(?:经)?(?:发生|多次|于|在)|",
        "(?:此类|类似|同类)(?:事故|事件|火灾)|今年以来(?:,|该|全|我)|同比|据统计,?(?:全国|我国|近)|",
        "相关(?:阅读|报道|新闻|链接)|延伸阅读|往期|历年|系谣言|为谣言|属谣言|是谣言|不实信息|系不实|(?:条例|办法|预案|法)》?(?:第|规定)|是指|",
        "造成\\d+人以上|责任编辑|推荐阅读"
    ))
});

/// Cuts a text into sentences.
pub(crate) fn sentences(text: &str) -> Vec<Sentence> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut before = None;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        if ends_sentence(c, before, part(text, end..text.len()), end - start) {
            push(text, start..at, &mut found);
            start = end;
        }
        before = Some(c);
    }
    push(text, start..text.len(), &mut found);
    found
}

fn ends_sentence(c: char, before: Option<char>, rest: &str, length: usize) -> bool {
    match c {
        '。' | '!' | '?' | ';' => true,
        // A blank between two statements; one line of a poster is no sentence of its own.
        ' ' => before.is_some_and(is_han) && rest.chars().next().is_some_and(is_han),
        '\n' => length > 60 || rest.starts_with('\n'),
        _ => false,
    }
}

fn push(text: &str, range: Range<usize>, found: &mut Vec<Sentence>) {
    let words = part(text, range.clone());
    if words.trim().is_empty() {
        return;
    }
    let mut clauses = Vec::new();
    let mut start = range.start;
    for (at, c) in words.char_indices() {
        if matches!(c, ',' | ':' | '(' | ')' | '\n' | '“' | '”') {
            let at = range.start + at;
            if at > start {
                clauses.push(start..at);
            }
            start = at + c.len_utf8();
        }
    }
    if range.end > start {
        clauses.push(start..range.end);
    }
    let background = BACKGROUND.is_match(words);
    found.push(Sentence {
        range,
        clauses,
        background,
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_has_its_clauses_and_the_past_is_background() {
        let text = "3日,甲地起火。致1死2伤 发布时间:今日。去年同期曾发生3起。";
        let found = sentences(text);
        assert_eq!(found.len(), 4);
        assert_eq!(found[0].clauses.len(), 2);
        assert!(found[3].background && !found[0].background);
    }
}
