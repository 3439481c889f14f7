//! The registers: making, changing, importing, confirming; rosters and what was done.

use anlan_access::{Caller, Object};
use anlan_foundation::{Checks, InvalidInput, Timestamp};
use anlan_ledger::Work;
use anlan_store::Tx;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Resources, missing, standing, visible};
use crate::error::ResourceError;
use crate::facts::{
    self, Confirmed, DeedsDone, Done, Named, ReadinessSet, RecordsSet, Retired, Revealed, Roster, RostersSet,
};
use crate::model::{Deed, Entry, Member, Readiness, Record};
use crate::{rules, store};

/// What was saved.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = ResourceSaved)]
pub struct Saved {
    /// Its id.
    pub id: String,
    /// Goes back as `expected_version`.
    pub version: u64,
    /// Whether anything changed; a second import of the same row changes nothing.
    pub changed: bool,
}

/// What an import did, row by row.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Imported {
    /// Records that were made.
    pub made: u64,
    /// Records that were changed.
    pub changed: u64,
    /// Rows that said what stood there already.
    pub unchanged: u64,
}

/// A change of readiness.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct ReadinessChange {
    /// From now on.
    pub readiness: Readiness,
    /// Why, 2 to 200 characters.
    pub reason: String,
    /// The incident it works for.
    pub incident: Option<String>,
}

/// A member as people see it: the number is masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ShownMember {
    /// Place in the roster, from 0.
    pub place: u64,
    /// Name.
    pub name: String,
    /// `leader`, `deputy` or `member`.
    pub role: String,
    /// The number with its middle hidden; empty when none is known.
    pub phone_masked: String,
    /// Skills.
    pub skills: Vec<String>,
}

/// One entry of the ledger holds at most this many records.
const BATCH: usize = 500;

impl Resources {
    fn checked(
        &self,
        work: &Work<'_, '_>,
        caller: &Caller,
        mut entry: Entry,
    ) -> Result<Entry, ResourceError> {
        rules::check_entry(&self.rules.registers, &entry, work.now)?;
        caller.require("resource.write", Object::in_area(&entry.area))?;
        entry.place = entry.place.as_ref().map(rules::settle);
        Ok(entry)
    }

    fn known_area(&self, work: &mut Work<'_, '_>, area: &str) -> Result<(), ResourceError> {
        match self.incidents.directory.division_name(work.tx, area)? {
            Some(_) => Ok(()),
            None => Err(InvalidInput::one("area", "unknown", "code of a division").into()),
        }
    }

    fn set_one(&self, work: &mut Work<'_, '_>, id: String, entry: Entry) -> Result<Saved, ResourceError> {
        let area = entry.area.clone();
        let records = vec![self.named(id.clone(), entry)];
        work.record(&stream(&id), facts::RECORDS_SET, &area, &RecordsSet { records })?;
        let record = store::load(work.tx, &id)?.ok_or_else(|| missing("record", &id))?;
        Ok(Saved {
            id,
            version: record.version,
            changed: true,
        })
    }

    fn plan_row(
        &self,
        work: &mut Work<'_, '_>,
        entry: Entry,
        report: &mut Imported,
    ) -> Result<Option<Named>, ResourceError> {
        let Some(before) = store::by_code(work.tx, &entry.kind, &entry.code)? else {
            report.made += 1;
            let id = work.ids().next().to_string();
            return Ok(Some(self.named(id, entry)));
        };
        if same_but_for_age(&before, &entry) && !before.retired {
            report.unchanged += 1;
            return Ok(None);
        }
        report.changed += 1;
        Ok(Some(self.named(before.id, entry)))
    }

    /// An entry with its id and figures.
    pub fn named(&self, id: String, entry: Entry) -> Named {
        Named {
            figures: rules::figures(&self.rules.registers, &entry),
            id,
            entry,
        }
    }

    /// Makes a record. The code must be free within the register.
    pub fn create(
        &self,
        work: &mut Work<'_, '_>,
        caller: &Caller,
        entry: Entry,
    ) -> Result<Saved, ResourceError> {
        let entry = self.checked(work, caller, entry)?;
        self.known_area(work, &entry.area)?;
        if store::by_code(work.tx, &entry.kind, &entry.code)?.is_some() {
            return Err(ResourceError::CodeTaken(entry.code));
        }
        let id = work.ids().next().to_string();
        self.set_one(work, id, entry)
    }

