//! Invented facts, with which every template is tried before it is taken.

use anlan_foundation::Timestamp;
use anlan_incident::UnitRef;
use anlan_incident::facts::{CasualtyStated, TimeStated};
use anlan_incident::model::{Assertion, Incident, Note, TimeOf};
use minijinja::{Value, context};

use super::{Material, context as seen};
use crate::sheet::{FactRef, Sheet, chinese_time, fact_id};

/// 2026-11-24T03:12:00+08:00.
const AT: Timestamp = Timestamp::from_seconds(1_795_461_120);

fn assertion(number: u32, kind: &str, value: Option<u32>) -> Assertion {
    Assertion {
        number,
        stated: CasualtyStated {
            kind: kind.to_owned(),
            value,
            source: format!("来源{number}"),
            supersedes: Vec::new(),
        },
        at: AT,
        by: "值班员".to_owned(),
        position: 1,
        superseded_by: None,
        origin: None,
        moved_to: None,
    }
}

fn incident(rich: &str) -> Incident {
    let mut incident = Incident::new("sample");
    "某地火情".clone_into(&mut incident.title);
    "150125".clone_into(&mut incident.division);
    "某县".clone_into(&mut incident.division_name);
    if rich.is_empty() {
        return incident;
    }
    incident.assertions = vec![
        assertion(1, "deaths", Some(1)),
        assertion(2, "injured", Some(0)),
        assertion(3, "missing", Some(2)),
        assertion(4, "missing", Some(3)),
        assertion(5, "trapped", None),
    ];
    incident.times = vec![TimeOf {
        stated: TimeStated {
            kind: "occurred".to_owned(),
            at: AT,
            precision: "about".to_owned(),
            source: "群众".to_owned(),
            confidence: "reported".to_owned(),
        },
        recorded_at: AT,
        by: "值班员".to_owned(),
        position: 1,
        origin: None,
    }];
    incident.notes = ["verified", "followed_up"]
        .map(|kind| Note {
            kind: kind.to_owned(),
            verdict: Some("true".to_owned()),
            text: "属实".to_owned(),
            unit: UnitRef::default(),
            happened: None,
            at: AT,
            by: "值班员".to_owned(),
        })
        .to_vec();
    incident
}

/// The incident with its facts, as if each stood in the ledger.
fn sheet(incident: Incident) -> Sheet {
    let fact = |id: String, kind: &str, value: Option<String>| FactRef {
        id,
        kind: kind.to_owned(),
        value,
        source: "来源".to_owned(),
        at: AT,
        by: "值班员".to_owned(),
        origin: "sample".to_owned(),
        seq: 1,
        position: 1,
        superseded_by: None,
    };
    let figures = incident.assertions.iter().enumerate().map(|(index, a)| {
        let value = a.stated.value.map(|value| value.to_string());
        fact(fact_id(&incident.id, 'a', index + 1), &a.stated.kind, value)
    });
    let times = incident.times.iter().enumerate().map(|(index, t)| {
        let value = Some(chinese_time(t.stated.at, &t.stated.precision));
        fact(fact_id(&incident.id, 't', index + 1), &t.stated.kind, value)
    });
    let facts = figures.chain(times).map(|fact| (fact.id.clone(), fact)).collect();
    Sheet { incident, facts }
}

fn material(rich: &str) -> Material {
    let known = !rich.is_empty();
    Material {
        unit: UnitRef {
            id: "u".to_owned(),
            name: "某县应急管理局".to_owned(),
            division: "150125".to_owned(),
        },
        serial: 1,
        now: AT,
        sheets: vec![sheet(incident(rich))],
        classes: std::collections::BTreeMap::new(),
        divisions: vec![
            ("150125".to_owned(), "某县".to_owned()),
            ("150124".to_owned(), "邻县".to_owned()),
        ],
        duty: if known {
            vec![("leader".to_owned(), "某某".to_owned())]
        } else {
            Vec::new()
        },
        window: (AT, AT),
        corrects: known.then(|| ("第1期".to_owned(), "初报".to_owned())),
        told_before: std::collections::BTreeMap::from([("deaths".to_owned(), "0".to_owned())]),
    }
}

/// What templates see when much is known, when nothing is, and when there is no incident at all.
pub(crate) fn contexts() -> Vec<Value> {
    let mut empty = material("");
    empty.sheets = Vec::new();
    vec![seen(&material("rich")), seen(&material("")), seen(&empty)]
}

/// The same with a row of a table.
pub(crate) fn with_row(values: &Value) -> Value {
    let first = |list: &str| {
        let found = values
            .get_attr(list)
            .ok()
            .and_then(|list| list.try_iter().ok()?.next());
        found.unwrap_or_default()
    };
    let division = first("divisions");
    context! { row => context! { ..first("incidents"), ..division }, ..values.clone() }
}
