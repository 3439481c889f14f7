//! Rule packs as they are written. `docs/guides/rules.md` is the guide for those who write them.

use serde::{Deserialize, Serialize};
use toml::Spanned;

use crate::facts::Measure;
use crate::party::{Body, Party, PartyName, Place};

/// Says how far a rule is trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// Read in its source: it decides.
    Confirmed,
    /// Known at second hand: it suggests, never decides, never accuses.
    Unconfirmed,
}

/// Says what starts a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StartEvent {
    /// 发生: it happened.
    Occurred,
    /// 获悉: the unit came to know.
    Learned,
    /// 接报: the unit received a report.
    Received,
}

impl StartEvent {
    /// Gives the name that packs use.
    pub fn id(self) -> &'static str {
        match self {
            Self::Occurred => "occurred",
            Self::Learned => "learned",
            Self::Received => "received",
        }
    }
}

/// Says in what form a report is due.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// Any form.
    #[default]
    Any,
    /// By word of mouth, usually by telephone.
    Oral,
    /// In writing.
    Written,
}

/// Says how strongly one body may move another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Power {
    /// 通报、通知: may tell.
    Notify,
    /// 请求、商请: may ask; the other decides.
    Request,
    /// 命令、调动: may order; the other obeys.
    Order,
}

/// A phase of dealing with an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// 预防与应急准备.
    Prevention,
    /// 监测与预警.
    Warning,
    /// 应急处置与救援.
    Response,
    /// 事后恢复与重建.
    Recovery,
}

/// Says what an update rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UpdateKind {
    /// 补报: how long changes in casualties must be reported.
    Supplement,
    /// 续报: how often, while it lasts.
    FollowUp,
    /// 零报告: how often, although nothing is new.
    ZeroReport,
    /// 核报: when the figures must be settled.
    Settlement,
    /// 调查: when the investigation must be handed in.
    Investigation,
    /// 批复: when the investigation must be answered.
    Reply,
    /// 备案: when a plan must be filed.
    Filing,
    /// 信息发布: when the public must be told.
    Release,
}

/// One level of a scale and what leads to it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawLevel {
    pub(crate) level: Spanned<String>,
    pub(crate) name: Option<String>,
    #[serde(default)]
    pub(crate) any: Vec<Spanned<String>>,
    #[serde(default)]
    pub(crate) otherwise: bool,
}

