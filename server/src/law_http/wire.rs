//! The law on the wire.

use std::collections::BTreeMap;
use std::sync::Arc;

use anlan_foundation::{InvalidInput, Timestamp};
use anlan_law::{
    Case, Confidence, Day, DutyAnswer, LevelAnswer, Measure, Moment, Obligation, RuleBook, RuleHead,
    RuleKind, Times, Update, Why,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::law::Law;

/// Every kind of rule, by its name on the wire.
const KINDS: [(&str, RuleKind); 9] = [
    ("grade", RuleKind::Grade),
    ("response", RuleKind::Response),
    ("warning", RuleKind::Warning),
    ("reporting", RuleKind::Reporting),
    ("update", RuleKind::Update),
    ("authority", RuleKind::Authority),
    ("content", RuleKind::Content),
    ("duty", RuleKind::Duty),
    ("fine", RuleKind::Fine),
];

/// Gives a moment of the law for an instant.
pub(super) fn moment(at: Option<Timestamp>) -> Option<Moment> {
    at.map(|at| Moment(at.as_micros()))
}

fn instant(at: Option<Moment>) -> Option<Timestamp> {
    at.map(|at| Timestamp::from_micros(at.0))
}

/// Gives the name of a value on the wire.
fn name(value: impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

/// Which rules.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct ListQuery {
    /// Division code: rules that hold there.
    #[serde(default)]
    pub place: String,
    /// Day: rules that hold then.
    #[serde(default)]
    pub date: String,
    /// `grade`, `response`, `warning`, `reporting`, `update`, `authority`, `content`, `duty` or `fine`.
    #[serde(default)]
    pub kind: String,
    /// Event class: rules that are for it.
    #[serde(default)]
    pub event_class: String,
    /// Words in id, clause, text or title, all of which must occur.
    #[serde(default)]
    pub words: String,
    /// Id of a pack.
    #[serde(default)]
    pub pack: String,
    /// `confirmed` or `unconfirmed`.
    pub confidence: Option<String>,
}

impl ListQuery {
    /// Gives the kind that is asked for; none asks for all.
    pub(super) fn kind(&self) -> Result<Option<RuleKind>, InvalidInput> {
        if self.kind.is_empty() {
            return Ok(None);
        }
        let found = KINDS.iter().find(|(name, _)| *name == self.kind);
        let names: Vec<&str> = KINDS.iter().map(|(name, _)| *name).collect();
        match found {
            Some((_, kind)) => Ok(Some(*kind)),
            None => Err(InvalidInput::one("kind", "not_a_choice", names.join(", "))),
        }
    }
}

/// For which place, day and class of events.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct PlaceQuery {
    /// Division code; names are those of that place.
    #[serde(default)]
    pub place: String,
    /// Day; all rules when it is left out.
    #[serde(default)]
    pub date: String,
    /// Event class, five digits: only the measures that count for it.
    #[serde(default)]
    pub event_class: String,
}

/// A rule in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RuleShown {
    /// Stable id.
    id: String,
    /// What it is about.
    kind: String,
    /// Where it stands.
    clause: String,
    /// What it says.
    text: String,
    /// Division code it holds in; empty holds everywhere.
    jurisdiction: String,
    /// Name of that place, when a pack names it.
    place: Option<String>,
    /// The same in English.
    place_en: Option<String>,
    /// First day.
    valid_from: String,
    /// Last day.
    valid_to: Option<String>,
    /// `confirmed`, or `unconfirmed`: suggests, never decides.
    confidence: String,
    /// Prefixes of the event classes it is for; empty is all.
    event_classes: Vec<String>,
    /// Prefixes of the event classes it is not for.
    not_classes: Vec<String>,
    /// A remark on its source or its reading.
    note: Option<String>,
    /// Id of its pack.
    pack: String,
}

impl RuleShown {
    pub(super) fn new(book: &RuleBook, head: &RuleHead) -> Self {
        let place = book.places().iter().find(|place| place.code == head.jurisdiction);
        Self {
            id: head.id.clone(),
            kind: name(head.kind),
            clause: head.clause.clone(),
            text: head.text.clone(),
            jurisdiction: head.jurisdiction.clone(),
            place: place.map(|place| place.name.clone()),
            place_en: place.map(|place| place.name_en.clone()),
            valid_from: head.valid_from.to_string(),
            valid_to: head.valid_to.map(|day| day.to_string()),
            confidence: name(head.confidence),
            event_classes: head.event_classes.clone(),
            not_classes: head.not_classes.clone(),
            note: head.note.clone(),
            pack: head.pack.clone(),
        }
    }
}

