//! The ledger facts of an incident.

mod chain;
mod statements;
mod steps;

use serde::{Deserialize, Serialize};

pub use chain::{
    Absorbed, DeadlineNoticed, FigureDecided, IncidentRef, MergedInto, OwedMore, Recipient, SplitOff,
    WatchSet, ZeroReported,
};
pub use statements::{
    Alarm, Attachment, CONFIDENCES, CasualtyStated, Happened, Owed, PRECISIONS, Point, RuleRef, TimeStated,
};
pub use steps::{
    Acknowledged, Attached, CallAdded, CallerRevealed, Change, Closed, DeadlinePassed, Enquired, FollowedUp,
    Graded, LearnedStated, Received, ReportedFigure, ReportedUp, Serial, Verified,
};

macro_rules! facts {
    ($($name:ident = $kind:literal),+ $(,)?) => {
        /// Everything that can happen to an incident.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Fact {
            $(#[doc = concat!("See [`", stringify!($name), "`].")] $name(Box<$name>),)+
        }

        impl Fact {
            /// The versioned kind under which the fact stands in the ledger.
            pub const fn kind(&self) -> &'static str {
                match self { $(Self::$name(_) => $kind,)+ }
            }

            /// Reads the fact of an entry; `None` for a kind this program does not know.
            pub fn read(kind: &str, body: &str) -> Result<Option<Self>, serde_json::Error> {
                Ok(Some(match kind {
                    $($kind => Self::$name(serde_json::from_str(body)?),)+
                    _ => return Ok(None),
                }))
            }
        }

        impl Serialize for Fact {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self { $(Self::$name(fact) => fact.serialize(serializer),)+ }
            }
        }

        $(impl From<$name> for Fact {
            fn from(fact: $name) -> Self {
                Self::$name(Box::new(fact))
            }
        })+
    };
}

facts! {
    Received = "incident.received.v1",
    CallAdded = "incident.call_added.v1",
    ReportedUp = "incident.reported_up.v1",
    Acknowledged = "incident.acknowledged.v1",
    Enquired = "incident.enquired.v1",
    LearnedStated = "incident.learned_stated.v1",
    Verified = "incident.verified.v1",
    FollowedUp = "incident.followed_up.v1",
    CasualtyStated = "incident.casualty_stated.v1",
    TimeStated = "incident.time_stated.v1",
    Attached = "incident.attached.v1",
    Graded = "incident.graded.v1",
    Closed = "incident.closed.v1",
    OwedMore = "incident.owed_more.v1",
    DeadlineNoticed = "incident.deadline_noticed.v1",
    DeadlinePassed = "incident.deadline_passed.v1",
    FigureDecided = "incident.figure_decided.v1",
    MergedInto = "incident.merged_into.v1",
    Absorbed = "incident.absorbed.v1",
    SplitOff = "incident.split_off.v1",
    ZeroReported = "incident.zero_reported.v1",
    WatchSet = "incident.watch_set.v1",
    CallerRevealed = "incident.caller_revealed.v1",
}

/// Whether a field can be left out of an entry.
pub(crate) fn absent<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// How a source of evidence is named within an incident, for example call 2.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Evidence {
    /// `call`, `report`, `enquiry` or `statement`.
    pub kind: String,
    /// Its number within the incident, from 1.
    pub number: u32,
}
