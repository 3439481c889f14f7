//! What kind of event: weighted words, those right after 发生 first.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;
use serde::{Deserialize, Serialize};

use crate::sentences::{Sentence, pattern, patterns};
use crate::span::Found;
use crate::text::{Text, part};

const TABLE: &str = include_str!("../data/event-types.toml");

/// The type of an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EventType {
    /// Name, as reports have it: 燃气爆炸, 地质灾害(滑坡).
    pub name: String,
    /// Code of the table of event classes.
    pub class: String,
    /// Beginning of the ids of the rules that grade it.
    pub graded_by: Option<String>,
    /// The class those rules are asked with.
    pub law_class: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(rename = "type")]
    types: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: String,
    class: String,
    graded_by: Option<String>,
    law_class: Option<String>,
    cues: Vec<(String, u32)>,
    needs: Option<String>,
    never: Option<String>,
}

struct Known {
    kind: EventType,
    cues: Vec<(Regex, u32)>,
    needs: Option<Regex>,
    never: Option<Regex>,
}

static KNOWN: LazyLock<Vec<Known>> = LazyLock::new(|| {
    let table: Table = toml::from_str(TABLE).expect("the table of event types is fixed and tested");
    let known = |row: Row| Known {
        kind: EventType {
            name: row.name,
            law_class: row.law_class.unwrap_or_else(|| row.class.clone()),
            class: row.class,
            graded_by: row.graded_by,
        },
        cues: row
            .cues
            .iter()
            .map(|(cue, weight)| (pattern(cue), *weight))
            .collect(),
        needs: row.needs.as_deref().map(pattern),
        never: row.never.as_deref().map(pattern),
    };
    table.types.into_iter().map(known).collect()
});

patterns! {
    HEAD = "(?:发生|突发|暴发|爆发|遭遇|遭受|遭|出现|确诊|突然|引发)(?:了)?[^,。;]{0,40}";
    DRILL = "演练|桌面推演|模拟(?:一|演练|场景|某)|应急演习|参演";
    BLANK = "(?:X|×|x){1,4}(?:年|月|日|时|分|省|市|县|区|镇|乡|村|路|人|栋|号|某|万元)";
    NAMED_DISEASE = "鼠疫|诺如病毒|登革热|霍乱|炭疽|手足口病|手足口|流感|甲流|布鲁氏菌病|布病|新冠肺炎|新型冠状病毒|麻疹|水痘|猴痘|基孔肯雅热|出血热|肺结核|狂犬病|痢疾|伤寒|甲肝|流脑|乙脑|百日咳|疟疾|猩红热|腮腺炎";
    NAMED_PLAGUE = "非洲猪瘟|禽流感|口蹄疫|小反刍兽疫|牛结节性皮肤病|猪瘟|羊痘|新城疫";
    NAMED_POLLUTION = "水污染|水体|水质|河|水源|江|断面|饮用水|湖";
    NAMED_AIR = "大气|废气|异味|恶臭|气味|刺鼻";
}

/// A text about an exercise tells of no event.
pub(crate) fn is_drill(digits: &str) -> bool {
    DRILL.find_iter(digits).count() >= 2
}

/// A template with blanks to be filled in tells of nobody.
pub(crate) fn is_template(digits: &str) -> bool {
    BLANK.find_iter(digits).count() >= 3
}

/// Finds the type; `occurrence` is the sentence that tells when it happened.
pub(crate) fn event_type(
    text: &Text,
    sentences: &[Sentence],
    occurrence: Option<usize>,
) -> Option<Found<EventType>> {
    let digits = text.digits.as_str();
    let mut scored: Vec<(u32, Range<usize>, &Known)> = KNOWN
        .iter()
        .filter(|known| known.needs.as_ref().is_none_or(|needs| needs.is_match(digits)))
        .filter(|known| known.never.as_ref().is_none_or(|never| !never.is_match(digits)))
        .filter_map(|known| {
            let (score, range) = score(digits, sentences, occurrence, known)?;
            Some((score, range, known))
        })
        .collect();
    scored.sort_by_key(|(score, _, _)| std::cmp::Reverse(*score));
    let (best, range, known) = scored.first()?;
    let second = scored.get(1).map_or(0, |(score, _, _)| *score);
    let margin = (best - second).min(10);
    let confidence = u8::try_from(70 + margin * 3).unwrap_or(90).min(97);
    Some(Found {
        value: EventType {
            name: full_name(&known.kind.name, digits),
            ..known.kind.clone()
        },
        span: text.span(range),
        words: text.words(range),
        confidence: if *best < 6 { confidence.min(55) } else { confidence },
    })
}

fn score(
    digits: &str,
    sentences: &[Sentence],
    occurrence: Option<usize>,
    known: &Known,
) -> Option<(u32, Range<usize>)> {
    let mut total = 0;
    let mut best: Option<(u32, Range<usize>)> = None;
    for (cue, weight) in &known.cues {
        let mut most = 0;
        for (number, sentence) in sentences.iter().enumerate().filter(|(_, s)| !s.background) {
            let words = part(digits, sentence.range.clone());
            let Some(found) = cue
                .find_iter(words)
                .find(|found| !bracketed(words, found.start()))
            else {
                continue;
            };
            let head = HEAD
                .find_iter(words)
                .any(|head| head.end() > found.start() && head.start() < found.end());
            let here = match (head, number, Some(number) == occurrence) {
                (true, _, true) => 4,
                (true, 0 | 1, _) => 3,
                (_, _, true) | (true, _, _) | (_, 0 | 1, _) => 2,
                _ => 1,
            };
            if here * weight > most {
                most = here * weight;
                if best.as_ref().is_none_or(|(value, _)| most > *value) {
                    best = Some((
                        most,
                        sentence.range.start + found.start()..sentence.range.start + found.end(),
                    ));
                }
            }
        }
        total += most;
    }
    best.map(|(_, range)| (total, range))
}

/// Words in brackets tell details.
fn bracketed(words: &str, at: usize) -> bool {
    let ahead = part(words, 0..at);
    ahead.matches('(').count() > ahead.matches(')').count()
}

/// Diseases and polluted things are named in brackets.
fn full_name(name: &str, digits: &str) -> String {
    let named = |pattern: &Regex| pattern.find(digits).map(|found| found.as_str().to_owned());
    let what = match name {
        "传染病疫情" => named(&NAMED_DISEASE).map(|disease| match disease.as_str() {
            "布病" => "布鲁氏菌病".to_owned(),
            _ => disease,
        }),
        "动物疫情" => named(&NAMED_PLAGUE),
        "环境污染" if NAMED_POLLUTION.is_match(digits) => Some("水污染".to_owned()),
        "环境污染" if NAMED_AIR.is_match(digits) => Some("大气污染".to_owned()),
        _ => None,
    };
    what.map_or_else(|| name.to_owned(), |what| format!("{name}({what})"))
}
