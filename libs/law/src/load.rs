//! Reading, checking and compiling packs. A broken one is refused with its file, its line and what was expected.

use std::collections::BTreeMap;
use std::sync::Arc;

use toml::Spanned;

use crate::book::{ReportingRule, RuleBook};
use crate::condition::{Condition, GRADE};
use crate::level::{Grade, Level};
use crate::pack::{PackAbout, RawFine, RawGrade, RawHead, RawLevel, RawPack, RawReporting, StartEvent};
use crate::party::Party;
use crate::rule::{Authorising, Duties, FineRow, Reporting, Rule, RuleBody, RuleHead, RuleKind, Step};
use crate::units::{CLASS_DIGITS, MINUTES_PER_YEAR};

/// Says why a pack was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {reason}")]
pub struct RuleError {
    /// File of the pack.
    pub file: String,
    /// Line in it, from 1.
    pub line: usize,
    /// What is wrong and what was expected.
    pub reason: String,
}

/// A pack that was read; whether it fits the others is seen when all are compiled.
#[derive(Debug, Clone)]
pub struct Pack {
    file: String,
    text: String,
    raw: RawPack,
}

impl Pack {
    /// Reads a pack.
    pub fn parse(file: &str, text: &str) -> Result<Self, RuleError> {
        let raw = toml::from_str(text).map_err(|error| unreadable(file, text, &error))?;
        Ok(Self {
            file: file.to_owned(),
            text: text.to_owned(),
            raw,
        })
    }

    /// What the pack says of itself.
    pub fn about(&self) -> &PackAbout {
        &self.raw.pack
    }

    fn refuse<T>(&self, at: &Spanned<T>, reason: impl Into<String>) -> RuleError {
        RuleError {
            file: self.file.clone(),
            line: line_at(&self.text, at.span().start),
            reason: reason.into(),
        }
    }
}

/// Gives the refusal of a text that is not TOML or not of the expected form.
pub(crate) fn unreadable(file: &str, text: &str, error: &toml::de::Error) -> RuleError {
    RuleError {
        file: file.to_owned(),
        line: error.span().map_or(1, |span| line_at(text, span.start)),
        reason: error.message().to_owned(),
    }
}

/// Gives the line of a byte, from 1.
pub(crate) fn line_at(text: &str, byte: usize) -> usize {
    let before = text.as_bytes().get(..byte).unwrap_or(text.as_bytes());
    1 + before.split(|byte| *byte == b'\n').count().saturating_sub(1)
}

impl RuleBook {
    /// Reads and compiles packs, given as pairs of file name and text.
    pub fn load(packs: &[(&str, &str)]) -> Result<Self, RuleError> {
        let packs = packs
            .iter()
            .map(|(file, text)| Pack::parse(file, text))
            .collect::<Result<Vec<_>, _>>()?;
        Self::compile(&packs.iter().collect::<Vec<_>>())
    }

    /// Compiles packs. Of equally specific rules with one topic, that of the later pack decides.
    pub fn compile(packs: &[&Pack]) -> Result<Self, RuleError> {
        let mut book = Self::default();
        for pack in packs {
            book.define(pack)?;
        }
        for pack in packs {
            Compiler {
                book: &mut book,
                pack,
            }
            .pack()?;
        }
        for pack in packs {
            book.check_references(pack)?;
        }
        book.index();
        Ok(book)
    }

    /// Takes what a pack defines for all packs: measures, bodies, names, holidays.
    fn define(&mut self, pack: &Pack) -> Result<(), RuleError> {
        let refuse = |reason: String| RuleError {
            file: pack.file.clone(),
            line: 1,
            reason,
        };
        for measure in &pack.raw.measure {
            if self
                .measures
                .insert(measure.id.clone(), measure.clone())
                .is_some()
            {
                return Err(refuse(format!("the measure {} is defined twice", measure.id)));
            }
            self.measure_order.push(measure.id.clone());
        }
        for body in &pack.raw.body {
            if self.bodies.insert(body.id.clone(), body.clone()).is_some() {
                return Err(refuse(format!("the body {} is defined twice", body.id)));
            }
        }
        self.places.extend(pack.raw.place.iter().cloned());
        self.names.extend(pack.raw.party.iter().cloned());
        for year in &pack.raw.holiday {
            self.holidays.off.extend(year.off.iter().copied());
            self.holidays.worked.extend(year.worked.iter().copied());
            self.holiday_sources.push((year.clause.clone(), year.confidence));
        }
        self.packs.push(pack.raw.pack.clone());
        Ok(())
    }

