//! People and who is on duty, with masked numbers; reading one whole, looking one up.

use anlan_access::{Caller, Object};
use anlan_foundation::{Checks, InvalidInput};
use anlan_ledger::{Sealed, Work};
use anlan_store::Tx;
use serde::Deserialize;
use utoipa::ToSchema;

use super::Organisation;
use super::accounts::{check_reason, check_version};
use super::registry::{Saved, may_write};
use crate::error::OrganisationError;
use crate::facts::ContactFact;
use crate::model::{Contact, DutyNow, Person};
use crate::store::StoredPerson;
use crate::{facts, rules, store};

/// What the key of the index over telephone numbers is derived for.
const PHONES: &str = "org_phone_index";

/// A person as entered.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct PersonInput {
    /// Name.
    pub name: String,
    /// Unit.
    pub unit: String,
    /// Post or title.
    #[serde(default)]
    pub title: String,
    /// Every way to reach the person; those left out are dropped.
    #[serde(default)]
    pub contacts: Vec<ContactInput>,
    /// Whether the person has left.
    #[serde(default)]
    pub closed: bool,
    /// The version the caller had seen.
    pub expected_version: Option<u64>,
}

/// A way to reach a person: a new value, or a kept one by its id.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct ContactInput {
    /// Id of a contact that is kept.
    pub id: Option<String>,
    /// `mobile`, `office`, `duty`, `radio` or `email`.
    pub kind: String,
    /// The number or address; without it the kept one stays as it is.
    pub value: Option<String>,
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
            .map(|number| rules::mask_contact(&number)))
    }

    /// A person with masked numbers.
    pub fn shown(&self, tx: &mut Tx<'_>, stored: StoredPerson) -> Result<Person, OrganisationError> {
        let mut contacts = Vec::new();
        for contact in &stored.contacts {
            if let Some(masked) = self.masked(tx, Some(&contact.value))? {
                contacts.push(Contact {
                    id: contact.id.clone(),
                    kind: contact.kind.clone(),
                    value: None,
                    masked,
                    sealed: true,
                });
            }
        }
        let mobile = contacts.iter().find(|contact| contact.kind == "mobile");
        let mobile_masked = mobile.map(|contact| contact.masked.clone());
        let [id, name, unit_id, unit_name, title] = stored.texts;
        Ok(Person {
            id,
            name,
            unit_id,
            unit_name,
            title,
            mobile_masked,
            area: stored.area,
            contacts,
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
                found
                    .into_iter()
                    .map(|(duty, mobile)| this.shown_duty(tx, duty, mobile.as_ref()))
                    .collect()
            })
            .await
    }

    /// A shift with the masked number of who has it.
    pub(super) fn shown_duty(
        &self,
        tx: &mut Tx<'_>,
        mut duty: DutyNow,
        mobile: Option<&Sealed>,
    ) -> Result<DutyNow, OrganisationError> {
        duty.mobile_masked = self.masked(tx, mobile)?;
        let contact = duty.mobile_masked.clone().map(|masked| Contact {
            id: duty.person_id.clone(),
            kind: "mobile".to_owned(),
            value: None,
            masked,
            sealed: true,
        });
        duty.contacts = contact.into_iter().collect();
        Ok(duty)
    }

    /// Reads a number whole, for a reason that becomes an entry; the mobile one unless another is named.
    pub fn reveal(
        &self,
        work: &mut Work<'_, '_>,
        caller: &Caller,
        (person, contact): (&str, Option<&str>),
        reason: &str,
    ) -> Result<String, OrganisationError> {
        check_reason(reason)?;
        let missing = || OrganisationError::NotFound {
            what: "number of person",
            id: person.to_owned(),
        };
        let stored = store::load_person(work.tx, person)?.ok_or_else(missing)?;
        caller.require("organisation.reveal", Object::in_area(&stored.area))?;
        let wanted = |known: &&ContactFact| match contact {
            Some(id) => known.id == id,
            None => known.kind == "mobile",
        };
        let found = stored.contacts.iter().find(wanted).ok_or_else(missing)?;
        let number = self
            .ledger
            .sealer()
            .open(work.tx, &found.value)?
            .ok_or_else(missing)?;
        let fact = facts::ContactRevealed {
            person: person.to_owned(),
            contact: Some(found.id.clone()),
            reason: reason.to_owned(),
        };
        let stream = format!("person/{person}");
        work.record(&stream, facts::CONTACT_REVEALED, &stored.area, &fact)?;
        Ok(number)
    }

    /// Enters a person, or changes the one of that id; numbers are sealed and put into the index.
    pub fn save_person(
        &self,
        work: &mut Work<'_, '_>,
        caller: &Caller,
        id: Option<&str>,
        input: &PersonInput,
    ) -> Result<Saved, OrganisationError> {
        let unit = store::load_unit(work.tx, &input.unit)?;
        let unit = unit.ok_or_else(|| InvalidInput::one("unit", "unknown", "a unit of GET /api/v1/units"))?;
        may_write(caller, &unit.division)?;
        check_person(input)?;
        let known = match id {
            Some(id) => {
                let missing = || OrganisationError::NotFound {
                    what: "person",
                    id: id.to_owned(),
                };
                let known = store::load_person(work.tx, id)?.ok_or_else(missing)?;
                may_write(caller, &known.area)?;
                check_version(&format!("person/{id}"), known.version, input.expected_version)?;
                Some(known)
            }
            None => None,
        };
        let version = known.as_ref().map_or(0, |known| known.version) + 1;
        let id = id.map_or_else(|| work.ids().next().to_string(), str::to_owned);
        let kept = known.map(|known| known.contacts).unwrap_or_default();
        let contacts = seal_contacts(work, &id, input, &kept)?;
        self.index(work.tx, &id, &contacts)?;
        let fact = facts::PersonFact {
            id: id.clone(),
            name: input.name.trim().to_owned(),
            unit: unit.id,
            title: input.title.trim().to_owned(),
            area: unit.division.clone(),
            mobile: None,
            contacts,
            closed: input.closed,
        };
        let people = facts::PeopleSet { people: vec![fact] };
        work.record(
            &format!("person/{id}"),
            facts::PEOPLE_SET,
            &unit.division,
            &people,
        )?;
        Ok(Saved { id, version })
    }

    /// Puts a person's numbers into the index by which a caller's number is looked up; gives how many can be read.
    pub(crate) fn index(
        &self,
        tx: &mut Tx<'_>,
        person: &str,
        contacts: &[ContactFact],
    ) -> Result<usize, OrganisationError> {
        store::unindex_person(tx, person)?;
        let mut taken = 0;
        for contact in contacts {
            let Some(number) = self.ledger.sealer().open(tx, &contact.value)? else {
                continue;
            };
            let digest = self.digest(&number);
            store::index_phone(tx, &digest, person, &contact.id)?;
            taken += 1;
        }
        Ok(taken)
    }

    fn digest(&self, number: &str) -> String {
        let plain = rules::plain_number(number);
        self.ledger.sealer().blind_index(PHONES, &plain)
    }

    /// The people whose number this is, among those in the caller's area: who is on the line?
    pub async fn look_up(&self, caller: Caller, number: String) -> Result<Vec<Person>, OrganisationError> {
        caller.require_somewhere("organisation.lookup")?;
        if rules::plain_number(&number).chars().count() < 5 {
            return Err(InvalidInput::one("number", "too_short", "at least 5 digits").into());
        }
        let (this, digest) = (self.clone(), self.digest(&number));
        self.ledger
            .db()
            .read(move |tx| {
                let found = store::people_by_digest(tx, &digest)?;
                found
                    .into_iter()
                    .filter(|person| caller.may("organisation.lookup", Object::in_area(&person.area)))
                    .map(|person| this.shown(tx, person))
                    .collect()
            })
            .await
    }

    /// Takes a person's numbers away and destroys their key: also those in old entries can never be read again here.
    pub fn erase_person(
        work: &mut Work<'_, '_>,
        caller: &Caller,
        person: &str,
        reason: &str,
    ) -> Result<(), OrganisationError> {
        let missing = || OrganisationError::NotFound {
            what: "person",
            id: person.to_owned(),
        };
        let stored = store::load_person(work.tx, person)?.ok_or_else(missing)?;
        caller.require("organisation.erase", Object::in_area(&stored.area))?;
        check_reason(reason)?;
        let [id, name, unit, _, title] = stored.texts;
        let stream = format!("person/{id}");
        let bare = facts::PersonFact {
            id,
            name,
            unit,
            title,
            area: stored.area.clone(),
            mobile: None,
            contacts: Vec::new(),
            closed: stored.closed,
        };
        let people = facts::PeopleSet { people: vec![bare] };
        work.record(&stream, facts::PEOPLE_SET, &stored.area, &people)?;
        let erased = facts::NumbersErased {
            person: person.to_owned(),
            reason: reason.to_owned(),
        };
        work.record(&stream, facts::NUMBERS_ERASED, &stored.area, &erased)?;
        store::unindex_person(work.tx, person)?;
        work.destroy_key(&stream)?;
        Ok(())
    }
}

