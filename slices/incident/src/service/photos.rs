//! Photos: sent before or with the report, shown only to those who may see the incident.

use anlan_access::{Caller, Object};
use anlan_foundation::{Checks, InvalidInput};
use anlan_ledger::Work;
use anlan_store::Tx;

use super::{Incidents, record};
use crate::error::IncidentError;
use crate::facts::{Attached, Attachment};
use crate::model::Incident;
use crate::store;

/// One act may bring so many photos.
const PER_ACT: usize = 20;
/// One incident may hold so many.
const PER_INCIDENT: usize = 200;

impl Incidents {
    /// Adds photos that were sent before.
    pub fn attach(
        &self,
        work: &mut Work<'_, '_>,
        caller: &Caller,
        id: &str,
        digests: &[String],
    ) -> Result<Incident, IncidentError> {
        let incident = self.open(work.tx, caller, id, "incident.follow_up")?;
        if digests.is_empty() {
            return Err(InvalidInput::one("attachments", "required", "1 to 20 digests").into());
        }
        let attachments = self.more_photos(work.tx, caller, &incident, digests)?;
        let unit = self.unit_of(work.tx, caller)?;
        record(work, id, &incident.division, Attached { attachments, unit })
    }

    /// The photo behind a digest, when the caller sent it or may see an incident that holds it.
    pub fn photo(&self, tx: &mut Tx<'_>, caller: &Caller, digest: &str) -> Result<Attachment, IncidentError> {
        self.known_photo(tx, caller, digest)?
            .ok_or_else(|| IncidentError::NoSuchPhoto(digest.to_owned()))
    }

    #[expect(clippy::unused_self, reason = "reads as a use case beside its sisters")]
    fn known_photo(
        &self,
        tx: &mut Tx<'_>,
        caller: &Caller,
        digest: &str,
    ) -> Result<Option<Attachment>, IncidentError> {
        if let Some(sent) = store::upload_of(tx, &caller.account, digest)? {
            return Ok(Some(sent));
        }
        let mut held = store::photo_in(tx, digest)?.into_iter();
        let seen = held.find(|held| caller.may("incident.read", Object::in_area(&held.area)));
        Ok(seen.map(|held| held.photo))
    }

    /// Photos for a new incident.
    pub(super) fn photos(
        &self,
        tx: &mut Tx<'_>,
        caller: &Caller,
        digests: &[String],
    ) -> Result<Vec<Attachment>, IncidentError> {
        let mut checks = Checks::new();
        checks.require(
            digests.len() <= PER_ACT,
            "attachments",
            "at most 20 photos at once",
        );
        checks.finish()?;
        let mut photos: Vec<Attachment> = Vec::new();
        let mut checks = Checks::new();
        for (index, digest) in digests.iter().enumerate() {
            match self.known_photo(tx, caller, digest)? {
                Some(photo) if photos.iter().all(|known| known.digest != photo.digest) => photos.push(photo),
                Some(_) => {}
                None => checks.fault(
                    format!("attachments.{index}"),
                    "unknown",
                    "digest that POST /api/v1/attachments gave",
                ),
            }
        }
        checks.finish()?;
        Ok(photos)
    }

    /// Photos for an incident that may hold some already.
    pub(super) fn more_photos(
        &self,
        tx: &mut Tx<'_>,
        caller: &Caller,
        incident: &Incident,
        digests: &[String],
    ) -> Result<Vec<Attachment>, IncidentError> {
        let room = PER_INCIDENT.saturating_sub(incident.attachments.len());
        if digests.len() > room {
            let expected = format!("at most {room} more photos on this incident");
            return Err(InvalidInput::one("attachments", "out_of_range", expected).into());
        }
        self.photos(tx, caller, digests)
    }
}