    fn check_references(&self, pack: &Pack) -> Result<(), RuleError> {
        for raw in &pack.raw.reporting {
            let wanted = [
                (&raw.content, RuleKind::Content),
                (&raw.grade_of, RuleKind::Grade),
            ];
            for (reference, kind) in wanted {
                let Some(reference) = reference else { continue };
                let found = self
                    .ids
                    .get(reference.get_ref())
                    .and_then(|at| self.rules.get(*at));
                if found.is_none_or(|rule| rule.head.kind != kind) {
                    let reason = format!("there is no {kind:?} rule `{}`", reference.get_ref());
                    return Err(pack.refuse(reference, reason));
                }
            }
        }
        Ok(())
    }
}

struct Compiler<'b> {
    book: &'b mut RuleBook,
    pack: &'b Pack,
}

impl Compiler<'_> {
    fn pack(&mut self) -> Result<(), RuleError> {
        let pack = self.pack;
        for raw in &pack.raw.grade {
            let body = self.grade(raw)?;
            self.add(&raw.head(), RuleKind::Grade, body)?;
        }
        for raw in &pack.raw.response {
            let body = RuleBody::Response(self.steps(&raw.id, &raw.levels)?);
            self.add(&raw.head(), RuleKind::Response, body)?;
        }
        for raw in &pack.raw.warning {
            let body = RuleBody::Warning(self.steps(&raw.id, &raw.levels)?);
            self.add(&raw.head(), RuleKind::Warning, body)?;
        }
        for raw in &pack.raw.reporting {
            self.reporting(raw)?;
        }
        for raw in &pack.raw.update {
            let any = self.conditions(&raw.any)?;
            let updating = raw.compile(any).map_err(|reason| pack.refuse(&raw.id, reason))?;
            if let Some(by) = &raw.by {
                self.bodies(&raw.id, [by.body.as_str()])?;
            }
            self.add(&raw.head(), RuleKind::Update, RuleBody::Update(updating))?;
        }
        self.powers_and_papers()
    }

    fn powers_and_papers(&mut self) -> Result<(), RuleError> {
        let pack = self.pack;
        for raw in &pack.raw.authority {
            let named = raw.actors.iter().chain(&raw.targets);
            self.bodies(&raw.id, named.map(String::as_str))?;
            if raw.may.is_some() == raw.may_not || raw.phases.is_empty() {
                let reason = "expected phases, and either may = \"order\", \"request\" or \"notify\", or may_not = true";
                return Err(pack.refuse(&raw.id, reason));
            }
            let body = RuleBody::Authority(Authorising {
                actors: raw.actors.clone(),
                targets: raw.targets.clone(),
                phases: raw.phases.clone(),
                may: raw.may,
            });
            self.add(&raw.head(), RuleKind::Authority, body)?;
        }
        for raw in &pack.raw.content {
            let (purpose, items) = (raw.purpose.clone(), raw.items.as_slice().into());
            self.add(
                &raw.head(),
                RuleKind::Content,
                RuleBody::Content { purpose, items },
            )?;
        }
        for raw in &pack.raw.duty {
            let named = raw.prevent.iter().chain(&raw.rescue);
            self.bodies(&raw.id, named.map(String::as_str))?;
            let body = RuleBody::Duty(Duties {
                prevent: raw.prevent.clone(),
                rescue: raw.rescue.clone(),
                link: raw.link.clone(),
            });
            self.add(&raw.head(), RuleKind::Duty, body)?;
        }
        for raw in &pack.raw.fine {
            let body = self.fine(raw)?;
            self.add(&raw.head(), RuleKind::Fine, body)?;
        }
        Ok(())
    }

    fn add(&mut self, raw: &RawHead<'_>, kind: RuleKind, body: RuleBody) -> Result<(), RuleError> {
        let head = self.head(raw, kind)?;
        let at = self.book.rules.len();
        if self.book.ids.insert(head.id.clone(), at).is_some() {
            let reason = format!("the rule {} is defined twice", head.id);
            return Err(self.pack.refuse(raw.id, reason));
        }
        let head = Arc::new(head);
        self.book.rules.push(Rule { head, body });
        Ok(())
    }

    fn head(&self, raw: &RawHead<'_>, kind: RuleKind) -> Result<RuleHead, RuleError> {
        let refuse = |reason: String| {
            self.pack
                .refuse(raw.id, format!("rule {}: {reason}", raw.id.get_ref()))
        };
        let id = raw.id.get_ref();
        let letters = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(&byte);
        if id.is_empty() || !id.bytes().all(letters) {
            return Err(refuse(
                "expected an id of small letters, digits, points, _ and -".to_owned(),
            ));
        }
        if raw.clause.trim().is_empty() || raw.text.trim().is_empty() {
            return Err(refuse("expected a clause and a text".to_owned()));
        }
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(raw.jurisdiction) || raw.jurisdiction.len() == 1 {
            let given = raw.jurisdiction;
            return Err(refuse(format!(
                "`{given}` is not a division code such as 15, 1501 or 150125"
            )));
        }
        let is_class = |class: &&String| class.is_empty() || class.len() > CLASS_DIGITS || !digits(class);
        if let Some(wrong) = raw.event_classes.iter().chain(raw.not_classes).find(is_class) {
            return Err(refuse(format!(
                "`{wrong}` is not the beginning of an event class such as 2 or 20100"
            )));
        }
        let valid_from = raw.valid_from.parse().map_err(refuse)?;
        let valid_to = raw.valid_to.map(str::parse).transpose().map_err(refuse)?;
        if valid_to.is_some_and(|last| last < valid_from) {
            return Err(refuse("valid_to is before valid_from".to_owned()));
        }
        Ok(RuleHead {
            id: id.clone(),
            kind,
            clause: raw.clause.to_owned(),
            text: raw.text.to_owned(),
            jurisdiction: raw.jurisdiction.to_owned(),
            valid_from,
            valid_to,
            confidence: raw.confidence,
            event_classes: raw.event_classes.to_vec(),
            not_classes: raw.not_classes.to_vec(),
            topic: raw.topic.unwrap_or(id).to_owned(),
            note: raw.note.map(str::to_owned),
            pack: self.pack.raw.pack.id.clone(),
            file: self.pack.file.clone(),
            line: line_at(&self.pack.text, raw.id.span().start),
        })
    }

    fn grade(&self, raw: &RawGrade) -> Result<RuleBody, RuleError> {
        if raw.ungraded {
            if raw.levels.is_empty() {
                return Ok(RuleBody::Grade {
                    steps: Vec::new(),
                    ungraded: true,
                });
            }
            return Err(self.pack.refuse(&raw.id, "an ungraded rule has no levels"));
        }
        let steps = self.steps(&raw.id, &raw.levels)?;
        Ok(RuleBody::Grade {
            steps,
            ungraded: false,
        })
    }

    fn steps<L: Level>(&self, id: &Spanned<String>, raw: &[RawLevel]) -> Result<Vec<Step<L>>, RuleError> {
        let mut steps: Vec<Step<L>> = Vec::new();
        for row in raw {
            let name = row.level.get_ref();
            let Some(level) = L::from_name(name) else {
                let names: Vec<&str> = L::ALL.iter().map(|level| level.name()).collect();
                let reason = format!("`{name}` is not a level; expected {}", names.join(", "));
                return Err(self.pack.refuse(&row.level, reason));
            };
            if steps
                .last()
                .is_some_and(|above| above.otherwise || above.level <= level)
            {
                return Err(self
                    .pack
                    .refuse(&row.level, "levels go from the gravest down, each once"));
            }
            if row.any.is_empty() != row.otherwise {
                let reason = "a level has either conditions in any = […] or otherwise = true";
                return Err(self.pack.refuse(&row.level, reason));
            }
            steps.push(Step {
                level,
                name: row.name.clone().unwrap_or_else(|| name.clone()),
                any: self.conditions(&row.any)?,
                otherwise: row.otherwise,
            });
        }
        if steps.is_empty() {
            return Err(self.pack.refuse(id, "expected at least one level"));
        }
        Ok(steps)
    }

    fn conditions(&self, raw: &[Spanned<String>]) -> Result<Vec<Condition>, RuleError> {
        let mut conditions = Vec::new();
        for source in raw {
            let mut condition =
                Condition::parse(source.get_ref()).map_err(|reason| self.pack.refuse(source, reason))?;
            let stranger = condition
                .measures()
                .find(|name| *name != GRADE && !self.book.measures.contains_key(*name));
            if let Some(stranger) = stranger {
                let reason = format!("there is no measure `{stranger}`; define it in a [[measure]]");
                return Err(self.pack.refuse(source, reason));
            }
            condition.readable = self.book.readable(&condition);
            conditions.push(condition);
        }
        Ok(conditions)
    }

    fn bodies<'n, I: IntoIterator<Item = &'n str>>(
        &self,
        at: &Spanned<String>,
        named: I,
    ) -> Result<(), RuleError> {
        let mut named = named.into_iter();
        match named.find(|body| !self.book.bodies.contains_key(*body)) {
            Some(stranger) => {
                let reason = format!("there is no body `{stranger}`; define it in a [[body]]");
                Err(self.pack.refuse(at, reason))
            }
            None => Ok(()),
        }
    }

    fn reporting(&mut self, raw: &RawReporting) -> Result<(), RuleError> {
        let id = raw.id.get_ref();
        let refuse = |reason: &str| self.pack.refuse(&raw.id, format!("rule {id}: {reason}"));
        let ways = [raw.limit_minutes.is_some(), raw.immediately, raw.promptly];
        if ways.into_iter().filter(|way| *way).count() != 1 {
            return Err(refuse(
                "expected one of limit_minutes, immediately = true, promptly = true",
            ));
        }
        if raw
            .limit_minutes
            .is_some_and(|limit| limit == 0 || limit > MINUTES_PER_YEAR)
        {
            return Err(refuse("limit_minutes is not between a minute and a year"));
        }
        if raw.from.is_empty() || raw.to.is_empty() {
            return Err(refuse("expected who reports in from and who is told in to"));
        }
        let parties: &[&[Party]] = &[&raw.from, &raw.to];
        let named = parties.iter().flat_map(|parties| parties.iter());
        self.bodies(&raw.id, named.map(|party| party.body.as_str()))?;
        let reporting = Reporting {
            from: raw.from.clone(),
            to: raw.to.clone(),
            form: raw.form,
            limit_minutes: raw.limit_minutes,
            immediately: raw.immediately,
            start_event: raw.start_event,
            any: self.conditions(&raw.any)?,
            grade_of: raw.grade_of.as_ref().map(|id| id.get_ref().clone()),
            content: raw.content.as_ref().map(|id| id.get_ref().clone()),
        };
        self.add(&raw.head(), RuleKind::Reporting, RuleBody::Reporting(reporting))?;
        if let (true, Some(limit_minutes)) = (raw.ladder, raw.limit_minutes) {
            let rule = ReportingRule {
                id: id.clone(),
                clause: raw.clause.clone(),
                text: raw.text.clone(),
                limit_minutes,
                start_event: raw.start_event.id().to_owned(),
            };
            self.book.ladder.insert(id.clone(), rule);
        }
        Ok(())
    }

    fn fine(&self, raw: &RawFine) -> Result<RuleBody, RuleError> {
        let mut rows = Vec::new();
        for row in &raw.rows {
            let Some(grade) = Grade::from_name(row.grade.get_ref()) else {
                return Err(self
                    .pack
                    .refuse(&row.grade, "expected 特别重大, 重大, 较大 or 一般"));
            };
            if row.from_yuan >= row.to_yuan {
                return Err(self
                    .pack
                    .refuse(&row.grade, "expected from_yuan to be less than to_yuan"));
            }
            rows.push(FineRow {
                grade,
                from_yuan: row.from_yuan,
                to_yuan: row.to_yuan,
            });
        }
        let offence = raw.offence.clone();
        Ok(RuleBody::Fine { offence, rows })
    }
}

impl crate::pack::RawUpdate {
    fn compile(&self, any: Vec<Condition>) -> Result<crate::rule::Updating, String> {
        use crate::rule::Span;
        let spans = [
            self.every_minutes.map(Span::EveryMinutes),
            self.every_days.map(Span::EveryDays),
            self.within_minutes.map(Span::WithinMinutes),
            self.within_days.map(Span::WithinDays),
            self.within_working_days.map(Span::WithinWorkingDays),
        ];
        let mut spans = spans.into_iter().flatten();
        match (spans.next(), spans.next()) {
            (Some(span), None) => Ok(crate::rule::Updating {
                kind: self.kind,
                start_event: self.start_event.unwrap_or(StartEvent::Occurred),
                span,
                extension_days: self.extension_days,
                any,
                by: self.by.clone(),
            }),
            _ => Err(
                "expected one of every_minutes, every_days, within_minutes, within_days, within_working_days"
                    .to_owned(),
            ),
        }
    }
}

/// Rules of each kind, by their places in the book.
pub(crate) type ByKind = BTreeMap<RuleKind, Vec<usize>>;
