//! Conditions as packs write them: `deaths + missing >= 30`, `loss_yuan >= 5000万 and cross_province`.

use std::fmt;

use serde::Serialize;

use crate::level::{Grade, Level as _};
use crate::units::{WAN, YI};

/// The measure that stands for the gravest grade of the event.
pub(crate) const GRADE: &str = "grade";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    AtLeast,
    Above,
    Below,
    AtMost,
    Holds,
    HoldsNot,
}

#[derive(Debug, Clone, PartialEq)]
struct Term {
    measures: Vec<String>,
    comparison: Comparison,
    bound: f64,
    /// The bound as the pack has it.
    written: String,
}

/// A compiled condition: all its terms must hold.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Condition {
    pub(crate) source: String,
    /// The same in Chinese words, once the names of its measures are known.
    pub(crate) readable: String,
    terms: Vec<Term>,
}

/// Says whether a condition holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    /// It holds, whatever else may become known.
    Yes,
    /// It does not hold.
    No,
    /// A measure is not known that could make it hold.
    Unknown,
}

/// Gives measures by name.
pub(crate) type Known<'k> = &'k dyn Fn(&str) -> Option<f64>;

impl Condition {
    /// Reads a condition; the refusal says what was expected.
    pub(crate) fn parse(source: &str) -> Result<Self, String> {
        let terms = source
            .split(" and ")
            .map(|part| term(part.trim()).map_err(|why| format!("in the condition `{source}`: {why}")))
            .collect::<Result<_, _>>()?;
        let source = source.to_owned();
        let readable = String::new();
        Ok(Self {
            source,
            readable,
            terms,
        })
    }

    /// Names the measures it reads.
    pub(crate) fn measures(&self) -> impl Iterator<Item = &str> {
        self.terms
            .iter()
            .flat_map(|term| term.measures.iter().map(String::as_str))
    }

    /// Says it in words; `named` gives the Chinese name and the unit of a measure.
    pub(crate) fn words(&self, named: &dyn Fn(&str) -> (String, String)) -> String {
        let terms = self.terms.iter().map(|term| term.words(named));
        terms.collect::<Vec<_>>().join(" 且 ")
    }

    /// Tells whether it holds for what is known.
    pub(crate) fn check(&self, known: Known<'_>) -> Outcome {
        let mut outcome = Outcome::Yes;
        for term in &self.terms {
            match term.check(known) {
                Outcome::No => return Outcome::No,
                Outcome::Unknown => outcome = Outcome::Unknown,
                Outcome::Yes => {}
            }
        }
        outcome
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)
    }
}

impl Term {
    fn words(&self, named: &dyn Fn(&str) -> (String, String)) -> String {
        let summands: Vec<_> = self.measures.iter().map(|measure| named(measure)).collect();
        let unit = summands.first().map_or("", |(_, unit)| unit.as_str());
        let sum = summands
            .iter()
            .map(|(name, _)| name.as_str())
            .collect::<Vec<_>>()
            .join(" + ");
        match self.comparison {
            Comparison::AtLeast => format!("{sum} ≥ {}{unit}", self.written),
            Comparison::Above => format!("{sum} > {}{unit}", self.written),
            Comparison::Below => format!("{sum} < {}{unit}", self.written),
            Comparison::AtMost => format!("{sum} ≤ {}{unit}", self.written),
            Comparison::Holds => sum,
            Comparison::HoldsNot => format!("非{sum}"),
        }
    }

    fn check(&self, known: Known<'_>) -> Outcome {
        let values = self.measures.iter().map(|measure| known(measure));
        let missing = values.clone().any(|value| value.is_none());
        if values.clone().all(|value| value.is_none()) {
            return Outcome::Unknown;
        }
        let sum: f64 = values.flatten().sum();
        let (holds, grows) = match self.comparison {
            Comparison::AtLeast => (sum >= self.bound, true),
            Comparison::Above => (sum > self.bound, true),
            Comparison::Below => (sum < self.bound, false),
            Comparison::AtMost => (sum <= self.bound, false),
            Comparison::Holds => (sum > 0.0, true),
            Comparison::HoldsNot => (sum <= 0.0, false),
        };
        // A sum that lacks a part can still grow: over a bound it stays, under a bound it may not.
        match (holds, missing) {
            (true, false) => Outcome::Yes,
            (true, true) if grows => Outcome::Yes,
            (false, true) if grows => Outcome::Unknown,
            (false, _) => Outcome::No,
            (true, true) => Outcome::Unknown,
        }
    }
}

const COMPARISONS: &[(&str, Comparison)] = &[
    (">=", Comparison::AtLeast),
    ("<=", Comparison::AtMost),
    (">", Comparison::Above),
    ("<", Comparison::Below),
];

