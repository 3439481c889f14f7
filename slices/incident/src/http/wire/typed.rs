//! Reports as they are typed.

use anlan_foundation::Timestamp;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::facts::{CasualtyStated, Point, TimeStated};
use crate::service::{Called, Taken};

/// A time as it is typed at the intake.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct TypedTime {
    /// The instant.
    pub at: Timestamp,
    /// `minute` (default), `hour`, `day` or `about`.
    pub precision: Option<String>,
    /// Who says so.
    pub source: String,
    /// `confirmed`, `reported` (default) or `doubtful`.
    pub confidence: Option<String>,
}

/// The times of an incident as they are typed at the intake.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct TypedTimes {
    /// 发生.
    pub occurred: Option<TypedTime>,
    /// 获悉.
    pub learned: Option<TypedTime>,
    /// 接报; now when absent.
    pub received: Option<TypedTime>,
}

/// Who calls.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct TypedCaller {
    /// Name; sealed.
    pub name: Option<String>,
    /// Number; sealed.
    pub phone: Option<String>,
}

/// A report as it is typed at the intake.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct NewIncident {
    /// `phone`, `web`, `api`, `message` or `sensor`.
    pub channel: Option<String>,
    /// Code of the event class.
    pub event_class: String,
    /// Title; made from place and class when absent.
    pub title: Option<String>,
    /// What was said.
    #[serde(default)]
    pub text: String,
    /// Division code.
    pub division: String,
    /// Address in words.
    pub address: Option<String>,
    /// Point on the map, CGCS2000.
    pub point: Option<Point>,
    /// Who calls.
    #[serde(default)]
    pub caller: TypedCaller,
    /// Times as stated.
    #[serde(default)]
    pub times: TypedTimes,
    /// Figures as stated.
    #[serde(default)]
    pub casualties: Vec<CasualtyStated>,
    /// Digests of photos that were sent before.
    #[serde(default)]
    pub attachments: Vec<String>,
    /// Ids of incidents that were looked at and are others.
    #[serde(default)]
    pub confirm_not_duplicate: Vec<String>,
}

/// Another call about an incident that is known already.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct NewCall {
    /// `phone`, `web`, `api`, `message` or `sensor`.
    pub channel: Option<String>,
    /// What was said.
    pub text: String,
    /// Who calls.
    #[serde(default)]
    pub caller: TypedCaller,
    /// Times as stated.
    #[serde(default)]
    pub times: TypedTimes,
    /// Figures as stated.
    #[serde(default)]
    pub casualties: Vec<CasualtyStated>,
    /// Digests of photos that were sent before.
    #[serde(default)]
    pub attachments: Vec<String>,
}

impl From<TypedTimes> for Vec<TimeStated> {
    fn from(typed: TypedTimes) -> Self {
        let all = [
            ("occurred", typed.occurred),
            ("learned", typed.learned),
            ("received", typed.received),
        ];
        let stated = |(kind, time): (&str, Option<TypedTime>)| {
            let time = time?;
            Some(TimeStated {
                kind: kind.to_owned(),
                at: time.at,
                precision: time.precision.unwrap_or_else(|| "minute".to_owned()),
                source: time.source,
                confidence: time.confidence.unwrap_or_else(|| "reported".to_owned()),
            })
        };
        all.into_iter().filter_map(stated).collect()
    }
}

impl From<NewCall> for Called {
    fn from(new: NewCall) -> Self {
        let filled = |value: Option<String>| value.filter(|value| !value.trim().is_empty());
        Self {
            channel: new.channel,
            text: new.text,
            caller_name: filled(new.caller.name),
            caller_phone: filled(new.caller.phone),
            times: new.times.into(),
            casualties: new.casualties,
            attachments: new.attachments,
        }
    }
}

impl From<NewIncident> for Taken {
    fn from(new: NewIncident) -> Self {
        let call = NewCall {
            channel: new.channel,
            text: new.text,
            caller: new.caller,
            times: new.times,
            casualties: new.casualties,
            attachments: new.attachments,
        };
        Self {
            call: call.into(),
            event_class: new.event_class,
            title: new.title,
            division: new.division,
            address: new.address,
            point: new.point,
            not_same_as: new.confirm_not_duplicate,
        }
    }
}