fn check_person(input: &PersonInput) -> Result<(), InvalidInput> {
    let mut checks = Checks::new();
    checks.text("name", &input.name, 1, 40);
    checks.text("title", &input.title, 0, 60);
    checks.require(input.contacts.len() <= 10, "contacts", "at most 10");
    for (index, contact) in input.contacts.iter().enumerate() {
        let field = |name: &str| format!("contacts.{index}.{name}");
        if !rules::CONTACT_KINDS.contains(&contact.kind.as_str()) {
            checks.fault(field("kind"), "not_a_choice", rules::CONTACT_KINDS.join(", "));
        }
        match &contact.value {
            Some(value) => rules::check_contact(&mut checks, &field("value"), &contact.kind, value),
            None if contact.id.is_none() => {
                checks.fault(field("value"), "required", "a number or an address");
            }
            None => {}
        }
    }
    checks.finish()
}

fn seal_contacts(
    work: &mut Work<'_, '_>,
    id: &str,
    input: &PersonInput,
    kept: &[ContactFact],
) -> Result<Vec<ContactFact>, OrganisationError> {
    let mut contacts = Vec::new();
    for (index, contact) in input.contacts.iter().enumerate() {
        let known = kept.iter().find(|known| Some(&known.id) == contact.id.as_ref());
        let value = match (&contact.value, known) {
            (Some(value), _) => work.seal(&format!("person/{id}"), value.trim())?,
            (None, Some(known)) => known.value.clone(),
            (None, None) => {
                let field = format!("contacts.{index}.id");
                return Err(InvalidInput::one(field, "unknown", "a contact of this person").into());
            }
        };
        let fresh = || work.ids().next().simple().to_string();
        contacts.push(ContactFact {
            id: known.map_or_else(fresh, |known| known.id.clone()),
            kind: contact.kind.clone(),
            value,
        });
    }
    Ok(contacts)
}
