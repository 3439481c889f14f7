//! What a text claims: figures, times and names, found by the words around them.

use anlan_documents::{Block, Run};

use crate::facts::Content;

/// A figure that a text states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// `deaths` and the other figures.
    pub kind: &'static str,
    /// The number.
    pub value: u64,
    /// The fact it is linked with.
    pub fact: Option<String>,
    /// Whether it stands among several with their sources: the text says openly that they differ.
    pub disputed: bool,
}

/// Words for figures, the longer ones first; a word counts whether it stands before or after the number.
const WORDS: [(&str, &str); 20] = [
    ("seriously_injured", "重伤"),
    ("seriously_injured", "伤势较重"),
    ("evacuated", "转移安置"),
    ("evacuated", "紧急转移"),
    ("evacuated", "疏散"),
    ("evacuated", "转移"),
    ("deaths", "死亡"),
    ("deaths", "遇难"),
    ("deaths", "身亡"),
    ("missing", "失联"),
    ("missing", "失踪"),
    ("missing", "下落不明"),
    ("trapped", "被困"),
    ("trapped", "受困"),
    ("injured", "受伤"),
    ("injured", "轻伤"),
    ("injured", "伤者"),
    ("injured", "送医"),
    ("", "救援人员"),
    ("", "出动"),
];

/// Ways of saying that there is nobody.
const NOBODY: [(&str, &str); 7] = [
    ("deaths", "无人员死亡"),
    ("injured", "无人员受伤"),
    ("trapped", "无人员被困"),
    ("missing", "无人员失联"),
    ("deaths", "无人员伤亡"),
    ("injured", "无人员伤亡"),
    ("deaths", "未造成人员伤亡"),
];

/// The whole text of a paper, title first.
pub fn text(content: &Content) -> String {
    format!("{}\n{}", content.title, body(content))
}

/// The text of a paper without its title.
pub fn body(content: &Content) -> String {
    content.blocks.iter().map(|block| block.text() + "\n").collect()
}

/// The figures that the title states.
pub fn title_claims(content: &Content) -> Vec<Claim> {
    in_runs(&[&Run::plain(content.title.clone())])
}

/// The figures that the paragraphs state. Tables count places together and are not read.
pub fn claims(content: &Content) -> Vec<Claim> {
    let mut all = Vec::new();
    for block in &content.blocks {
        if let Block::Paragraph { runs } = block {
            all.extend(in_runs(&runs.iter().collect::<Vec<_>>()));
        }
    }
    all
}

/// A stretch of text between two marks of punctuation, with where it begins.
fn clauses(text: &str) -> Vec<(usize, &str)> {
    let mut all = Vec::new();
    let mut start = 0;
    for (at, mark) in text.match_indices(|c: char| "，。；、,;!?！？（）()：\n".contains(c)) {
        all.push((start, text.get(start..at).unwrap_or_default()));
        start = at + mark.len();
    }
    all.push((start, text.get(start..).unwrap_or_default()));
    all
}

fn in_runs(runs: &[&Run]) -> Vec<Claim> {
    let text: String = runs.iter().map(|run| run.text.as_str()).collect();
    let changed_from = change_spans(&text);
    let mut all = Vec::new();
    for (start, clause) in clauses(&text) {
        for (kind, word) in NOBODY {
            if denies(clause, word) && !clause.chars().any(|letter| letter.is_ascii_digit()) {
                let next = zero_behind(runs, &text, start + clause.len());
                all.push(Claim {
                    kind,
                    value: 0,
                    fact: next,
                    disputed: false,
                });
            }
        }
        let told = numbers(clause);
        for (at, value) in told {
            let here = start + at;
            if changed_from.iter().any(|(from, to)| (*from..*to).contains(&here)) {
                continue;
            }
            let Some(kind) = kind_of(&text, start, clause, at) else {
                continue;
            };
            all.push(Claim {
                kind,
                value,
                fact: fact_at(runs, here),
                disputed: is_disputed(&text, here),
            });
        }
    }
    all.retain(|claim| !claim.kind.is_empty());
    all
}

