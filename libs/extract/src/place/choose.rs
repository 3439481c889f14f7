//! The place of the occurrence among all addresses.

use std::ops::Range;

use super::candidate::{self, Candidate};
use super::gazetteer::{Gazetteer, Level};
use crate::sentences::{Sentence, patterns};
use crate::span::{Found, Span};
use crate::text::{Text, part};

patterns! {
    OPENS = "位于|行驶至|行驶到|驶至|行至|驶经|途经|地点[为在:]|发生在|发生于|家住|行驶在|在|于|我是|俺是|由南向北|事发|致使|沿|造成|从|报|至|以来,?";
    HAPPENS = "^[^,。]{0,30}?(?:发生|突发|突然|暴发|爆发|起火|着火|失火|着了|大火|爆炸|爆燃|闪爆|燃爆|坍塌|倒塌|垮塌|塌|溃|撞|追尾|侧翻|翻|坠|遭|出现|泄|漏|漫|断|停|溺|落水|登陆|死|伤|被困|失|砸|触电|卷入|聚集|踩踏|跳闸|呕吐|腹泻|确诊|因|降|刮|吹|掀|困|停|受灾|洪|污染|异常|在|烧)";
    KILOMETRE = "\\d公里|K\\d+|\\d(?:KM|km|Km)";
    NO_PLACE = "医院|消防|学院|大学|指挥|公安|中心|政府|局|站$|医学|会议";
    WEATHER = "预警|预报|预计|气象台|提醒|呼吁|要求|开展|部署|赶赴|派出|调派|送往|转院|前往|医院";
}

/// Finds the place. `after` is where the time of the occurrence ends, `at` its sentence.
pub(crate) fn place(
    text: &Text,
    sentences: &[Sentence],
    occurrence: Option<(usize, usize)>,
    gazetteer: &Gazetteer,
) -> Option<Found<String>> {
    let digits = text.digits.as_str();
    let mut best: Option<(i32, Candidate)> = None;
    for (number, sentence) in sentences.iter().enumerate().take(12) {
        for (start, bonus) in starts(digits, sentence, gazetteer, occurrence) {
            let Some(candidate) = candidate::read(digits, start, sentence.range.end, gazetteer) else {
                continue;
            };
            let score =
                bonus + candidate.weight + standing(digits, sentences, (number, occurrence), &candidate);
            if best.as_ref().is_none_or(|(value, _)| score > *value) {
                best = Some((score, candidate));
            }
        }
    }
    let (score, candidate) = best.filter(|(score, found)| *score >= 5 || *score >= 2 && found.weight >= 2)?;
    let candidate = extended(digits, sentences, gazetteer, candidate);
    Some(found(text, sentences, &candidate, score, gazetteer))
}

/// A later sentence may tell the same place more exactly: 巴彦淖尔市, then 巴彦淖尔市乌拉特后旗.
fn extended(digits: &str, sentences: &[Sentence], gazetteer: &Gazetteer, short: Candidate) -> Candidate {
    let words = part(digits, short.range.clone());
    let wide =
        words.ends_with(['省', '市', '区', '县', '旗', '盟', '州', '镇']) || words.chars().count() <= 3;
    if !wide {
        return short;
    }
    let told = sentences.iter().take(4).filter(|sentence| !sentence.background);
    let longer = told.flat_map(|sentence| {
        let found = part(digits, sentence.range.clone()).match_indices(words);
        found.map(|(at, _)| (sentence.range.start + at, sentence.range.end))
    });
    longer
        .filter_map(|(start, limit)| candidate::read(digits, start, limit, gazetteer))
        .filter(|longer| {
            let rest = part(digits, longer.range.clone())
                .strip_prefix(words)
                .unwrap_or_default();
            !rest.is_empty() && !NO_PLACE.is_match(rest)
        })
        .max_by_key(|longer| longer.weight)
        .filter(|longer| longer.weight > short.weight)
        .unwrap_or(short)
}

/// Where an address may begin in a sentence, with a bonus.
fn starts(
    digits: &str,
    sentence: &Sentence,
    gazetteer: &Gazetteer,
    occurrence: Option<(usize, usize)>,
) -> Vec<(usize, i32)> {
    let mut starts: Vec<(usize, i32)> = sentence.clauses.iter().map(|clause| (clause.start, 0)).collect();
    if let Some((_, after)) = occurrence.filter(|(_, after)| sentence.range.contains(after)) {
        starts.push((after, 5));
    }
    let words = part(digits, sentence.range.clone());
    for opens in OPENS.find_iter(words) {
        let bonus = match opens.as_str() {
            words if words.contains('驶') || words.contains("行至") => 7,
            words if words.chars().count() > 1 => 2,
            _ => 0,
        };
        starts.push((sentence.range.start + opens.end(), bonus));
    }
    let mut at = 0;
    while at < words.len() {
        let rest = part(words, at..words.len());
        match gazetteer.begins(rest) {
            // 小黑河 is no 黑河.
            Some((length, _)) if length <= 6 && part(words, 0..at).ends_with(['小', '大']) => at += length,
            Some((length, level)) if level != Level::ShortCounty => {
                starts.push((sentence.range.start + at, 0));
                at += length;
            }
            _ => at += rest.chars().next().map_or(1, char::len_utf8),
        }
    }
    starts
}

