//! The linter: what contradicts what, within a paper, between the papers of an incident, and with the present facts.
//!
//! It finds; it never corrects and never forbids. Findings are shown before signing and stand in the entry of the
//! signature.

pub mod claims;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::draft::render::says_change;
use crate::facts::Content;
use crate::model::{Paper, State};
use crate::sheet::Sheet;
use claims::{Claim, claims, people, times, title_claims};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// A contradiction: somebody will ask.
    Contradiction,
    /// Worth a look.
    Notice,
}

/// Something that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Finding {
    /// Stable code, for example `figure_differs_from_fact`.
    pub code: String,
    /// How bad it is.
    pub severity: Severity,
    /// What it is about: the kind of figure or time, or a role.
    pub subject: String,
    /// What this paper says.
    pub here: String,
    /// What it is held against.
    pub there: String,
    /// Where that stands: number or title of another paper, or a source.
    pub other: String,
    /// The facts concerned.
    pub facts: Vec<String>,
}

fn finding(code: &str, severity: Severity, subject: &str, pair: (&str, &str), other: &str) -> Finding {
    Finding {
        code: code.to_owned(),
        severity,
        subject: subject.to_owned(),
        here: pair.0.to_owned(),
        there: pair.1.to_owned(),
        other: other.to_owned(),
        facts: Vec::new(),
    }
}

/// Everything that does not fit in a paper: in itself, with its incident's facts, with the earlier issued papers.
pub fn lint(paper: &Paper, sheet: Option<&Sheet>, papers: &[Paper]) -> Vec<Finding> {
    let mut findings = within(&paper.content);
    if let Some(sheet) = sheet {
        findings.extend(with_facts(&paper.content, sheet));
    }
    let earlier = papers.iter().filter(|other| {
        let before = other.issued.as_ref().map(|stamp| stamp.at)
            < paper.issued.as_ref().map(|stamp| stamp.at)
            || paper.issued.is_none();
        other.id != paper.id && other.state == State::Issued && before
    });
    findings.extend(between(paper, &earlier.collect::<Vec<_>>()));
    findings.sort_by(|a, b| (a.severity, &a.code, &a.subject).cmp(&(b.severity, &b.code, &b.subject)));
    findings.dedup();
    findings
}

/// The values that claims state, by kind.
fn by_kind(claims: &[Claim]) -> BTreeMap<&str, BTreeSet<u64>> {
    let mut all: BTreeMap<&str, BTreeSet<u64>> = BTreeMap::new();
    for claim in claims {
        all.entry(claim.kind).or_default().insert(claim.value);
    }
    all
}

fn joined(values: &BTreeSet<u64>) -> String {
    values.iter().map(u64::to_string).collect::<Vec<_>>().join("、")
}

/// Within one paper: two numbers for one thing, a title that says otherwise, a part above its whole, 0 for unknown.
fn within(content: &Content) -> Vec<Finding> {
    let mut findings = Vec::new();
    let stated = claims(content);
    // Numbers that stand side by side with their sources say openly that they differ.
    let plain: Vec<Claim> = stated.iter().filter(|claim| !claim.disputed).cloned().collect();
    let kinds = by_kind(&plain);
    for (kind, values) in &kinds {
        if values.len() > 1 {
            let all = joined(values);
            findings.push(finding(
                "figures_differ_within",
                Severity::Contradiction,
                kind,
                (&all, &all),
                "",
            ));
        }
    }
    for claim in title_claims(content) {
        let told = kinds.get(claim.kind);
        if let Some(values) = told.filter(|values| !values.contains(&claim.value)) {
            let pair = (claim.value.to_string(), joined(values));
            let pair = (pair.0.as_str(), pair.1.as_str());
            findings.push(finding(
                "title_differs_from_text",
                Severity::Contradiction,
                claim.kind,
                pair,
                "",
            ));
        }
    }
    let largest = |kind: &str| kinds.get(kind).and_then(|values| values.last().copied());
    if let (Some(part), Some(whole)) = (largest("seriously_injured"), largest("injured"))
        && part > whole
    {
        let pair = (part.to_string(), whole.to_string());
        findings.push(finding(
            "part_above_whole",
            Severity::Contradiction,
            "seriously_injured",
            (&pair.0, &pair.1),
            "",
        ));
    }
    for claim in stated.iter().filter(|claim| claim.fact.is_none()) {
        let value = claim.value.to_string();
        findings.push(finding(
            "number_without_fact",
            Severity::Notice,
            claim.kind,
            (&value, ""),
            "",
        ));
    }
    findings
}

/// Against the facts as they stand now.
fn with_facts(content: &Content, sheet: &Sheet) -> Vec<Finding> {
    let mut findings = Vec::new();
    for claim in claims(content) {
        findings.extend(figure_with_facts(&claim, sheet));
    }
    findings.extend(times_with_facts(content, sheet));
    findings.extend(place_with_facts(content, sheet));
    findings
}