    /// Changes a record; it is given whole.
    pub fn update(
        &self,
        work: &mut Work<'_, '_>,
        caller: &Caller,
        id: &str,
        entry: Entry,
    ) -> Result<Saved, ResourceError> {
        let before = standing(work.tx, caller, id, "resource.write")?;
        let entry = self.checked(work, caller, entry)?;
        self.known_area(work, &entry.area)?;
        if entry.kind != before.entry.kind {
            return Err(InvalidInput::one("kind", "not_a_choice", &before.entry.kind).into());
        }
        let other = store::by_code(work.tx, &entry.kind, &entry.code)?;
        if other.is_some_and(|other| other.id != id) {
            return Err(ResourceError::CodeTaken(entry.code));
        }
        if entry == before.entry {
            return Ok(Saved {
                id: before.id,
                version: before.version,
                changed: false,
            });
        }
        self.set_one(work, before.id, entry)
    }

    /// Takes in many entries: one whose code is known changes that record, and one that says what stands there already
    /// changes nothing. Either all are taken in or none; the fault names its row as `rows.{number from 0}.{field}`.
    pub fn import(
        &self,
        work: &mut Work<'_, '_>,
        caller: &Caller,
        entries: Vec<Entry>,
    ) -> Result<Imported, ResourceError> {
        let mut report = Imported::default();
        let mut named: Vec<Named> = Vec::new();
        let mut faults = Checks::new();
        for (row, entry) in entries.into_iter().enumerate() {
            match self.checked(work, caller, entry) {
                Err(ResourceError::Invalid(input)) => {
                    for fault in input.fields {
                        faults.fault(format!("rows.{row}.{}", fault.field), fault.code, fault.expected);
                    }
                }
                Err(other) => return Err(other),
                Ok(entry) => named.extend(self.plan_row(work, entry, &mut report)?),
            }
        }
        faults.finish()?;
        for batch in named.chunks(BATCH) {
            let area = common_area(batch);
            let records = batch.to_vec();
            work.record("resources", facts::RECORDS_SET, &area, &RecordsSet { records })?;
        }
        Ok(report)
    }

    /// 待命、执勤、休整、停用.
    pub fn set_readiness(
        &self,
        work: &mut Work<'_, '_>,
        caller: &Caller,
        id: &str,
        change: &ReadinessChange,
    ) -> Result<Record, ResourceError> {
        let mut checks = Checks::new();
        checks.text("reason", &change.reason, 2, 200);
        checks.finish()?;
        let record = standing(work.tx, caller, id, "resource.readiness")?;
        if let Some(incident) = &change.incident {
            self.incidents
                .visible(work.tx, caller, incident, "incident.read")?;
        }
        let fact = ReadinessSet {
            id: record.id.clone(),
            readiness: change.readiness,
            reason: change.reason.trim().to_owned(),
            incident: change.incident.clone(),
        };
        work.record(&stream(id), facts::READINESS_SET, &record.entry.area, &fact)?;
        store::load(work.tx, id)?.ok_or_else(|| missing("record", id))
    }

    /// 核实: it is still so.
    pub fn confirm(
        work: &mut Work<'_, '_>,
        caller: &Caller,
        id: &str,
        source: &str,
    ) -> Result<Record, ResourceError> {
        let mut checks = Checks::new();
        checks.text("source", source, 1, 120);
        checks.finish()?;
        let record = standing(work.tx, caller, id, "resource.readiness")?;
        let fact = Confirmed {
            id: record.id.clone(),
            source: source.trim().to_owned(),
            as_of: work.now,
        };
        work.record(&stream(id), facts::CONFIRMED, &record.entry.area, &fact)?;
        store::load(work.tx, id)?.ok_or_else(|| missing("record", id))
    }

    /// 注销.
    pub fn retire(
        work: &mut Work<'_, '_>,
        caller: &Caller,
        id: &str,
        reason: &str,
    ) -> Result<(), ResourceError> {
        let mut checks = Checks::new();
        checks.text("reason", reason, 2, 200);
        checks.finish()?;
        let record = standing(work.tx, caller, id, "resource.write")?;
        let fact = Retired {
            id: record.id.clone(),
            reason: reason.trim().to_owned(),
        };
        work.record(&stream(id), facts::RETIRED, &record.entry.area, &fact)?;
        Ok(())
    }

    /// Sets the people of a record; they are sealed under the record's own key.
    pub fn set_roster(
        work: &mut Work<'_, '_>,
        caller: &Caller,
        id: &str,
        members: &[Member],
    ) -> Result<(), ResourceError> {
        rules::check_roster(members)?;
        let record = standing(work.tx, caller, id, "resource.write")?;
        let roster = seal_roster(work, id, members)?;
        let rosters = vec![roster];
        work.record(
            &stream(id),
            facts::ROSTERS_SET,
            &record.entry.area,
            &RostersSet { rosters },
        )?;
        Ok(())
    }

