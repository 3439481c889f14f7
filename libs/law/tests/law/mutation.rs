//! The mutation check: change any one number of any pack, and a vector fails.

use anlan_law::{Grade, Level as _, Measure, Pack, RuleBook};
use toml::{Table, Value};

use super::book::{book, packs};
use super::vectors::{self, Vector};

/// What packs define rather than rule.
const DEFINITIONS: [&str; 5] = ["measure", "body", "party", "place", "holiday"];

/// A pack with one number changed.
struct Mutant {
    what: String,
    rule: String,
    text: String,
}

fn step_of(measure: &str) -> f64 {
    let found = book().measures().find(|known: &&Measure| known.id == measure);
    found.map_or(1.0, |measure| measure.step)
}

fn value_of(digits: &str) -> f64 {
    let plain: String = digits
        .chars()
        .filter(|c| c.is_ascii_digit() || *c == '.')
        .collect();
    let times = match digits.chars().last() {
        Some('万') => 1e4,
        Some('亿') => 1e8,
        _ => 1.0,
    };
    plain.parse::<f64>().unwrap() * times
}

/// Gives the condition with each of its bounds a step up and a step down.
fn conditions(condition: &str) -> Vec<String> {
    let terms: Vec<&str> = condition.split(" and ").collect();
    let mut changed = Vec::new();
    for (at, term) in terms.iter().enumerate() {
        let Some((left, bound)) = term.rsplit_once(' ') else {
            continue;
        };
        if left.ends_with("not") {
            continue;
        }
        let measure = left.split([' ', '+']).next().unwrap();
        let bounds: Vec<String> = match Grade::from_name(bound) {
            Some(grade) => Grade::ALL
                .iter()
                .filter(|other| other.rank().abs_diff(grade.rank()) == 1)
                .map(|other| other.name().to_owned())
                .collect(),
            None => [1.0, -1.0]
                .iter()
                .map(|sign| format!("{:.4}", value_of(bound) + sign * step_of(measure)))
                .collect(),
        };
        for bound in bounds {
            let mut terms: Vec<String> = terms.iter().map(|term| (*term).to_owned()).collect();
            terms[at] = format!("{left} {bound}");
            changed.push(terms.join(" and "));
        }
    }
    changed
}

/// Gives every value in which one number below it is changed.
fn changed(value: &Value) -> Vec<Value> {
    match value {
        Value::Integer(number) => vec![Value::Integer(number + 1), Value::Integer(number - 1)],
        Value::Float(number) => vec![Value::Float(number + 1.0), Value::Float(number - 1.0)],
        Value::String(text) => conditions(text).into_iter().map(Value::String).collect(),
        Value::Array(items) => {
            let each = items.iter().enumerate().flat_map(|(at, item)| {
                changed(item).into_iter().map(move |new| {
                    let mut items = items.clone();
                    items[at] = new;
                    Value::Array(items)
                })
            });
            each.collect()
        }
        Value::Table(table) => changed_table(table).into_iter().map(Value::Table).collect(),
        Value::Boolean(_) | Value::Datetime(_) => Vec::new(),
    }
}

fn changed_table(table: &Table) -> Vec<Table> {
    let conditional = |key: &str, value: &Value| key == "any" || !matches!(value, Value::String(_));
    // Arrays of names are not conditions; `any` is.
    let numeric = |key: &str, value: &Value| match value {
        Value::Array(items) => key == "any" || items.iter().all(|item| !item.is_str()),
        other => conditional(key, other),
    };
    let mut tables = Vec::new();
    for (key, value) in table.iter().filter(|(key, value)| numeric(key, value)) {
        for new in changed(value) {
            let mut table = table.clone();
            table.insert(key.clone(), new);
            tables.push(table);
        }
    }
    tables
}

fn mutants(text: &str) -> Vec<Mutant> {
    let pack: Table = text.parse().unwrap();
    let mut mutants = Vec::new();
    for (kind, rules) in pack
        .iter()
        .filter(|(kind, _)| !DEFINITIONS.contains(&kind.as_str()))
    {
        let Value::Array(rules) = rules else { continue };
        for (at, rule) in rules.iter().enumerate() {
            for new in changed(rule) {
                let mut pack = pack.clone();
                let what = format!("{new}");
                pack[kind.as_str()].as_array_mut().unwrap()[at] = new;
                mutants.push(Mutant {
                    what,
                    rule: rule["id"].as_str().unwrap().to_owned(),
                    text: toml::to_string(&pack).unwrap(),
                });
            }
        }
    }
    mutants
}

/// Tells whether some vector notices.
fn noticed(mutant: &Mutant, file: &str, others: &[Pack], vectors: &[Vector]) -> bool {
    let Ok(pack) = Pack::parse(file, &mutant.text) else {
        return false;
    };
    let all: Vec<&Pack> = others.iter().chain([&pack]).collect();
    let Ok(book) = RuleBook::compile(&all) else {
        return false;
    };
    let about = vectors.iter().filter(|vector| vector.names(&mutant.rule));
    about.into_iter().any(|vector| vector.check(&book).is_err())
}

#[test]
fn whoever_changes_a_threshold_in_a_pack_breaks_a_vector() {
    let packs = packs();
    let vectors = vectors::all();
    let mut unnoticed = Vec::new();
    let mut count = 0;
    for (file, text) in &packs {
        let others: Vec<Pack> = packs
            .iter()
            .filter(|(other, _)| {
                other != file && (other.starts_with("vocabulary") || other.starts_with("grades"))
            })
            .map(|(file, text)| Pack::parse(file, text).unwrap())
            .collect();
        for mutant in mutants(text) {
            count += 1;
            if !noticed(&mutant, file, &others, &vectors) {
                unnoticed.push(format!("{file}: {}", mutant.what));
            }
        }
    }
    assert!(count >= 400, "only {count} numbers were changed");
    assert!(
        unnoticed.is_empty(),
        "{} of {count}\n{}",
        unnoticed.len(),
        unnoticed.join("\n")
    );
}
