//! Understanding the text of a call or a report: what happened, where, when, to how many.
//!
//! No language model, no network: the text is cleaned, cut into sentences, and read by a grammar of times, places and
//! counted people. Every value carries the span of text it came from. What the text does not say is absent, never 0;
//! only words such as 无人员伤亡 make a 0.
//!
//! - [`extract`] reads one text with a [`Gazetteer`] and, when known, the instant it was received.
//! - [`Reading`] is what it found; the grade that the law computes from it is `anlan-law`'s part.

mod about;
mod casualty;
mod english;
mod event;
mod grade;
mod numerals;
mod place;
mod row;
mod sentences;
mod span;
mod text;
mod time;

pub use casualty::Casualties;
pub use event::EventType;
pub use grade::Grade;
use jiff::civil::DateTime;
pub use place::Gazetteer;
pub use row::Row;
use serde::Serialize;
pub use span::{Found, Span};
pub use time::{Moment, Precision};

/// What a text says.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Reading {
    /// What kind of event.
    pub event_type: Option<Found<EventType>>,
    /// Where, in the words of the text.
    pub place: Option<Found<String>>,
    /// When it happened.
    pub occurred: Option<Found<Moment>>,
    /// To how many people.
    pub casualties: Casualties,
    /// Magnitude of an earthquake, in tenths.
    pub magnitude_tenths: Option<u32>,
    /// What the event was caused by, in the words of the text.
    pub cause: Option<Found<String>>,
    /// The unit it happened in, in the words of the text.
    pub unit: Option<Found<String>>,
    /// The grade that the text states.
    pub stated_grade: Option<Found<Grade>>,
    /// An exercise, not an event: nothing else is read.
    pub drill: bool,
}

/// Texts that reach most of the grammar.
const SAMPLES: [&str; 4] = [
    "2026年11月24日7时40分许,内蒙古呼和浩特市玉泉区民和花园3号楼发生燃气爆炸,造成2人死亡,另有5人受伤(其中2人重伤),3人失联,已救出被困人员4人,疏散群众300余人。事故原因初步认定为管道泄漏引发。初判为一般事故。",
    "昨晚11时许 武川县哈乐镇 一民房着火 埋2人 挖出1人已死 司机王某当场死亡 老两口拉县医院了 里面还有一",
    "截至24日18时,G6京藏高速K512+300处追尾事故死亡人数由8人上升至11人,后伤员经抢救无效死亡,其余2人正在搜救,无其他人员伤亡。",
    "A gas explosion killed 3 people and injured 14 others on November 22, 2021 at 7:40 a.m.; 2 people are missing.",
];

/// Compiles the patterns and fills their caches, so that the first text is read as fast as the others.
pub fn warm() {
    let gazetteer = Gazetteer::default();
    let received = DateTime::constant(2026, 11, 24, 8, 0, 0, 0);
    for sample in SAMPLES {
        extract(sample, Some(received), &gazetteer);
    }
}

/// [`warm`] for a server: the caches of patterns are kept apart in eight by thread, so eight threads fill them in turn.
pub fn warm_for_threads() {
    for _ in 0..8 {
        std::thread::scope(|scope| {
            scope.spawn(warm);
        });
    }
}

/// Reads a text; `received` resolves 昨晚 and missing years. Of a very long text only the beginning is read.
pub fn extract(original: &str, received: Option<DateTime>, gazetteer: &Gazetteer) -> Reading {
    let text = text::Text::new(original);
    if english::is_english(&text.digits) {
        return Reading {
            casualties: english::casualties(&text),
            occurred: english::occurred(&text),
            ..Reading::default()
        };
    }
    let sentences = sentences::sentences(&text.digits);
    if event::is_drill(&text.digits) {
        return Reading {
            drill: true,
            ..Reading::default()
        };
    }
    let expressions = time::scan(&text.digits);
    let occurred = time::occurred(&text.digits, &sentences, &expressions, received);
    let at = occurred.as_ref().and_then(|(_, expression, _)| {
        let inside = |s: &sentences::Sentence| s.range.contains(&expression.range.start);
        let sentence = sentences.iter().position(inside)?;
        Some((sentence, expression.range.end))
    });
    let event_type = event::event_type(&text, &sentences, at.map(|(sentence, _)| sentence));
    let disease = event_type
        .as_ref()
        .is_some_and(|found| found.value.class.starts_with("301"));
    Reading {
        place: place::place(&text, &sentences, at, gazetteer),
        casualties: if event::is_template(&text.digits) {
            Casualties::default()
        } else {
            casualty::casualties(&text, &sentences).of(disease)
        },
        event_type,
        stated_grade: grade::stated(&text, &sentences),
        occurred: occurred.map(|(value, expression, confidence)| Found {
            value,
            span: text.span(&expression.range),
            words: text.words(&expression.range),
            confidence,
        }),
        magnitude_tenths: about::magnitude_tenths(&text.digits),
        cause: about::cause(&text, &sentences),
        unit: about::unit(&text, &sentences),
        drill: false,
    }
}
