//! People: how many died, were injured, are missing, trapped, evacuated.
//!
//! Mentions ([`mention`]) are read one by one, words that say "none" make zeros ([`zero`]), and [`resolve`] decides what
//! stands at the end: totals and parts, figures that a later sentence renews, people named instead of counted.

mod fate;
mod figure;
mod mention;
mod named;
mod resolve;
mod zero;

use serde::Serialize;

use crate::sentences::Sentence;
use crate::span::Found;
use crate::text::Text;

/// What happened to people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    Deaths,
    Missing,
    Serious,
    Minor,
    Injured,
    Trapped,
    Evacuated,
    Rescued,
    /// Dead or missing in one figure: cannot be told apart.
    Joint,
}

/// The people of an event; what the text does not say is absent.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Casualties {
    /// 死亡.
    pub deaths: Option<Found<u32>>,
    /// 受伤, the seriously injured among them.
    pub injured: Option<Found<u32>>,
    /// 重伤.
    pub seriously_injured: Option<Found<u32>>,
    /// 失踪、失联.
    pub missing: Option<Found<u32>>,
    /// 被困, as last said.
    pub trapped: Option<Found<u32>>,
    /// 疏散、转移.
    pub evacuated: Option<Found<u32>>,
    /// Words whose figure cannot be right, for somebody to check.
    pub implausible: Vec<Found<u64>>,
}

impl Casualties {
    /// The sick of an epidemic are cases, not injured people.
    pub(crate) fn of(mut self, disease: bool) -> Self {
        if disease {
            self.injured = self.injured.filter(|found| {
                ["伤", "吐", "泻", "医", "诊"]
                    .iter()
                    .any(|word| found.words.contains(word))
            });
        }
        self
    }
}

/// Reads the people of a text.
pub(crate) fn casualties(text: &Text, sentences: &[Sentence]) -> Casualties {
    let scan = mention::scan(text, sentences);
    let zeros = zero::zeros(&text.digits, sentences);
    resolve::resolve(text, sentences, &scan, &zeros)
}
