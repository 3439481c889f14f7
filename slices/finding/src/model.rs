//! What a finding is, and the one fold by which facts change it.

use anlan_findings::FindingKind;
use anlan_foundation::Timestamp;
use anlan_incident::UnitRef;
use anlan_incident::facts::IncidentRef;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::facts::{Fact, Found};

/// When and by whom a fact was recorded.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// Position in the ledger.
    pub position: u64,
    /// Recording time.
    pub at: Timestamp,
    /// Name of whoever acted.
    pub by: String,
}

/// How far a finding has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = FindingState)]
pub enum State {
    /// 待申辩.
    #[default]
    Open,
    /// 已申辩, waits for a verdict.
    Replied,
    /// 逾期未申辩, waits for a verdict.
    NoReply,
    /// 成立.
    Upheld,
    /// 不成立.
    Unfounded,
    /// 情有可原.
    Excused,
    /// 已撤销: the facts no longer show it.
    Lifted,
}

impl State {
    /// The word in the tables and on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Replied => "replied",
            Self::NoReply => "no_reply",
            Self::Upheld => "upheld",
            Self::Unfounded => "unfounded",
            Self::Excused => "excused",
            Self::Lifted => "lifted",
        }
    }

    /// Whether a person has decided.
    pub const fn is_judged(self) -> bool {
        matches!(self, Self::Upheld | Self::Unfounded | Self::Excused)
    }

    /// Whether a verdict may be given.
    pub const fn awaits_verdict(self) -> bool {
        matches!(self, Self::Replied | Self::NoReply)
    }
}

/// A reply of the unit concerned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = FindingReply)]
pub struct Reply {
    /// In words.
    pub text: String,
    /// The unit.
    pub unit: UnitRef,
    /// Whether the time was over.
    pub late: bool,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: String,
}

/// A named person's decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = FindingVerdict)]
pub struct Verdict {
    /// `upheld`, `unfounded` or `excused`.
    #[serde(rename = "verdict")]
    pub outcome: String,
    /// Why.
    pub reason: String,
    /// For which unit.
    pub unit: UnitRef,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: String,
}

/// A finding: the sum of its facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = FindingShown)]
pub struct Finding {
    /// Id.
    pub id: String,
    /// How far it has come.
    pub state: State,
    /// The incident.
    pub incident: IncidentRef,
    /// Title of the incident.
    pub title: String,
    /// Division of the incident.
    pub division: String,
    /// The unit concerned.
    pub unit: UnitRef,
    /// What is suspected: `late`, `omitted`, `understated`, `back_dated` or `edited_down`.
    #[schema(value_type = String)]
    pub kind: FindingKind,
    /// What was found.
    #[serde(flatten)]
    pub found: Found,
    /// When it was first found.
    pub raised_at: Timestamp,
    /// When what was found last changed.
    pub changed_at: Timestamp,
    /// Until when the unit may reply.
    pub reply_due_at: Timestamp,
    /// Replies, the first first.
    pub replies: Vec<Reply>,
    /// The verdict.
    pub verdict: Option<Verdict>,
    /// Position of the newest fact.
    pub position: u64,
    /// Number of facts.
    pub version: u64,
}

impl Finding {
    /// Folds one fact in; the first must be the suspicion itself. The same function serves the tables and a rebuild.
    pub fn fold(known: Option<Self>, id: &str, fact: &Fact, recorded: &Recorded) -> Option<Self> {
        let mut finding = match (known, fact) {
            (Some(known), _) => known,
            (None, Fact::Suspected(first)) => Self {
                id: id.to_owned(),
                state: State::Open,
                incident: first.incident.clone(),
                title: first.title.clone(),
                division: first.division.clone(),
                unit: first.unit.clone(),
                kind: first.kind,
                found: first.found.clone(),
                raised_at: recorded.at,
                changed_at: recorded.at,
                reply_due_at: first.reply_due_at,
                replies: Vec::new(),
                verdict: None,
                position: 0,
                version: 0,
            },
            (None, _) => return None,
        };
        finding.apply(fact, recorded);
        finding.position = recorded.position;
        finding.version += 1;
        Some(finding)
    }

    fn apply(&mut self, fact: &Fact, recorded: &Recorded) {
        match fact {
            Fact::Suspected(again) => {
                self.found.clone_from(&again.found);
                self.title.clone_from(&again.title);
                self.reply_due_at = again.reply_due_at;
                self.changed_at = recorded.at;
                self.state = State::Open;
            }
            Fact::Recomputed(now) => {
                self.found.clone_from(&now.found);
                self.changed_at = recorded.at;
            }
            Fact::Lifted(_) => {
                self.changed_at = recorded.at;
                self.state = State::Lifted;
            }
            Fact::Replied(reply) => {
                self.replies.push(Reply {
                    text: reply.text.clone(),
                    unit: reply.unit.clone(),
                    late: reply.late,
                    at: recorded.at,
                    by: recorded.by.clone(),
                });
                self.state = State::Replied;
            }
            Fact::ReplyMissed(_) => {
                if self.state == State::Open {
                    self.state = State::NoReply;
                }
            }
            Fact::Judged(judged) => {
                self.verdict = Some(Verdict {
                    outcome: judged.verdict.clone(),
                    reason: judged.reason.clone(),
                    unit: judged.unit.clone(),
                    at: recorded.at,
                    by: recorded.by.clone(),
                });
                self.state = match judged.verdict.as_str() {
                    "upheld" => State::Upheld,
                    "excused" => State::Excused,
                    _ => State::Unfounded,
                };
            }
            Fact::PackTaken(_) => {}
        }
    }

    /// When the time for a reply ends, while one is awaited.
    pub fn next_at(&self) -> Option<Timestamp> {
        (self.state == State::Open).then_some(self.reply_due_at)
    }
}
