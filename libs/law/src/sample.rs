//! Made-up incidents for measurements; the numbers here are facts of incidents, not thresholds.

use crate::book::RuleBook;
use crate::calendar::{Day, Moment};
use crate::facts::{Case, Facts};
use crate::obligations::Times;

const CLASSES: [&str; 10] = [
    "11000", "13000", "14000", "15000", "20100", "20200", "20400", "20600", "30200", "40100",
];
const PLACES: [&str; 6] = ["150102", "150125100", "370102", "310101", "420102", "440103"];

/// A made-up incident.
#[derive(Debug, Clone)]
pub struct SampleIncident {
    division: &'static str,
    event_class: &'static str,
    facts: Facts,
    times: Times,
}

/// Makes incidents, the same ones each time.
pub fn sample_incidents(count: usize) -> Vec<SampleIncident> {
    let mut state: u64 = 20_261_124;
    let mut draw = |bound: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((state >> 33) % bound).unwrap_or_default()
    };
    let pick = |list: &[&'static str], at: u32| {
        let at = usize::try_from(at).unwrap_or_default();
        list.get(at % list.len()).copied().unwrap_or_default()
    };
    let make = |_| {
        let occurred = Moment(1_795_000_000_000_000).plus_minutes(draw(40_000));
        let received = occurred.plus_minutes(draw(90));
        SampleIncident {
            division: pick(&PLACES, draw(6)),
            event_class: pick(&CLASSES, draw(10)),
            facts: Facts::default()
                .with("deaths", draw(40) / 4)
                .with("missing", draw(8) / 4)
                .with("seriously_injured", draw(60))
                .with("loss_yuan", f64::from(draw(9_000)) * 10_000.0),
            times: Times {
                occurred: Some(occurred),
                learned: Some(received),
                received: Some(received),
            },
        }
    };
    (0..count).map(make).collect()
}

impl RuleBook {
    /// Evaluates grade, reports owed and what follows for each incident, all units together, as after a change of
    /// rules; gives the number of reports owed.
    pub fn evaluate(&self, incidents: &[SampleIncident]) -> usize {
        let count = |incident: &SampleIncident| {
            let day: Day = incident.times.occurred.unwrap_or(Moment(0)).day();
            let case = Case {
                division: incident.division,
                event_class: incident.event_class,
                facts: &incident.facts,
                day,
            };
            let updates = self.updates(&case, &incident.times).len();
            let owed = self.obligations(&case, None, &incident.times);
            // Updates are counted only so that nobody thinks them away.
            if updates == usize::MAX { 0 } else { owed.len() }
        };
        incidents.iter().map(count).sum()
    }
}
