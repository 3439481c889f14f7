//! The grade of an event: what the text states. What the law computes from the figures is the law's part.

use serde::Serialize;

use crate::sentences::{Sentence, patterns};
use crate::span::Found;
use crate::text::{Text, part};

patterns! {
    STATED = "(特别重大|重大|较大|一般)(?:级)?(?:的)?[^,。;、\\d]{0,14}?(?:事故|事件|灾害|火灾|灾情|险情|责任事故|疫情)";
    CLASS = "(?:达到|属于?|构成|定性为|初判为|认定为|等级为|级别为|界定为|系)[^,。;]{0,10}?([ⅠⅡⅢⅣ]|I{1,3}V?|IV|1|2|3|4|一|二|三|四)级[^,。;响预]{0,10}";
    NOT_THIS = "响应|预警|应急预案|预防|防范|遏制|杜绝|隐患|财产损失|影响|指示|批示|督办|典型";
}

/// Grade of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Grade {
    /// Ⅳ.
    #[serde(rename = "一般")]
    Ordinary,
    /// Ⅲ.
    #[serde(rename = "较大")]
    Larger,
    /// Ⅱ.
    #[serde(rename = "重大")]
    Major,
    /// Ⅰ.
    #[serde(rename = "特别重大")]
    ExtraordinarilyMajor,
}

impl Grade {
    /// The word of the law.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ordinary => "一般",
            Self::Larger => "较大",
            Self::Major => "重大",
            Self::ExtraordinarilyMajor => "特别重大",
        }
    }

    /// Reads the word of the law or its numeral.
    pub fn of(word: &str) -> Option<Self> {
        Some(match word {
            "特别重大" | "Ⅰ" | "I" | "1" | "一" => Self::ExtraordinarilyMajor,
            "重大" | "Ⅱ" | "II" | "2" | "二" => Self::Major,
            "较大" | "Ⅲ" | "III" | "3" | "三" => Self::Larger,
            "一般" | "Ⅳ" | "IV" | "4" | "四" => Self::Ordinary,
            _ => return None,
        })
    }
}

/// The grade the text states; levels of response and of warning are other scales.
pub(crate) fn stated(text: &Text, sentences: &[Sentence]) -> Option<Found<Grade>> {
    for sentence in sentences.iter().filter(|s| !s.background) {
        for clause in &sentence.clauses {
            let words = part(&text.digits, clause.clone());
            let told = STATED.captures(words).or_else(|| CLASS.captures(words));
            let Some(captures) = told else { continue };
            let (Some(whole), Some(grade)) = (captures.get(0), captures.get(1)) else {
                continue;
            };
            let ahead = part(words, 0..whole.start());
            let near: String = ahead
                .chars()
                .rev()
                .take(10)
                .collect::<String>()
                .chars()
                .rev()
                .collect();
            if NOT_THIS.is_match(whole.as_str()) || NOT_THIS.is_match(&near) || near.ends_with('非') {
                continue;
            }
            if let Some(value) = Grade::of(grade.as_str()) {
                let range = clause.start + whole.start()..clause.start + whole.end();
                return Some(Found {
                    value,
                    span: text.span(&range),
                    words: text.words(&range),
                    confidence: 90,
                });
            }
        }
    }
    None
}