    /// The people of a record with their numbers, for whoever calls them out; whoever asks is answerable for it.
    pub fn members(&self, tx: &mut Tx<'_>, id: &str) -> Result<Vec<Member>, ResourceError> {
        let Some((_, sealed)) = store::roster(tx, id)? else {
            return Ok(Vec::new());
        };
        let Some(text) = self.ledger.sealer().open(tx, &sealed)? else {
            return Ok(Vec::new());
        };
        serde_json::from_str(&text).map_err(|error| anlan_ledger::LedgerError::Fact(error.to_string()).into())
    }

    /// The people of a record, masked.
    pub fn shown_members(
        &self,
        tx: &mut Tx<'_>,
        caller: &Caller,
        id: &str,
    ) -> Result<Vec<ShownMember>, ResourceError> {
        visible(tx, caller, id, "resource.read")?;
        let shown = |(place, member): (usize, Member)| ShownMember {
            place: u64::try_from(place).unwrap_or(u64::MAX),
            name: member.name,
            role: member.role,
            phone_masked: rules::mask(&member.phone),
            skills: member.skills,
        };
        Ok(self.members(tx, id)?.into_iter().enumerate().map(shown).collect())
    }

    /// Reads the number of one member whole; the reason becomes an entry.
    pub fn reveal(
        &self,
        work: &mut Work<'_, '_>,
        caller: &Caller,
        (id, place): (&str, u64),
        reason: &str,
    ) -> Result<String, ResourceError> {
        let mut checks = Checks::new();
        checks.text("reason", reason, 2, 200);
        checks.finish()?;
        let record = visible(work.tx, caller, id, "resource.reveal")?;
        let members = self.members(work.tx, id)?;
        let member = usize::try_from(place).ok().and_then(|place| members.get(place));
        let phone = member.map(|member| member.phone.clone());
        let phone = phone.ok_or_else(|| missing("member", &place.to_string()))?;
        let fact = Revealed {
            id: record.id.clone(),
            member: place,
            reason: reason.trim().to_owned(),
        };
        work.record(&stream(id), facts::REVEALED, &record.entry.area, &fact)?;
        Ok(phone)
    }

    /// Training, a drill, a task, an inspection was done.
    pub fn add_deed(
        work: &mut Work<'_, '_>,
        caller: &Caller,
        id: &str,
        deed: Deed,
    ) -> Result<(), ResourceError> {
        rules::check_deed(&deed, work.now)?;
        let record = standing(work.tx, caller, id, "resource.readiness")?;
        let done = Done {
            id: record.id.clone(),
            deed,
        };
        let deeds = vec![done];
        work.record(
            &stream(id),
            facts::DEEDS_DONE,
            &record.entry.area,
            &DeedsDone { deeds },
        )?;
        Ok(())
    }
}

/// Seals the people of a record.
pub fn seal_roster(work: &mut Work<'_, '_>, id: &str, members: &[Member]) -> Result<Roster, ResourceError> {
    let text =
        serde_json::to_string(members).map_err(|error| anlan_ledger::LedgerError::Fact(error.to_string()))?;
    Ok(Roster {
        id: id.to_owned(),
        members: u64::try_from(members.len()).unwrap_or(u64::MAX),
        sealed: work.seal(&stream(id), &text)?,
    })
}

fn stream(id: &str) -> String {
    format!("resource/{id}")
}

/// Whether a row says what stands there already; when it was asked is not a difference if it is no later.
fn same_but_for_age(before: &Record, entry: &Entry) -> bool {
    let later: Timestamp = entry.as_of.max(before.entry.as_of);
    let at = |entry: &Entry| Entry {
        as_of: later,
        ..entry.clone()
    };
    entry.as_of <= before.entry.as_of && at(entry) == at(&before.entry)
}

/// The division that holds all of a batch.
fn common_area(batch: &[Named]) -> String {
    let mut areas = batch.iter().map(|named| named.entry.area.as_str());
    let Some(first) = areas.next() else {
        return String::new();
    };
    let common = areas.fold(first, |common, area| {
        let same = common
            .bytes()
            .zip(area.bytes())
            .take_while(|(a, b)| a == b)
            .count();
        // Levels of codes end after 2, 4, 6, 9 and 12 digits.
        let level = [12, 9, 6, 4, 2]
            .into_iter()
            .find(|level| *level <= same)
            .unwrap_or(0);
        common.get(..level).unwrap_or(common)
    });
    common.to_owned()
}