fn term(text: &str) -> Result<Term, String> {
    let found = COMPARISONS
        .iter()
        .find_map(|(sign, comparison)| text.split_once(sign).map(|parts| (parts, *comparison)));
    let Some(((left, right), comparison)) = found else {
        let (name, comparison) = match text.strip_prefix("not ") {
            Some(name) => (name, Comparison::HoldsNot),
            None => (text, Comparison::Holds),
        };
        return Ok(Term {
            measures: vec![name_of(name)?],
            comparison,
            bound: 0.0,
            written: String::new(),
        });
    };
    let measures = left.split('+').map(name_of).collect::<Result<_, _>>()?;
    Ok(Term {
        measures,
        comparison,
        bound: number(right.trim())?,
        written: right.trim().to_owned(),
    })
}

fn name_of(text: &str) -> Result<String, String> {
    let name = text.trim();
    let valid = !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'_' || byte.is_ascii_digit());
    if valid {
        Ok(name.to_owned())
    } else {
        Err(format!(
            "`{name}` is not a measure; expected a name such as deaths, then >=, >, <= or < and a number"
        ))
    }
}

fn number(text: &str) -> Result<f64, String> {
    if let Some(grade) = Grade::from_name(text) {
        return Ok(f64::from(grade.rank()));
    }
    let (digits, times) = match (text.strip_suffix('万'), text.strip_suffix('亿')) {
        (Some(digits), _) => (digits, WAN),
        (_, Some(digits)) => (digits, YI),
        _ => (text, 1.0),
    };
    let plain: String = digits.chars().filter(|letter| *letter != '_').collect();
    match plain.trim().parse::<f64>() {
        Ok(number) if number.is_finite() && number >= 0.0 => Ok(number * times),
        _ => Err(format!(
            "`{text}` is not a number; expected one such as 30, 0.5, 5000万, 1亿, or a grade such as 较大"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, known: &[(&str, f64)]) -> Outcome {
        let known: std::collections::BTreeMap<&str, f64> = known.iter().copied().collect();
        Condition::parse(source)
            .unwrap()
            .check(&|measure| known.get(measure).copied())
    }

    #[test]
    fn at_least_includes_the_bound_and_below_excludes_it() {
        assert_eq!(check("deaths >= 3", &[("deaths", 3.0)]), Outcome::Yes);
        assert_eq!(check("deaths >= 3", &[("deaths", 2.0)]), Outcome::No);
        assert_eq!(check("hours < 24", &[("hours", 24.0)]), Outcome::No);
        assert_eq!(check("aqi > 200", &[("aqi", 200.0)]), Outcome::No);
        assert_eq!(check("aqi <= 200", &[("aqi", 200.0)]), Outcome::Yes);
    }

    #[test]
    fn what_is_not_known_is_not_zero() {
        assert_eq!(check("deaths >= 3", &[]), Outcome::Unknown);
        assert_eq!(
            check("deaths + missing >= 3", &[("deaths", 2.0)]),
            Outcome::Unknown
        );
        assert_eq!(check("deaths + missing >= 3", &[("deaths", 3.0)]), Outcome::Yes);
        assert_eq!(
            check("deaths + missing < 3", &[("deaths", 2.0)]),
            Outcome::Unknown
        );
        assert_eq!(check("deaths + missing < 3", &[("deaths", 3.0)]), Outcome::No);
        assert_eq!(check("deaths >= 3 and border", &[("deaths", 2.0)]), Outcome::No);
        assert_eq!(check("not border", &[("border", 0.0)]), Outcome::Yes);
        assert_eq!(check("border", &[("border", 1.0)]), Outcome::Yes);
    }

    #[test]
    fn numbers_are_written_as_the_law_writes_them() {
        assert_eq!(check("loss >= 1亿", &[("loss", 99_999_999.0)]), Outcome::No);
        assert_eq!(check("loss >= 5000万", &[("loss", 50_000_000.0)]), Outcome::Yes);
        assert_eq!(check("grade >= 较大", &[("grade", 2.0)]), Outcome::Yes);
        assert_eq!(check("grade >= 重大", &[("grade", 2.0)]), Outcome::No);
    }

    #[test]
    fn a_broken_condition_is_refused_with_what_was_expected() {
        for (broken, expected) in [
            ("deaths >= many", "is not a number"),
            ("死亡 >= 3", "is not a measure"),
            ("deaths >= -1", "is not a number"),
            ("", "is not a measure"),
            ("deaths = 3", "is not a measure"),
        ] {
            let refusal = Condition::parse(broken).unwrap_err();
            assert!(refusal.contains(expected), "{refusal}");
        }
    }
}