/// Rules.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RuleList {
    pub items: Vec<RuleShown>,
    pub next: Option<String>,
    pub total: usize,
}

/// A level and what leads to it.
#[derive(Debug, Serialize, ToSchema)]
struct LevelShown {
    /// Name of the level.
    level: String,
    /// The rule's own name for it.
    name: String,
    /// Conditions in Chinese words, any of which suffices; none when it is what remains.
    any: Vec<String>,
}

/// A range of fines.
#[derive(Debug, Serialize, ToSchema)]
struct FineShown {
    grade: String,
    from_yuan: u64,
    to_yuan: u64,
}

/// A whole rule.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RuleWhole {
    /// What every rule says.
    #[serde(flatten)]
    rule: RuleShown,
    /// Title of its pack.
    pack_title: String,
    /// Where the pack was taken from.
    pack_source: String,
    /// File of the pack.
    file: String,
    /// Line in that file.
    line: usize,
    /// Levels, the gravest first.
    levels: Vec<LevelShown>,
    /// Whether such events have no grade.
    ungraded: bool,
    /// Who reports.
    from: Vec<String>,
    /// Who is told, all at the same time.
    to: Vec<String>,
    /// `any`, `oral` or `written`.
    form: Option<String>,
    /// Limit or rhythm in Chinese words.
    limit: Option<String>,
    /// `occurred`, `learned` or `received`.
    start_event: Option<String>,
    /// Conditions in Chinese words.
    conditions: Vec<String>,
    /// What an update is about.
    update: Option<String>,
    /// Who may act.
    actors: Vec<String>,
    /// On whom.
    targets: Vec<String>,
    /// In which phases.
    phases: Vec<String>,
    /// `order`, `request` or `notify`; none where the rule forbids to order.
    may: Option<String>,
    /// What a paper must contain.
    items: Vec<String>,
    /// Who prevents.
    prevent: Vec<String>,
    /// Who rescues.
    rescue: Vec<String>,
    /// How the two are linked.
    link: Option<String>,
    /// Fines.
    fines: Vec<FineShown>,
    /// Other rules on the same topic: earlier and later law, other places.
    topic: Vec<RuleShown>,
}

impl RuleWhole {
    pub(super) fn new(book: &RuleBook, head: &RuleHead, place: &str) -> Self {
        let detail = book.detail(&head.id, place).unwrap_or_default();
        let pack = book.packs().iter().find(|pack| pack.id == head.pack);
        let related = book
            .heads()
            .filter(|other| other.topic == head.topic && other.id != head.id);
        let levels = detail.levels.into_iter().map(|level| LevelShown {
            level: level.level,
            name: level.name,
            any: level.any,
        });
        let fines = detail.fines.iter().map(|row| FineShown {
            grade: name(row.grade),
            from_yuan: row.from_yuan,
            to_yuan: row.to_yuan,
        });
        Self {
            rule: RuleShown::new(book, head),
            pack_title: pack.map(|pack| pack.title.clone()).unwrap_or_default(),
            pack_source: pack.map(|pack| pack.source.clone()).unwrap_or_default(),
            file: head.file.clone(),
            line: head.line,
            levels: levels.collect(),
            ungraded: detail.ungraded,
            from: detail.from,
            to: detail.to,
            form: detail.form.map(name),
            limit: detail.limit,
            start_event: detail.start_event.map(name),
            conditions: detail.conditions,
            update: detail.update.map(name),
            actors: detail.actors,
            targets: detail.targets,
            phases: detail.phases.iter().map(name).collect(),
            may: detail.may.map(name),
            items: detail.items,
            prevent: detail.prevent,
            rescue: detail.rescue,
            link: detail.link,
            fines: fines.collect(),
            topic: related.map(|other| RuleShown::new(book, other)).collect(),
        }
    }
}

/// A measure.
#[derive(Debug, Serialize, ToSchema)]
struct MeasureShown {
    id: String,
    name: String,
    name_en: String,
    unit: String,
    /// `count`, `amount` or `flag`.
    kind: String,
    group: String,
}

impl MeasureShown {
    fn new(measure: &Measure) -> Self {
        Self {
            id: measure.id.clone(),
            name: measure.name.clone(),
            name_en: measure.name_en.clone(),
            unit: measure.unit.clone(),
            kind: name(measure.kind),
            group: measure.group.clone(),
        }
    }
}

