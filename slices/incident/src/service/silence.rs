//! 零报告 and silence: who was heard from when, in a county, in every village of a watched area.
//!
//! Silence is shown with its age. It is never a zero, and nobody is taken for well because nobody spoke.

use anlan_access::{Caller, Object};
use anlan_foundation::{Checks, Timestamp};
use anlan_ledger::Work;
use anlan_store::Tx;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Incidents;
use crate::error::IncidentError;
use crate::facts::{Fact, WatchSet, ZeroReported};
use crate::model::UnitRef;
use crate::store::{self, Filter, Order};

/// 零报告 as it is given.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct ZeroReporting {
    /// Id of the watch it answers, if it answers one.
    pub watch: Option<String>,
    /// Words, if any.
    #[serde(default)]
    pub text: String,
}

/// A watch as it is set.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct Watching {
    /// What it is about.
    pub title: String,
    /// Division code.
    pub area: String,
    /// Until when; open when absent.
    pub until: Option<Timestamp>,
    /// How often each village is to be heard from, in minutes.
    pub every_minutes: u32,
}

/// A county as the city sees it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CountyShown {
    /// Its duty office.
    pub unit: UnitRef,
    /// Its name.
    pub division_name: String,
    /// Open incidents in it.
    pub open: i64,
    /// Of those, with something overdue.
    pub overdue: i64,
    /// What is owed first of all: id of the incident.
    pub nearest_incident: Option<String>,
    /// Its title.
    pub nearest_title: Option<String>,
    /// What is owed.
    pub nearest_kind: Option<String>,
    /// Who owes it.
    pub nearest_from: Option<String>,
    /// When it is due.
    pub nearest_due_at: Option<Timestamp>,
    /// When anything was heard from its duty office; absent when nothing ever was.
    pub last_heard_at: Option<Timestamp>,
    /// How long ago that was, in minutes.
    pub silent_minutes: Option<i64>,
    /// Today's daily report: `given`, `due`, `missing`, or `unknown` where no rule sets a time.
    pub daily: String,
    /// When it is due.
    pub daily_due_at: Option<Timestamp>,
    /// When it was given.
    pub daily_given_at: Option<Timestamp>,
}

/// A unit of a watched area that was not heard from in time.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SilentUnit {
    /// The unit.
    pub unit: UnitRef,
    /// When it was last heard from; absent when it never was.
    pub last_heard_at: Option<Timestamp>,
    /// For how long it has been silent, counted from the start of the watch where it was never heard from.
    pub silent_minutes: i64,
}

/// A watch with who is silent.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct WatchShown {
    /// The watch.
    #[serde(flatten)]
    pub watch: WatchSet,
    /// How many units are to be heard from.
    pub units: usize,
    /// Those that were not heard from in time, the longest silence first; at most 500.
    pub silent: Vec<SilentUnit>,
    /// How many are silent.
    pub silent_count: usize,
}

/// The whole city at a glance.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CityShown {
    /// Its counties.
    pub counties: Vec<CountyShown>,
    /// Watches that hold.
    pub watches: Vec<WatchShown>,
}

impl Incidents {
    /// 零报告: the caller's unit says that there is nothing to report.
    pub fn report_zero(
        &self,
        work: &mut Work<'_, '_>,
        caller: &Caller,
        zero: &ZeroReporting,
    ) -> Result<UnitRef, IncidentError> {
        let mut checks = Checks::new();
        checks.text("text", &zero.text, 0, 1_000);
        if let Some(id) = &zero.watch
            && !store::watches(work.tx, work.now)?
                .iter()
                .any(|watch| watch.id == *id)
        {
            checks.fault("watch", "unknown", "id of a watch that holds");
        }
        checks.finish()?;
        let unit = self.unit_of(work.tx, caller)?;
        caller.require("incident.take", Object::in_area(&unit.division))?;
        let (year, month, day) = work.now.china_date();
        let fact = Fact::from(ZeroReported {
            unit: unit.clone(),
            day: format!("{year:04}-{month:02}-{day:02}"),
            watch: zero.watch.clone(),
            text: zero.text.trim().to_owned(),
        });
        work.record(&format!("zero/{}", unit.id), fact.kind(), &unit.division, &fact)?;
        Ok(unit)
    }

    /// 关注: asks every village of an area to be heard from again and again.
    pub fn watch(
        &self,
        work: &mut Work<'_, '_>,
        caller: &Caller,
        watching: &Watching,
    ) -> Result<WatchSet, IncidentError> {
        let mut checks = Checks::new();
        checks.text("title", &watching.title, 1, 120);
        checks.require(
            (10..=10_080).contains(&watching.every_minutes),
            "every_minutes",
            "10 to 10080",
        );
        let later = watching.until.is_none_or(|until| until > work.now);
        checks.require(later, "until", "an instant to come");
        if self.directory.division_name(work.tx, &watching.area)?.is_none() {
            checks.fault("area", "unknown", "a division code of GET /api/v1/divisions");
        }
        checks.finish()?;
        caller.require("incident.close", Object::in_area(&watching.area))?;
        let watch = WatchSet {
            id: work.ids().next().to_string(),
            title: watching.title.trim().to_owned(),
            area: watching.area.clone(),
            since: work.now,
            until: watching.until,
            every_minutes: watching.every_minutes,
            unit: self.unit_of(work.tx, caller)?,
        };
        let fact = Fact::from(watch.clone());
        work.record(&format!("watch/{}", watch.id), fact.kind(), &watch.area, &fact)?;
        Ok(watch)
    }