/// Whether a clause says that there is nobody: 无人员被困, but neither 有无人员被困 nor 是否无人员被困, which only ask.
fn denies(clause: &str, word: &str) -> bool {
    clause.match_indices(word).any(|(at, _)| {
        let before = clause.get(..at).unwrap_or_default();
        !["有", "是否", "尚不清楚"]
            .iter()
            .any(|asks| before.ends_with(asks))
    })
}

/// The `0` that a text puts in brackets after 无人员死亡 carries the link.
fn zero_behind(runs: &[&Run], text: &str, end: usize) -> Option<String> {
    let rest = text.get(end..)?;
    let zero = rest.strip_prefix("（0")?;
    fact_at(runs, text.len() - zero.len() - 1)
}

/// Byte ranges of `由前报…人` in a 变更说明: that number is said to be over.
fn change_spans(text: &str) -> Vec<(usize, usize)> {
    text.match_indices("由前报")
        .map(|(at, _)| {
            let rest = text.get(at..).unwrap_or_default();
            (at, at + rest.find("变更为").unwrap_or(rest.len()))
        })
        .collect()
}

/// Numbers that count people: digits or Chinese numerals before 人 or 名.
fn numbers(clause: &str) -> Vec<(usize, u64)> {
    let mut all = Vec::new();
    for (at, _) in clause.match_indices(['人', '名']) {
        let head = clause
            .get(..at)
            .unwrap_or_default()
            .trim_end_matches(['余', '多']);
        let digits: String = tail(head, |letter| letter.is_ascii_digit());
        if let Ok(value) = digits.parse() {
            all.push((head.len() - digits.len(), value));
            continue;
        }
        let numeral = tail(head, |letter| "一二三四五六七八九十百两".contains(letter));
        if let Some(value) = chinese(&numeral) {
            all.push((head.len() - numeral.len(), value));
        }
    }
    all.dedup_by_key(|(at, _)| *at);
    all
}

fn tail(text: &str, fits: impl Fn(char) -> bool) -> String {
    let letters: Vec<char> = text.chars().rev().take_while(|letter| fits(*letter)).collect();
    letters.into_iter().rev().collect()
}

/// Chinese numerals up to 999: 十二, 三十, 一百零五 without 零.
fn chinese(text: &str) -> Option<u64> {
    if text.is_empty() {
        return None;
    }
    let (mut total, mut digit) = (0, 0);
    for letter in text.chars() {
        match letter {
            '十' => {
                total += if digit == 0 { 10 } else { digit * 10 };
                digit = 0;
            }
            '百' => {
                total += if digit == 0 { 100 } else { digit * 100 };
                digit = 0;
            }
            '两' => digit = 2,
            _ => digit = u64::try_from("一二三四五六七八九".chars().position(|d| d == letter)? + 1).ok()?,
        }
    }
    Some(total + digit)
}

/// What a number counts: the nearest word before it in its clause, else the one after, else that of the brackets' owner.
fn kind_of(text: &str, start: usize, clause: &str, at: usize) -> Option<&'static str> {
    let (before, after) = (clause.get(..at)?, clause.get(at..)?);
    let nearest_before = WORDS
        .iter()
        .filter_map(|(kind, word)| Some((before.rfind(word)? + word.len(), *kind)))
        .max_by_key(|(end, _)| *end);
    let nearest_after = WORDS
        .iter()
        .filter_map(|(kind, word)| Some((after.find(word)?, *kind)))
        .min_by_key(|(begin, _)| *begin);
    match (nearest_before, nearest_after) {
        // 死亡3人失联2人 reads forward; 3人死亡2人失联 has nothing before its first number.
        (Some((_, kind)), _) | (None, Some((_, kind))) => Some(kind),
        (None, None) => bracket_owner(text, start),
    }
}

/// 死亡人数各方说法不一（医院：2人；县：3人）: the word before the bracket.
fn bracket_owner(text: &str, start: usize) -> Option<&'static str> {
    let head = text.get(..start)?;
    let open = head.rfind('（')?;
    if head.get(open..)?.contains('）') {
        return None;
    }
    let owner = head.get(..open)?;
    let owner = owner.rsplit(['，', '。', '；', '、']).next()?;
    WORDS
        .iter()
        .find(|(_, word)| owner.contains(word))
        .map(|(kind, _)| *kind)
}

