//! Who called: sealed, and read whole only for a reason.

use anlan_access::Caller;
use anlan_ledger::{Sealed, Work};
use anlan_store::Tx;

use super::{Incidents, check_words, record};
use crate::error::IncidentError;
use crate::facts::CallerRevealed;

impl Incidents {
    /// Reads a caller's name and number whole, for a reason that becomes an entry.
    pub fn reveal_caller(
        &self,
        work: &mut Work<'_, '_>,
        caller: &Caller,
        id: &str,
        (call, reason): (u32, &str),
    ) -> Result<(Option<String>, Option<String>), IncidentError> {
        check_words("reason", reason, 2)?;
        let incident = self.visible(work.tx, caller, id, "incident.reveal")?;
        let mut calls = incident.calls.iter();
        let asked = calls
            .find(|known| known.number == call)
            .ok_or_else(|| IncidentError::NotFound(format!("{id}, call {call}")))?;
        let both = (
            self.opened(work.tx, asked.caller_name.as_ref())?,
            self.opened(work.tx, asked.caller_phone.as_ref())?,
        );
        let reason = reason.to_owned();
        record(work, id, &incident.division, CallerRevealed { call, reason })?;
        Ok(both)
    }

    /// A sealed value in the clear; `None` when there is none or its key was destroyed.
    pub(crate) fn opened(
        &self,
        tx: &mut Tx<'_>,
        sealed: Option<&Sealed>,
    ) -> Result<Option<String>, IncidentError> {
        match sealed {
            Some(sealed) => Ok(self.ledger.sealer().open(tx, sealed)?),
            None => Ok(None),
        }
    }
}