/// A pack.
#[derive(Debug, Serialize, ToSchema)]
struct PackShown {
    id: String,
    title: String,
    source: String,
    /// How many rules it holds.
    rules: usize,
}

/// A place for which there are rules.
#[derive(Debug, Serialize, ToSchema)]
struct PlaceShown {
    code: String,
    name: String,
    name_en: String,
}

/// What a form needs that asks about the law.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Catalogue {
    packs: Vec<PackShown>,
    places: Vec<PlaceShown>,
    measures: Vec<MeasureShown>,
}

impl Catalogue {
    pub(super) fn new(law: &Law, query: &PlaceQuery, day: Option<Day>) -> Self {
        let book = &law.book;
        let measures: Vec<&Measure> = match day {
            Some(day) if !query.event_class.is_empty() => {
                book.measures_for(&query.place, &query.event_class, day)
            }
            _ => book.measures().collect(),
        };
        let packs = book.packs().iter().map(|pack| PackShown {
            id: pack.id.clone(),
            title: pack.title.clone(),
            source: pack.source.clone(),
            rules: book.heads().filter(|head| head.pack == pack.id).count(),
        });
        let places = book.places().iter().map(|place| PlaceShown {
            code: place.code.clone(),
            name: place.name.clone(),
            name_en: place.name_en.clone(),
        });
        Self {
            packs: packs.filter(|pack| pack.rules > 0).collect(),
            places: places.collect(),
            measures: measures.into_iter().map(MeasureShown::new).collect(),
        }
    }
}

/// An event to try.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WhatIf {
    /// Division code where it happened; empty asks for what holds everywhere.
    #[serde(default)]
    pub place: String,
    /// The day it happened: the law of that day is asked.
    pub date: String,
    /// Event class, five digits.
    pub event_class: String,
    /// Known measures; what is left out is not known, which is not zero.
    #[serde(default)]
    pub facts: BTreeMap<String, f64>,
    /// 发生.
    pub occurred_at: Option<Timestamp>,
    /// 获悉.
    pub learned_at: Option<Timestamp>,
    /// 接报.
    pub received_at: Option<Timestamp>,
}

/// Why an answer is what it is.
#[derive(Debug, Serialize, ToSchema)]
struct WhyShown {
    /// Id of the rule.
    rule: String,
    /// Where it stands.
    clause: String,
    /// What it says.
    text: String,
    /// Whether the rule decides; an unconfirmed one only suggests.
    decides: bool,
    /// A remark on its source or its reading.
    note: Option<String>,
    /// Conditions that hold, in Chinese words.
    conditions: Vec<String>,
    /// The facts they read.
    inputs: BTreeMap<String, f64>,
    /// Ids of the rules that this one displaces.
    displaced: Vec<String>,
}

impl WhyShown {
    fn new(head: &Arc<RuleHead>, why: &Why) -> Self {
        Self {
            rule: head.id.clone(),
            clause: head.clause.clone(),
            text: head.text.clone(),
            decides: head.confidence == Confidence::Confirmed,
            note: head.note.clone(),
            conditions: why.readable.clone(),
            inputs: why.inputs.clone(),
            displaced: why.displaced.clone(),
        }
    }
}

/// A level under one rule.
#[derive(Debug, Serialize, ToSchema)]
struct LevelUnderRule {
    /// `extraordinary`, `major`, `large`, `ordinary`; `one` to `four`; `red`, `orange`, `yellow`, `blue`; or none.
    level: Option<String>,
    /// The rule's own name for it.
    name: String,
    /// Whether such events have no grade.
    ungraded: bool,
    /// Whether people who are missing made the difference.
    provisional: bool,
    /// Measures that are not known and could raise the level.
    unknown: Vec<String>,
    why: WhyShown,
}

impl LevelUnderRule {
    fn new<L: Serialize + Copy>(answer: &LevelAnswer<L>) -> Self {
        Self {
            level: answer.level.map(name),
            name: answer.name.clone(),
            ungraded: answer.ungraded,
            provisional: answer.provisional,
            unknown: answer.unknown.clone(),
            why: WhyShown::new(&answer.rule, &answer.why),
        }
    }
}