/// Whether a number stands in the brackets of 各方说法不一.
fn is_disputed(text: &str, at: usize) -> bool {
    let head = text.get(..at).unwrap_or_default();
    head.rfind("说法不一（")
        .is_some_and(|open| !head.get(open..).unwrap_or_default().contains('）'))
}

/// The fact of the run in which a byte of the whole text lies.
fn fact_at(runs: &[&Run], at: usize) -> Option<String> {
    let mut start = 0;
    for run in runs {
        if (start..start + run.text.len()).contains(&at) {
            return run.fact.clone();
        }
        start += run.text.len();
    }
    None
}

/// Times that a text gives for 发生 (`occurred`) and 接报 (`received`): the last one before the word in its sentence.
pub fn times(content: &Content) -> Vec<(&'static str, String)> {
    let mut all: Vec<(&'static str, String)> = Vec::new();
    for block in content
        .blocks
        .iter()
        .filter(|block| matches!(block, Block::Paragraph { .. }))
    {
        for sentence in block.text().split(['。', '；', '\n']) {
            for (kind, word) in [
                ("occurred", "发生"),
                ("received", "接报"),
                ("received", "接到报告"),
            ] {
                let Some(at) = sentence.find(word) else { continue };
                let head = sentence.get(..at).unwrap_or_default();
                if let Some(time) = last_time(head)
                    && !all.iter().any(|(known, _)| *known == kind)
                {
                    all.push((kind, time));
                }
            }
        }
    }
    all
}

/// The last `11月24日3时12分` of a text.
fn last_time(text: &str) -> Option<String> {
    let mut found = None;
    for (at, _) in text.match_indices('月') {
        let month = tail(text.get(..at)?, |letter| letter.is_ascii_digit());
        let rest = text.get(at + '月'.len_utf8()..)?;
        let Some((day, rest)) = rest.split_once('日') else {
            continue;
        };
        let number =
            |text: &str| !text.is_empty() && text.len() <= 2 && text.bytes().all(|b| b.is_ascii_digit());
        if !number(&month) || !number(day) {
            continue;
        }
        let mut time = format!("{month}月{day}日");
        if let Some((hour, rest)) = rest.split_once('时').filter(|(hour, _)| number(hour)) {
            time.push_str(hour);
            time.push('时');
            if let Some((minute, _)) = rest.split_once('分').filter(|(minute, _)| number(minute)) {
                time.push_str(minute);
                time.push('分');
            }
        }
        found = Some(time);
    }
    found
}

/// Roles whose holders' names a paper gives.
const ROLES: [&str; 9] = [
    "现场总指挥",
    "总指挥",
    "指挥长",
    "现场指挥",
    "带班领导",
    "值班领导",
    "联系人",
    "责任人",
    "负责人",
];

/// Names after roles: 现场总指挥王建国.
pub fn people(content: &Content) -> Vec<(String, String)> {
    let text = text(content);
    let mut all = Vec::new();
    let mut taken: Vec<usize> = Vec::new();
    for role in ROLES {
        for (at, _) in text.match_indices(role) {
            if taken.iter().any(|end| *end == at + role.len()) {
                continue;
            }
            taken.push(at + role.len());
            let rest = text.get(at + role.len()..).unwrap_or_default();
            let rest = rest.trim_start_matches(['：', ':', '为', '是']);
            let name: String = rest.chars().take_while(|letter| is_han(*letter)).collect();
            if (2..=4).contains(&name.chars().count()) {
                all.push((role.to_owned(), name));
            }
        }
    }
    all
}

fn is_han(letter: char) -> bool {
    ('\u{4E00}'..='\u{9FFF}').contains(&letter)
}

/// Names of counties and banners in a text. 区 is left out: it also ends 警戒区 and 居民小区.
pub fn places(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    for (at, end) in text.match_indices(['县', '旗']) {
        let head = text.get(..at).unwrap_or_default();
        let name = tail(head, |letter| {
            is_han(letter) && !"在于至和与由向市某各地县旗区为".contains(letter)
        });
        if (2..=5).contains(&name.chars().count()) {
            all.push(format!("{name}{end}"));
        }
    }
    all.sort();
    all.dedup();
    all
}