fn figure_with_facts(claim: &Claim, sheet: &Sheet) -> Vec<Finding> {
    let mut findings = Vec::new();
    let current = sheet.figure(claim.kind);
    let here = claim.value.to_string();
    let known: BTreeSet<u64> = current
        .iter()
        .filter_map(|fact| fact.value.as_ref()?.parse().ok())
        .collect();
    let sources: Vec<String> = current.iter().map(|fact| fact.source.clone()).collect();
    let facts: Vec<String> = current.iter().map(|fact| fact.id.clone()).collect();
    let mut push = |code: &str, severity: Severity| {
        let mut found = finding(
            code,
            severity,
            claim.kind,
            (&here, &joined(&known)),
            &sources.join("、"),
        );
        found.facts.clone_from(&facts);
        findings.push(found);
    };
    if known.is_empty() {
        // Nobody has said a number: a 0 is worst, since it reads as good news.
        let code = if claim.value == 0 {
            "zero_that_nobody_stated"
        } else {
            "figure_without_source"
        };
        push(code, Severity::Contradiction);
    } else if !known.contains(&claim.value) {
        push("figure_differs_from_fact", Severity::Contradiction);
    } else if known.len() > 1 && !claim.disputed {
        push("sources_disagree", Severity::Contradiction);
    }
    let replaced = claim
        .fact
        .as_ref()
        .and_then(|id| sheet.facts.get(id)?.superseded_by.clone());
    if let Some(newer) = replaced {
        let there = sheet
            .facts
            .get(&newer)
            .and_then(|fact| fact.value.clone())
            .unwrap_or_default();
        let mut found = finding(
            "fact_was_replaced",
            Severity::Contradiction,
            claim.kind,
            (&here, &there),
            "",
        );
        found.facts = vec![newer];
        findings.push(found);
    }
    findings
}

/// The times that a text names with 发生 or 接报 beside them.
fn times_with_facts(content: &Content, sheet: &Sheet) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (kind, said) in times(content) {
        let stated: Vec<_> = sheet.facts.values().filter(|fact| fact.kind == kind).collect();
        let fits = |value: &str| value.trim_end_matches('许') == said.trim_end_matches('许');
        let same = stated.iter().any(|fact| fact.value.as_deref().is_some_and(fits));
        if !same && let Some(first) = stated.first() {
            let there = first.value.clone().unwrap_or_default();
            let mut found = finding(
                "time_differs_from_fact",
                Severity::Contradiction,
                kind,
                (&said, &there),
                &first.source,
            );
            found.facts = vec![first.id.clone()];
            findings.push(found);
        }
    }
    let first = |kind: &str| sheet.incident.time(kind);
    if let (Some(occurred), Some(received)) = (first("occurred"), first("received"))
        && occurred > received
    {
        let words = |kind: &str| {
            sheet
                .time(kind)
                .and_then(|fact| fact.value.clone())
                .unwrap_or_default()
        };
        let pair = (words("occurred"), words("received"));
        findings.push(finding(
            "occurred_after_received",
            Severity::Contradiction,
            "occurred",
            (&pair.0, &pair.1),
            "",
        ));
    }
    findings
}

/// A paper that names another county than the one where it happened.
fn place_with_facts(content: &Content, sheet: &Sheet) -> Vec<Finding> {
    let place = crate::sheet::place_of(&sheet.incident);
    let text = claims::body(content);
    let places: Vec<String> = claims::places(&text);
    let known = |name: &String| place.contains(name.as_str()) || sheet.incident.text.contains(name.as_str());
    let named = places.iter().any(known);
    if named || places.is_empty() || place.is_empty() {
        return Vec::new();
    }
    vec![finding(
        "place_differs_from_fact",
        Severity::Contradiction,
        "place",
        (&places.join("、"), &place),
        "",
    )]
}

/// Against the earlier papers of the incident: numbers without 变更说明, other times, other names for one role.
fn between(paper: &Paper, earlier: &[&Paper]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let own = claims(&paper.content);
    let own_kinds = by_kind(&own);
    let explained = says_change(paper) || claims::text(&paper.content).contains("变更为");
    // Only the newest earlier paper that speaks of a figure counts: it replaced those before it.
    let mut spoken: BTreeSet<String> = BTreeSet::new();
    for other in earlier.iter().rev() {
        let name = name_of(other);
        let theirs = claims(&other.content);
        for (kind, values) in by_kind(&theirs) {
            if !spoken.insert(kind.to_owned()) {
                continue;
            }
            let Some(now) = own_kinds.get(kind) else { continue };
            if *now != values && !explained {
                let pair = (joined(now), joined(&values));
                let fewer = now.last() < values.last();
                let code = if fewer {
                    "figure_lowered_without_note"
                } else {
                    "figure_changed_without_note"
                };
                findings.push(finding(
                    code,
                    Severity::Contradiction,
                    kind,
                    (&pair.0, &pair.1),
                    &name,
                ));
            }
        }
        findings.extend(words_between(&paper.content, &other.content, &name));
    }
    findings
}

fn words_between(own: &Content, other: &Content, name: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let earlier: BTreeMap<&str, String> = times(other).into_iter().collect();
    for (kind, said) in times(own) {
        let before = earlier
            .get(kind)
            .filter(|before| before.trim_end_matches('许') != said.trim_end_matches('许'));
        if let Some(before) = before {
            findings.push(finding(
                "time_differs_from_paper",
                Severity::Contradiction,
                kind,
                (&said, before),
                name,
            ));
        }
    }
    let earlier: BTreeMap<String, String> = people(other).into_iter().collect();
    for (role, person) in people(own) {
        if let Some(before) = earlier.get(&role).filter(|before| **before != person) {
            findings.push(finding(
                "name_differs_from_paper",
                Severity::Notice,
                &role,
                (&person, before),
                name,
            ));
        }
    }
    findings
}

fn name_of(paper: &Paper) -> String {
    let number = paper.document.as_ref().map(|document| document.number.clone());
    match number.filter(|number| !number.is_empty()) {
        Some(number) => format!("{} {number}", paper.kind_name),
        None => paper.kind_name.clone(),
    }
}
