//! Law as data: limits and event classes come from packs in `rules/`, never from constants.
//!
//! A pack that cannot be read is refused with its file and the place in it. Of the rules that hold for a place and a
//! day, the one with the most specific jurisdiction decides; an unconfirmed one never decides.

use serde::Deserialize;

/// A limit for reporting upward.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportingRule {
    /// Stable id.
    pub id: String,
    /// Where it stands.
    pub clause: String,
    /// What it says.
    pub text: String,
    /// Division code it holds in; empty holds everywhere.
    pub jurisdiction: String,
    /// First day, `YYYY-MM-DD`.
    pub valid_from: String,
    /// Last day, `YYYY-MM-DD`.
    pub valid_to: Option<String>,
    /// The limit.
    pub limit_minutes: u32,
    /// What starts the clock: `occurred`, `learned` or `received`.
    pub start_event: String,
    /// `confirmed`, or `unconfirmed`: suggests, never decides.
    pub confidence: String,
    /// Prefixes of the event classes it is for; empty is all.
    #[serde(default)]
    pub event_classes: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pack {
    #[serde(rename = "pack")]
    _about: About,
    reporting: Vec<ReportingRule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct About {
    #[serde(rename = "id")]
    _id: String,
    #[serde(rename = "title")]
    _title: String,
}

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
    _confidence: String,
    classes: Vec<EventClass>,
}

/// Says why a pack was refused.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {reason}")]
pub struct RuleError {
    /// File of the pack.
    pub file: String,
    /// What is wrong, with the line where the format tells it.
    pub reason: String,
}

/// All rules in force.
#[derive(Debug, Clone, Default)]
pub struct RuleBook {
    reporting: Vec<ReportingRule>,
}

impl RuleBook {
    /// Reads packs, given as pairs of file name and text.
    pub fn load(packs: &[(&str, &str)]) -> Result<Self, RuleError> {
        let mut book = Self::default();
        for (file, text) in packs {
            let refuse = |reason: String| RuleError {
                file: (*file).to_owned(),
                reason,
            };
            let pack: Pack = toml::from_str(text).map_err(|error| refuse(error.to_string()))?;
            for rule in pack.reporting {
                check(&rule).map_err(|reason| refuse(format!("rule {}: {reason}", rule.id)))?;
                if book.reporting.iter().any(|known| known.id == rule.id) {
                    return Err(refuse(format!("rule {} is defined twice", rule.id)));
                }
                book.reporting.push(rule);
            }
        }
        Ok(book)
    }

    /// The rule that decides how soon a division must report a class of events on a day (`YYYY-MM-DD`).
    pub fn reporting(&self, division: &str, event_class: &str, day: &str) -> Option<&ReportingRule> {
        self.reporting
            .iter()
            .filter(|rule| rule.confidence == "confirmed" && division.starts_with(&rule.jurisdiction))
            .filter(|rule| {
                day >= rule.valid_from.as_str() && rule.valid_to.as_deref().is_none_or(|last| day <= last)
            })
            .filter(|rule| {
                rule.event_classes.is_empty()
                    || rule
                        .event_classes
                        .iter()
                        .any(|prefix| event_class.starts_with(prefix))
            })
            .max_by_key(|rule| rule.jurisdiction.len())
    }
}

fn check(rule: &ReportingRule) -> Result<(), String> {
    if !["occurred", "learned", "received"].contains(&rule.start_event.as_str()) {
        return Err(format!(
            "start_event is `{}`, expected occurred, learned or received",
            rule.start_event
        ));
    }
    if !["confirmed", "unconfirmed"].contains(&rule.confidence.as_str()) {
        return Err(format!(
            "confidence is `{}`, expected confirmed or unconfirmed",
            rule.confidence
        ));
    }
    if rule.limit_minutes == 0 || rule.limit_minutes > 60 * 24 * 365 {
        return Err(format!(
            "limit_minutes is {}, expected 1 to 525600",
            rule.limit_minutes
        ));
    }
    for day in [Some(&rule.valid_from), rule.valid_to.as_ref()]
        .into_iter()
        .flatten()
    {
        let parts: Vec<&str> = day.split('-').collect();
        let shaped =
            parts.len() == 3 && day.len() == 10 && parts.iter().all(|part| part.parse::<u16>().is_ok());
        if !shaped {
            return Err(format!("`{day}` is not a day such as 2024-11-01"));
        }
    }
    Ok(())
}

/// Reads the table of event classes.
pub fn event_classes(file: &str, text: &str) -> Result<Vec<EventClass>, RuleError> {
    let refuse = |reason: String| RuleError {
        file: file.to_owned(),
        reason,
    };
    let table: Classes = toml::from_str(text).map_err(|error| refuse(error.to_string()))?;
    let mut codes = std::collections::BTreeSet::new();
    for class in &table.classes {
        if class.code.len() != 5 || !class.code.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(refuse(format!(
                "code `{}` of {} is not five digits",
                class.code, class.name
            )));
        }
        if !codes.insert(&class.code) {
            return Err(refuse(format!("code {} stands twice", class.code)));
        }
    }
    Ok(table.classes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOHHOT: &str = include_str!("../../../rules/reporting/hohhot.toml");
    const NATIONAL: &str = include_str!("../../../rules/reporting/national.toml");

    fn book() -> RuleBook {
        RuleBook::load(&[("hohhot.toml", HOHHOT), ("national.toml", NATIONAL)]).unwrap()
    }

    #[test]
    fn the_most_specific_place_decides() {
        assert_eq!(
            book()
                .reporting("150125100", "20100", "2026-11-24")
                .unwrap()
                .limit_minutes,
            30
        );
        assert_eq!(
            book()
                .reporting("310101", "20100", "2026-11-24")
                .unwrap()
                .limit_minutes,
            120
        );
    }

    #[test]
    fn a_rule_holds_only_from_its_first_day() {
        assert_eq!(
            book().reporting("150125", "20100", "2019-01-01").unwrap().id,
            "national.493.tier"
        );
        assert!(book().reporting("150125", "20100", "2007-05-31").is_none());
    }

    #[test]
    fn a_broken_pack_is_refused_with_its_file() {
        let broken = HOHHOT.replace("limit_minutes = 30", "limit_minutes = -1");
        let refused = RuleBook::load(&[("hohhot.toml", &broken)]).unwrap_err();
        assert_eq!(refused.file, "hohhot.toml");
        assert!(refused.reason.contains("line"), "{}", refused.reason);
        let unknown = HOHHOT.replace("start_event = \"received\"", "start_event = \"dreamt\"");
        assert!(
            RuleBook::load(&[("hohhot.toml", &unknown)])
                .unwrap_err()
                .reason
                .contains("dreamt")
        );
    }

    #[test]
    fn every_event_class_has_its_own_code() {
        let classes = event_classes(
            "event-classes.toml",
            include_str!("../../../rules/event-classes.toml"),
        )
        .unwrap();
        assert!(classes.len() >= 30);
        let keys: Vec<_> = classes.iter().filter_map(|class| class.key.as_deref()).collect();
        assert_eq!(keys.len(), 9);
    }
}
