//! Who is who and who is on duty, with masked numbers.

use anlan_access::{Caller, Object};
use anlan_foundation::Checks;
use anlan_ledger::{Sealed, Work};
use anlan_store::Tx;

use super::Organisation;
use crate::error::OrganisationError;
use crate::model::{Contact, DutyNow, Person};
use crate::{facts, rules, store};

fn contact(person: &str, masked: String) -> Contact {
    Contact {
        id: person.to_owned(),
        kind: "mobile".to_owned(),
        value: None,
        masked,
        sealed: true,
    }
}

/// The first mobile number of a person.
fn mobile_of(stored: &store::StoredPerson) -> Option<&Sealed> {
    let mobile = stored.contacts.iter().find(|contact| contact.kind == "mobile");
    mobile.map(|contact| &contact.value)
}

impl Organisation {
    /// The masked form of a sealed number; `None` when there is none or its key was destroyed.
    pub fn masked(
        &self,
        tx: &mut Tx<'_>,
        sealed: Option<&Sealed>,
    ) -> Result<Option<String>, OrganisationError> {
        let Some(sealed) = sealed else { return Ok(None) };
        Ok(self
            .ledger
            .sealer()
            .open(tx, sealed)?
            .map(|number| rules::mask_phone(&number)))
    }

    /// People with masked numbers.
    pub fn shown(&self, tx: &mut Tx<'_>, stored: store::StoredPerson) -> Result<Person, OrganisationError> {
        let mobile_masked = self.masked(tx, mobile_of(&stored))?;
        let contacts = mobile_masked
            .clone()
            .map(|masked| contact(&stored.texts[0], masked));
        let [id, name, unit_id, unit_name, title] = stored.texts;
        Ok(Person {
            id,
            name,
            unit_id,
            unit_name,
            title,
            mobile_masked,
            area: stored.area,
            contacts: contacts.into_iter().collect(),
            closed: stored.closed,
            version: stored.version,
        })
    }

    /// Who is on duty in a division now, with masked numbers.
    pub async fn on_duty(&self, area: String) -> Result<Vec<DutyNow>, OrganisationError> {
        let (this, now) = (self.clone(), self.ledger.clock().now());
        self.ledger
            .db()
            .read(move |tx| {
                let found = store::duty_at(tx, &area, now)?;
                let show = |(mut duty, mobile): (DutyNow, Option<Sealed>)| {
                    duty.mobile_masked = this.masked(tx, mobile.as_ref())?;
                    duty.contacts = duty
                        .mobile_masked
                        .clone()
                        .map(|masked| contact(&duty.person_id, masked))
                        .into_iter()
                        .collect();
                    Ok(duty)
                };
                found.into_iter().map(show).collect()
            })
            .await
    }

    /// Reads a number whole, for a reason that becomes an entry.
    pub fn reveal(
        &self,
        work: &mut Work<'_, '_>,
        caller: &Caller,
        person: &str,
        reason: &str,
    ) -> Result<String, OrganisationError> {
        let mut checks = Checks::new();
        checks.text("reason", reason, 2, 200);
        checks.finish()?;
        let missing = || OrganisationError::NotFound {
            what: "number of person",
            id: person.to_owned(),
        };
        let stored = store::load_person(work.tx, person)?.ok_or_else(missing)?;
        caller.require("organisation.reveal", Object::in_area(&stored.area))?;
        let sealed = mobile_of(&stored).ok_or_else(missing)?;
        let number = self.ledger.sealer().open(work.tx, sealed)?.ok_or_else(missing)?;
        let fact = facts::ContactRevealed {
            person: person.to_owned(),
            contact: None,
            reason: reason.to_owned(),
        };
        work.record(
            &format!("person/{person}"),
            facts::CONTACT_REVEALED,
            &stored.area,
            &fact,
        )?;
        Ok(number)
    }
}
