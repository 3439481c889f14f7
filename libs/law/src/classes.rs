//! The table of event classes, in TOML as it ships or in CSV as a city has it.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::load::{RuleError, line_at, unreadable};
use crate::pack::Confidence;
use crate::units::CLASS_DIGITS;

/// A class of events.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventClass {
    /// Code, five digits.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// Pinyin initials.
    pub initials: String,
    /// `natural`, `accident`, `health` or `social`.
    pub class: String,
    /// Number key at the intake.
    pub key: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Classes {
    #[serde(rename = "confidence")]
    _confidence: Confidence,
    classes: Vec<toml::Spanned<EventClass>>,
}

const CLASSES: &[&str] = &["natural", "accident", "health", "social"];
const HEADER: &str = "code,name,initials,class,key";

/// Reads the table of event classes as TOML.
pub fn event_classes(file: &str, text: &str) -> Result<Vec<EventClass>, RuleError> {
    let table: Classes = toml::from_str(text).map_err(|error| unreadable(file, text, &error))?;
    let rows = table.classes.into_iter().map(|row| {
        let line = line_at(text, row.span().start);
        (line, row.into_inner())
    });
    checked(file, rows)
}

/// Reads the table of event classes as CSV with the columns `code,name,initials,class,key`; the key may be empty.
pub fn event_classes_csv(file: &str, text: &str) -> Result<Vec<EventClass>, RuleError> {
    let refuse = |line: usize, reason: String| RuleError {
        file: file.to_owned(),
        line,
        reason,
    };
    let text = text.trim_start_matches('\u{feff}');
    let mut lines = (1..)
        .zip(text.lines())
        .filter(|(_, line)| !line.trim().is_empty());
    match lines.next() {
        Some((_, header)) if header.trim() == HEADER => {}
        _ => return Err(refuse(1, format!("expected the header {HEADER}"))),
    }
    let rows = lines.map(|(number, line)| {
        let cells: Vec<&str> = line.split(',').map(str::trim).collect();
        match cells.as_slice() {
            [code, name, initials, class, key] => Ok((number, row(code, name, initials, class, key))),
            _ => Err(refuse(
                number,
                format!("expected five cells, found {}", cells.len()),
            )),
        }
    });
    checked(file, rows.collect::<Result<Vec<_>, _>>()?)
}

fn row(code: &str, name: &str, initials: &str, class: &str, key: &str) -> EventClass {
    EventClass {
        code: code.to_owned(),
        name: name.to_owned(),
        initials: initials.to_owned(),
        class: class.to_owned(),
        key: (!key.is_empty()).then(|| key.to_owned()),
    }
}

fn checked(
    file: &str,
    rows: impl IntoIterator<Item = (usize, EventClass)>,
) -> Result<Vec<EventClass>, RuleError> {
    let mut codes = BTreeSet::new();
    let mut keys = BTreeSet::new();
    let mut classes = Vec::new();
    for (line, row) in rows {
        let reason = if row.code.len() != CLASS_DIGITS || !row.code.bytes().all(|byte| byte.is_ascii_digit())
        {
            Some(format!("code `{}` of {} is not five digits", row.code, row.name))
        } else if row.name.is_empty() {
            Some(format!("the class {} has no name", row.code))
        } else if !CLASSES.contains(&row.class.as_str()) {
            Some(format!(
                "`{}` is not a class; expected {}",
                row.class,
                CLASSES.join(", ")
            ))
        } else if !codes.insert(row.code.clone()) {
            Some(format!("code {} stands twice", row.code))
        } else if row.key.as_ref().is_some_and(|key| !keys.insert(key.clone())) {
            Some(format!("the key of {} is taken", row.code))
        } else {
            None
        };
        if let Some(reason) = reason {
            let file = file.to_owned();
            return Err(RuleError { file, line, reason });
        }
        classes.push(row);
    }
    Ok(classes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_class_has_its_own_code() {
        let table = include_str!("../../../rules/event-classes.toml");
        let classes = event_classes("event-classes.toml", table).unwrap();
        assert!(classes.len() >= 30);
        let keys: Vec<_> = classes.iter().filter_map(|class| class.key.as_deref()).collect();
        assert_eq!(keys.len(), 9);
    }

    #[test]
    fn a_city_brings_its_own_table() {
        let classes = event_classes_csv(
            "own.csv",
            "\u{feff}code,name,initials,class,key\n11001,渠道决口,qdjk,natural,\n",
        )
        .unwrap();
        assert_eq!(classes.first().unwrap().name, "渠道决口");
    }

    #[test]
    fn a_broken_table_is_refused_with_its_line() {
        let header = "code,name,initials,class,key\n";
        for (rows, expected) in [
            ("1100,洪涝,hl,natural,\n", "own.csv:2: code `1100`"),
            ("11000,洪涝,hl,flood,\n", "own.csv:2: `flood` is not a class"),
            (
                "11000,洪涝,hl,natural,\n11000,内涝,nl,natural,\n",
                "own.csv:3: code 11000 stands twice",
            ),
            ("11000,洪涝\n", "own.csv:2: expected five cells"),
        ] {
            let refusal = event_classes_csv("own.csv", &format!("{header}{rows}"))
                .unwrap_err()
                .to_string();
            assert!(refusal.starts_with(expected), "{refusal}");
        }
        assert!(event_classes_csv("own.csv", "").is_err());
        let toml = "confidence = \"confirmed\"\nclasses = [\n  { code = \"1\", name = \"x\", initials = \"x\", class = \"natural\" },\n]\n";
        assert_eq!(event_classes("own.toml", toml).unwrap_err().line, 3);
    }
}