/// What the surroundings of an address say.
fn standing(
    digits: &str,
    sentences: &[Sentence],
    (number, occurrence): (usize, Option<(usize, usize)>),
    candidate: &Candidate,
) -> i32 {
    let Some(sentence) = sentences.get(number) else {
        return 0;
    };
    let after = part(digits, candidate.range.end..sentence.range.end);
    let mut score = 0;
    if KILOMETRE.is_match(part(digits, candidate.range.clone())) {
        score += 4;
    }
    if HAPPENS.is_match(after) {
        score += 5;
    }
    match occurrence {
        Some((at, _)) if at == number => score += 6,
        Some((_, time)) if candidate.range.start >= time => score += 1,
        _ => {}
    }
    if sentence.background {
        score -= 15;
    }
    let clause = sentence
        .clauses
        .iter()
        .find(|clause| clause.contains(&candidate.range.start))
        .map_or("", |clause| part(digits, clause.clone()));
    if WEATHER.is_match(clause) {
        score -= 6;
    }
    score - i32::try_from(number).unwrap_or(12)
}

fn found(
    text: &Text,
    sentences: &[Sentence],
    candidate: &Candidate,
    score: i32,
    gazetteer: &Gazetteer,
) -> Found<String> {
    let words = text.words(&candidate.range);
    let span: Span = text.span(&candidate.range);
    let context = context(text, sentences, candidate, gazetteer);
    let address = words
        .replace("境内的", "")
        .replace("内的", "")
        .replace("辖区", "")
        .replace(',', "");
    let value = match &context {
        Some(range) => format!("{}{address}", text.words(range)),
        None => address,
    };
    let certainty = (55 + score).clamp(40, 95);
    Found {
        value,
        span,
        words,
        confidence: u8::try_from(certainty).unwrap_or(50),
    }
}

patterns! {
    MUNICIPALITY = "重庆市|北京市|上海市|天津市";
    HIGHWAY = "高速|国道|省道|铁路|长江|黄河|海域|[GS]\\d+";
}

/// 海丰县消防救援大队…:海城镇…: an address that begins below the county borrows the county from the office before it.
fn context(
    text: &Text,
    sentences: &[Sentence],
    candidate: &Candidate,
    gazetteer: &Gazetteer,
) -> Option<Range<usize>> {
    let digits = text.digits.as_str();
    let words = part(digits, candidate.range.clone());
    let local = candidate.widest.is_none_or(|level| level >= Level::Local);
    let county = candidate.widest.is_some_and(|level| level >= Level::County);
    if county && let Some(municipality) = MUNICIPALITY.find(part(digits, 0..candidate.range.start)) {
        return Some(municipality.range());
    }
    if let Some(city) = city_before(digits, candidate, gazetteer) {
        return Some(city);
    }
    if !local || HIGHWAY.is_match(words) {
        return None;
    }
    let first = sentences.first()?.range.start;
    let mut before: Option<Range<usize>> = None;
    let mut at = first;
    while at < candidate.range.start {
        let rest = part(digits, at..candidate.range.start);
        match gazetteer.begins(rest) {
            Some((length, Level::City | Level::County)) => {
                let joined = before.as_ref().is_some_and(|range| range.end == at);
                before = Some(
                    if joined {
                        before.map_or(at, |r| r.start)
                    } else {
                        at
                    }..at + length,
                );
                at += length;
            }
            _ => at += rest.chars().next().map_or(1, char::len_utf8),
        }
    }
    before.filter(|range| part(digits, range.clone()).ends_with(['县', '市', '区', '旗']))
}

/// 呼和浩特市防汛办…赛罕区: the city whose office speaks, when the address begins with a county of it.
fn city_before(digits: &str, candidate: &Candidate, gazetteer: &Gazetteer) -> Option<Range<usize>> {
    let words = part(digits, candidate.range.clone());
    let (length, level) = gazetteer.begins(words)?;
    let city = gazetteer
        .city_of(part(words, 0..length))
        .filter(|_| level == Level::County)?;
    let before = part(digits, 0..candidate.range.start);
    let at = before.rfind(city)?;
    Some(at..at + city.len())
}