    /// The counties and the watched areas that the caller may see, as of an instant.
    pub fn city(
        &self,
        tx: &mut Tx<'_>,
        caller: &Caller,
        (now, position): (Timestamp, u64),
    ) -> Result<CityShown, IncidentError> {
        let mut shown = CityShown {
            counties: Vec::new(),
            watches: Vec::new(),
        };
        for scope in caller.scopes("incident.read") {
            if scope.department.is_some() {
                continue;
            }
            for unit in self.directory.reporting_units(tx, &scope.from, "county")? {
                shown
                    .counties
                    .push(self.county(tx, caller, unit, (now, position))?);
            }
        }
        for watch in store::watches(tx, now)? {
            if caller.may("incident.read", Object::in_area(&watch.area)) {
                shown.watches.push(self.watched(tx, watch, (now, position))?);
            }
        }
        Ok(shown)
    }

    fn county(
        &self,
        tx: &mut Tx<'_>,
        caller: &Caller,
        unit: UnitRef,
        (now, position): (Timestamp, u64),
    ) -> Result<CountyShown, IncidentError> {
        let (mut open, mut overdue, mut first) = (0, 0, None);
        for scope in super::scopes(caller, &unit.division) {
            let filter = Filter {
                open: Some(true),
                ..Filter::all(scope, 0)
            };
            open += store::count_at(tx, &filter, position)?;
            let nearest = Filter {
                limit: 1,
                ..filter.clone()
            };
            for cursor in store::ids_at(tx, &nearest, Order::Deadline, position)? {
                first = store::as_of(tx, &cursor.id, position)?;
            }
            let filter = Filter {
                overdue_at: Some(now),
                ..filter
            };
            overdue += store::count_at(tx, &filter, position)?;
        }
        let last_heard_at = store::last_heard(tx, &unit.id, position)?;
        let (daily, daily_due_at, daily_given_at) = self.daily(tx, &unit, (now, position))?;
        let owed = first.as_ref().and_then(|incident| {
            let owed = incident.pending().min_by_key(|owed| owed.due_at)?;
            Some((incident, owed))
        });
        Ok(CountyShown {
            nearest_incident: owed.map(|(incident, _)| incident.id.clone()),
            nearest_title: owed.map(|(incident, _)| incident.title.clone()),
            nearest_kind: owed.map(|(_, owed)| owed.kind.clone()),
            nearest_from: owed.map(|(_, owed)| owed.from_unit.name.clone()),
            nearest_due_at: owed.map(|(_, owed)| owed.due_at),
            division_name: self
                .directory
                .division_name(tx, &unit.division)?
                .unwrap_or_default(),
            unit,
            open,
            overdue,
            silent_minutes: last_heard_at.map(|heard| minutes(now, heard)),
            last_heard_at,
            daily,
            daily_due_at,
            daily_given_at,
        })
    }

    fn daily(
        &self,
        tx: &mut Tx<'_>,
        unit: &UnitRef,
        (now, position): (Timestamp, u64),
    ) -> Result<(String, Option<Timestamp>, Option<Timestamp>), IncidentError> {
        let (year, month, day) = now.china_date();
        let today = format!("{year:04}-{month:02}-{day:02}");
        let given = store::zero_on(tx, &unit.id, &today, position)?;
        let midnight: Option<Timestamp> = format!("{today}T00:00:00+08:00").parse().ok();
        let minute = self.directory.daily_report_minute();
        let due = midnight
            .zip(minute)
            .map(|(midnight, minute)| midnight.plus_minutes(i64::from(minute)));
        let state = match (given, due) {
            (Some(_), _) => "given",
            (None, Some(due)) if now > due => "missing",
            (None, Some(_)) => "due",
            (None, None) => "unknown",
        };
        Ok((state.to_owned(), due, given))
    }

    fn watched(
        &self,
        tx: &mut Tx<'_>,
        watch: WatchSet,
        (now, position): (Timestamp, u64),
    ) -> Result<WatchShown, IncidentError> {
        let units = self.directory.reporting_units(tx, &watch.area, "village")?;
        let heard = store::heard_in(tx, &watch.area, position)?;
        let mut silent: Vec<SilentUnit> = Vec::new();
        for unit in &units {
            let last = heard.get(&unit.id).copied();
            let since = last.filter(|last| *last > watch.since).unwrap_or(watch.since);
            let silent_minutes = minutes(now, since);
            if silent_minutes > i64::from(watch.every_minutes) {
                silent.push(SilentUnit {
                    unit: unit.clone(),
                    last_heard_at: last,
                    silent_minutes,
                });
            }
        }
        silent.sort_by_key(|silence| (silence.last_heard_at, silence.unit.id.clone()));
        let silent_count = silent.len();
        silent.truncate(500);
        Ok(WatchShown {
            watch,
            units: units.len(),
            silent,
            silent_count,
        })
    }
}

fn minutes(now: Timestamp, then: Timestamp) -> i64 {
    now.micros_since(then).max(0) / 60_000_000
}
