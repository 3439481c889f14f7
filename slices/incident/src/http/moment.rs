//! The moment a view is of: now, or as of an earlier position or instant.

use anlan_foundation::{InvalidInput, Timestamp};
use anlan_ledger::{EntryFilter, Ledger, head};
use anlan_store::Tx;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::error::IncidentError;
use crate::service::Incidents;

/// The moment to look from.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
pub struct AsOfQuery {
    /// A ledger position, or an instant; now when absent.
    pub as_of: Option<String>,
}

/// The moment a view is of, as it is shown.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AsOf {
    /// Ledger position.
    pub position: u64,
    /// The instant: what was asked for, or when the position was recorded.
    pub at: Timestamp,
}

/// The moment a view is of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    /// Ledger position; `None` is now.
    pub(crate) position: Option<u64>,
    /// By which deadlines are judged.
    pub(crate) at: Timestamp,
}

impl Moment {
    /// The earlier moment, when it is one.
    pub(crate) fn shown(&self) -> Option<AsOf> {
        self.position.map(|position| AsOf {
            position,
            at: self.at,
        })
    }
}

fn wrong(code: &'static str, expected: &str) -> IncidentError {
    InvalidInput::one("as_of", code, expected).into()
}

impl Incidents {
    /// Reads `as_of`.
    pub(crate) fn moment(&self, tx: &mut Tx<'_>, as_of: Option<&str>) -> Result<Moment, IncidentError> {
        let now = self.ledger.clock().now();
        let Some(text) = as_of.filter(|text| !text.is_empty()) else {
            return Ok(Moment {
                position: None,
                at: now,
            });
        };
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            return self.at_position(tx, text);
        }
        let at: Timestamp = text
            .parse()
            .map_err(|_| wrong("bad_format", "a ledger position or an instant"))?;
        if at > now {
            return Err(wrong("out_of_range", "an instant that has passed"));
        }
        Ok(Moment {
            position: Some(Ledger::position_at(tx, at)?),
            at,
        })
    }

    fn at_position(&self, tx: &mut Tx<'_>, text: &str) -> Result<Moment, IncidentError> {
        let (newest, _) = head(tx, self.ledger.origin())?;
        let expected = format!("a ledger position from 1 to {newest}");
        let position = text
            .parse()
            .ok()
            .filter(|position| (1..=newest).contains(position))
            .ok_or_else(|| wrong("out_of_range", &expected))?;
        let filter = EntryFilter {
            after: position - 1,
            up_to: position,
            area_before: "\u{10FFFF}".to_owned(),
            limit: 1,
            ..EntryFilter::default()
        };
        let at = anlan_ledger::entries(tx, &filter)?
            .first()
            .map(anlan_ledger::Recorded::at)
            .ok_or_else(|| wrong("out_of_range", &expected))?;
        Ok(Moment {
            position: Some(position),
            at,
        })
    }
}