/// Declares a kind of rule: what all rules say, and what this kind says.
macro_rules! rule {
    ($name:ident { $($(#[$attribute:meta])* $field:ident: $kind:ty,)* }) => {
        #[derive(Debug, Clone, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(crate) struct $name {
            pub(crate) id: Spanned<String>,
            pub(crate) clause: String,
            pub(crate) text: String,
            #[serde(default)]
            pub(crate) jurisdiction: String,
            pub(crate) valid_from: String,
            pub(crate) valid_to: Option<String>,
            pub(crate) confidence: Confidence,
            #[serde(default)]
            pub(crate) event_classes: Vec<String>,
            #[serde(default)]
            pub(crate) not_classes: Vec<String>,
            pub(crate) topic: Option<String>,
            pub(crate) note: Option<String>,
            $($(#[$attribute])* pub(crate) $field: $kind,)*
        }

        impl $name {
            pub(crate) fn head(&self) -> RawHead<'_> {
                RawHead {
                    id: &self.id,
                    clause: &self.clause,
                    text: &self.text,
                    jurisdiction: &self.jurisdiction,
                    valid_from: &self.valid_from,
                    valid_to: self.valid_to.as_deref(),
                    confidence: self.confidence,
                    event_classes: &self.event_classes,
                    not_classes: &self.not_classes,
                    topic: self.topic.as_deref(),
                    note: self.note.as_deref(),
                }
            }
        }
    };
}

/// What all rules say.
pub(crate) struct RawHead<'r> {
    pub(crate) id: &'r Spanned<String>,
    pub(crate) clause: &'r str,
    pub(crate) text: &'r str,
    pub(crate) jurisdiction: &'r str,
    pub(crate) valid_from: &'r str,
    pub(crate) valid_to: Option<&'r str>,
    pub(crate) confidence: Confidence,
    pub(crate) event_classes: &'r [String],
    pub(crate) not_classes: &'r [String],
    pub(crate) topic: Option<&'r str>,
    pub(crate) note: Option<&'r str>,
}

rule!(RawGrade {
    #[serde(default)]
    levels: Vec<RawLevel>,
    #[serde(default)]
    ungraded: bool,
});

rule!(RawScale {
    levels: Vec<RawLevel>,
});

rule!(RawReporting {
    from: Vec<Party>,
    to: Vec<Party>,
    #[serde(default)]
    form: Form,
    limit_minutes: Option<u32>,
    #[serde(default)]
    immediately: bool,
    #[serde(default)]
    promptly: bool,
    start_event: StartEvent,
    #[serde(default)]
    any: Vec<Spanned<String>>,
    grade_of: Option<Spanned<String>>,
    content: Option<Spanned<String>>,
    #[serde(default)]
    ladder: bool,
});

rule!(RawUpdate {
    kind: UpdateKind,
    start_event: Option<StartEvent>,
    every_minutes: Option<u32>,
    every_days: Option<u32>,
    within_minutes: Option<u32>,
    within_days: Option<u32>,
    within_working_days: Option<u32>,
    extension_days: Option<u32>,
    #[serde(default)]
    any: Vec<Spanned<String>>,
    by: Option<Party>,
});

rule!(RawAuthority {
    actors: Vec<String>,
    targets: Vec<String>,
    phases: Vec<Phase>,
    may: Option<Power>,
    #[serde(default)]
    may_not: bool,
});

rule!(RawContent {
    #[serde(rename = "for")]
    purpose: String,
    items: Vec<String>,
});

rule!(RawDuty {
    prevent: Vec<String>,
    rescue: Vec<String>,
    link: Option<String>,
});

rule!(RawFine {
    offence: String,
    rows: Vec<RawFineRow>,
});

/// A range of fines for a grade.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawFineRow {
    pub(crate) grade: Spanned<String>,
    pub(crate) from_yuan: u64,
    pub(crate) to_yuan: u64,
}

/// Public holidays of a year.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawHolidays {
    #[serde(rename = "year")]
    pub(crate) _year: i16,
    pub(crate) clause: String,
    pub(crate) confidence: Confidence,
    pub(crate) off: Vec<crate::Day>,
    #[serde(default)]
    pub(crate) worked: Vec<crate::Day>,
}

/// What a pack says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackAbout {
    /// Stable id, for example `national.493`.
    pub id: String,
    /// Title of the law or the collection.
    pub title: String,
    /// Where the text was taken from.
    #[serde(default)]
    pub source: String,
}

/// A whole pack.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawPack {
    pub(crate) pack: PackAbout,
    #[serde(default)]
    pub(crate) grade: Vec<RawGrade>,
    #[serde(default)]
    pub(crate) response: Vec<RawScale>,
    #[serde(default)]
    pub(crate) warning: Vec<RawScale>,
    #[serde(default)]
    pub(crate) reporting: Vec<RawReporting>,
    #[serde(default)]
    pub(crate) update: Vec<RawUpdate>,
    #[serde(default)]
    pub(crate) authority: Vec<RawAuthority>,
    #[serde(default)]
    pub(crate) content: Vec<RawContent>,
    #[serde(default)]
    pub(crate) duty: Vec<RawDuty>,
    #[serde(default)]
    pub(crate) fine: Vec<RawFine>,
    #[serde(default)]
    pub(crate) measure: Vec<Measure>,
    #[serde(default)]
    pub(crate) body: Vec<Body>,
    #[serde(default)]
    pub(crate) party: Vec<PartyName>,
    #[serde(default)]
    pub(crate) place: Vec<Place>,
    #[serde(default)]
    pub(crate) holiday: Vec<RawHolidays>,
}