/// A report that is owed.
#[derive(Debug, Serialize, ToSchema)]
struct OwedReport {
    /// Who reports, for example `county.emergency`.
    from: String,
    from_name: String,
    /// Who is told.
    to: String,
    to_name: String,
    /// Whether others are told in the same act.
    together: bool,
    /// `any`, `oral` or `written`.
    form: String,
    /// The limit; none when the law sets no number.
    limit_minutes: Option<u32>,
    /// 立即. Where neither this nor a limit stands, the law says 及时.
    immediately: bool,
    /// `occurred`, `learned` or `received`.
    start_event: String,
    started_at: Option<Timestamp>,
    due_at: Option<Timestamp>,
    /// What it must contain.
    content: Vec<String>,
    why: WhyShown,
}

impl OwedReport {
    fn new(owed: &Obligation) -> Self {
        Self {
            from: owed.from.to_string(),
            from_name: owed.from_name.clone(),
            to: owed.to.to_string(),
            to_name: owed.to_name.clone(),
            together: !owed.together_with.is_empty(),
            form: name(owed.form),
            limit_minutes: owed.limit_minutes,
            immediately: owed.immediately,
            start_event: owed.start_event.id().to_owned(),
            started_at: instant(owed.started_at),
            due_at: instant(owed.due_at),
            content: owed.content.to_vec(),
            why: WhyShown::new(&owed.rule, &owed.why),
        }
    }
}

/// What follows a first report.
#[derive(Debug, Serialize, ToSchema)]
struct Following {
    /// `supplement`, `follow_up`, `zero_report`, `settlement`, `investigation`, `reply` or `release`.
    kind: String,
    /// Who owes it, when the rule says.
    by_name: Option<String>,
    /// The time in Chinese words.
    span: String,
    start_event: String,
    started_at: Option<Timestamp>,
    due_at: Option<Timestamp>,
    extension_days: Option<u32>,
    /// Whether the holidays of that year are known and confirmed; working days count on them.
    calendar_confirmed: bool,
    why: WhyShown,
}

impl Following {
    fn new(book: &RuleBook, place: &str, update: &Update) -> Self {
        Self {
            kind: name(update.kind),
            by_name: update.by.as_ref().map(|by| book.party_name(by, place)),
            span: update.span.words(),
            start_event: update.start_event.id().to_owned(),
            started_at: instant(update.started_at),
            due_at: instant(update.due_at),
            extension_days: update.extension_days,
            calendar_confirmed: update.calendar_confirmed,
            why: WhyShown::new(&update.rule, &update.why),
        }
    }
}

/// Who prevents and who rescues.
#[derive(Debug, Serialize, ToSchema)]
struct DutyShown {
    prevent: Vec<String>,
    rescue: Vec<String>,
    link: Option<String>,
    why: WhyShown,
}

impl DutyShown {
    fn new(book: &RuleBook, duty: &DutyAnswer) -> Self {
        Self {
            prevent: book.body_names(&duty.prevent),
            rescue: book.body_names(&duty.rescue),
            link: duty.link.clone(),
            why: WhyShown::new(&duty.rule, &Why::default()),
        }
    }
}

/// What the law says of an event.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WhatIfAnswer {
    /// The gravest grade that a confirmed rule gives.
    grade: Option<LevelUnderRule>,
    /// Every grade under every rule that holds.
    grades: Vec<LevelUnderRule>,
    /// Levels of response: another scale.
    responses: Vec<LevelUnderRule>,
    /// Levels of warning: a third scale.
    warnings: Vec<LevelUnderRule>,
    /// Who owes whom a report.
    reports: Vec<OwedReport>,
    /// What follows the first report.
    updates: Vec<Following>,
    /// Who prevents and who rescues.
    duties: Vec<DutyShown>,
}

impl WhatIfAnswer {
    pub(super) fn new(book: &RuleBook, case: &Case<'_>, times: &Times) -> Self {
        let updates = book.updates(case, times);
        let duties = book.duties(case.division, case.event_class, case.day);
        Self {
            grade: book.event_grade(case).as_ref().map(LevelUnderRule::new),
            grades: book.grades(case).iter().map(LevelUnderRule::new).collect(),
            responses: book.responses(case).iter().map(LevelUnderRule::new).collect(),
            warnings: book.warnings(case).iter().map(LevelUnderRule::new).collect(),
            reports: book
                .obligations(case, None, times)
                .iter()
                .map(OwedReport::new)
                .collect(),
            updates: updates
                .iter()
                .map(|update| Following::new(book, case.division, update))
                .collect(),
            duties: duties.iter().map(|duty| DutyShown::new(book, duty)).collect(),
        }
    }
}
