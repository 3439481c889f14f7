//! What else a text tells: magnitude, cause, unit.

use crate::sentences::{Sentence, patterns};
use crate::span::Found;
use crate::text::{Text, part};

patterns! {
    MAGNITUDE = "(?:发生|M)(?:了)?(\\d)(?:\\.(\\d))?级(?:左右)?地震|(\\d)\\.(\\d)级";
    CAUSE = concat!(
        "(?:原因(?:初步)?(?:认定|判断|判定|分析|怀疑|系|为|是)(?:为|系|是|因)?|(?:初步)?(?:调查|判断|判定|核实|认定|了解|怀疑|查明),?(?:系|为|是|因)|疑(?:似)?(?:因|为|系)|",
        "(?:^|,|事故)系(?:因|由)?|(?:^|,)因|由于|受)([^,。;:]{3,40}?)(?:引发|引起|所致|导致|造成|(?:的)?影响|,|。|;|$)"
    );
    UNKNOWN = "调查|核查|不明|进一步|核实|正在";
    UNIT = "([\\p{Han}A-Za-z()]{2,24}?(?:有限责任公司|股份有限公司|有限公司|集团公司|煤矿|金矿|铁矿|铜矿|化工厂|板材厂|家具厂|砖厂|纺织厂|电厂|钢厂|学院|中学|小学|幼儿园|医院|养老院|酒店|宾馆|商场|超市))";
    NOT_UNIT = "送往|转往|送到|送至|救治|保险|维保|制造";
}

/// Magnitude of an earthquake, in tenths.
pub(crate) fn magnitude_tenths(digits: &str) -> Option<u32> {
    if !digits.contains("地震") {
        return None;
    }
    let found = MAGNITUDE.captures(digits)?;
    let whole: u32 = found.get(1).or(found.get(3))?.as_str().parse().ok()?;
    let tenth = found
        .get(2)
        .or(found.get(4))
        .and_then(|m| m.as_str().parse::<u32>().ok());
    Some(whole * 10 + tenth.unwrap_or_default())
}

/// The words that tell the cause; that it is still being looked into is no cause.
pub(crate) fn cause(text: &Text, sentences: &[Sentence]) -> Option<Found<String>> {
    for sentence in sentences.iter().filter(|s| !s.background) {
        for captures in CAUSE.captures_iter(part(&text.digits, sentence.range.clone())) {
            let Some(told) = captures.get(1).filter(|told| !UNKNOWN.is_match(told.as_str())) else {
                continue;
            };
            let range = sentence.range.start + told.start()..sentence.range.start + told.end();
            let words = text.words(&range);
            return Some(Found {
                value: words.clone(),
                span: text.span(&range),
                words,
                confidence: 60,
            });
        }
    }
    None
}

/// The company, mine or school it happened in.
pub(crate) fn unit(text: &Text, sentences: &[Sentence]) -> Option<Found<String>> {
    for sentence in sentences.iter().take(4).filter(|s| !s.background) {
        for clause in &sentence.clauses {
            let words = part(&text.digits, clause.clone());
            let Some(told) = UNIT.captures(words).and_then(|c| c.get(1)) else {
                continue;
            };
            if NOT_UNIT.is_match(words) {
                continue;
            }
            // The address before it is the place's part.
            let name = told.as_str();
            let cut = name
                .rfind(['市', '县', '区', '旗', '镇', '乡', '村'])
                .map_or(0, |at| at + '市'.len_utf8());
            let start = clause.start + told.start() + if cut + 6 < name.len() { cut } else { 0 };
            let range = start..clause.start + told.end();
            let words = text.words(&range);
            return Some(Found {
                value: words.clone(),
                span: text.span(&range),
                words,
                confidence: 65,
            });
        }
    }
    None
}
