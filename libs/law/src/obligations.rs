//! Who must report to whom, in what form, by when; and what follows the first report.

use std::sync::Arc;

use serde::Serialize;

use crate::book::{Holding, Reading, RuleBook, Why};
use crate::calendar::Moment;
use crate::facts::Case;
use crate::level::Grade;
use crate::pack::{Confidence, Form, StartEvent, UpdateKind};
use crate::party::Party;
use crate::rule::{Reporting, RuleBody, RuleHead, RuleKind, Span, Updating};
use crate::units::{MINUTES_PER_DAY, MINUTES_PER_HOUR};

/// The times of a unit's knowledge. They are three, and none stands for another unless it must.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Times {
    /// 发生: when it happened.
    pub occurred: Option<Moment>,
    /// 获悉: when the unit came to know.
    pub learned: Option<Moment>,
    /// 接报: when the unit received a report.
    pub received: Option<Moment>,
}

impl Times {
    /// Gives the time of a start event. Who received a report came to know by it, and who came to know without a
    /// report counts from then; when it happened is never taken from either.
    pub fn of(&self, start: StartEvent) -> Option<Moment> {
        match start {
            StartEvent::Occurred => self.occurred,
            StartEvent::Learned => self.learned.or(self.received),
            StartEvent::Received => self.received.or(self.learned),
        }
    }
}

/// A report that one body owes another.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Obligation {
    /// The rule.
    pub rule: Arc<RuleHead>,
    /// Whether the rule decides; an unconfirmed one only suggests.
    pub decides: bool,
    /// Who reports.
    pub from: Party,
    /// Who is told.
    pub to: Party,
    /// What the one who reports is called in the place.
    pub from_name: String,
    /// What the one who is told is called in the place.
    pub to_name: String,
    /// Who is told at the same time, in the same act.
    pub together_with: Vec<Party>,
    /// In what form.
    pub form: Form,
    /// The limit; none when the law sets no number.
    pub limit_minutes: Option<u32>,
    /// 立即: it is due as soon as the clock starts. Where neither this nor a limit stands, the law says 及时.
    pub immediately: bool,
    /// What starts the clock.
    pub start_event: StartEvent,
    /// When the clock started; none when the time is not known.
    pub started_at: Option<Moment>,
    /// When the report is due; none when the start is not known or the law sets no number.
    pub due_at: Option<Moment>,
    /// What the report must contain.
    pub content: Arc<[String]>,
    /// Why.
    pub why: Why,
}

/// What follows a first report.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Update {
    /// The rule.
    pub rule: Arc<RuleHead>,
    /// Whether the rule decides; an unconfirmed one only suggests.
    pub decides: bool,
    /// What it is about.
    pub kind: UpdateKind,
    /// Who owes it, when the rule says.
    pub by: Option<Party>,
    /// The time the law sets.
    pub span: Span,
    /// What starts it.
    pub start_event: StartEvent,
    /// When it started; none when the time is not known.
    pub started_at: Option<Moment>,
    /// When it is due, or next due.
    pub due_at: Option<Moment>,
    /// Days by which the time may be extended.
    pub extension_days: Option<u32>,
    /// Whether the holidays of that year are known and confirmed; working days count on them.
    pub calendar_confirmed: bool,
    /// Why.
    pub why: Why,
}

impl RuleBook {
    /// Gives every report that is due about an event: those of one holder when it is given, else those of all.
    ///
    /// `times` are the holder's. Conditions that are not known to hold lead to nothing.
    pub fn obligations(&self, case: &Case<'_>, holder: Option<&Party>, times: &Times) -> Vec<Obligation> {
        let holding = self.holding(
            RuleKind::Reporting,
            case.division,
            Some(case.event_class),
            case.day,
        );
        let worst = self.worst(case);
        let mut owed = Vec::new();
        for found in &holding {
            let RuleBody::Reporting(reporting) = &found.rule.body else {
                continue;
            };
            let from = reporting
                .from
                .iter()
                .filter(|from| holder.is_none_or(|holder| holder == *from));
            let from: Vec<&Party> = from.collect();
            if from.is_empty() {
                continue;
            }
            let Some(why) = self.applies(found, reporting, case, worst) else {
                continue;
            };
            for from in from {
                owed.extend(
                    self.owed(found, reporting, case, from, times)
                        .map(|obligation| Obligation {
                            why: why.clone(),
                            ..obligation
                        }),
                );
            }
        }
        owed
    }

    /// Gives the why when the conditions of a reporting rule hold.
    fn applies(
        &self,
        found: &Holding<'_>,
        reporting: &Reporting,
        case: &Case<'_>,
        worst: Option<Grade>,
    ) -> Option<Why> {
        let grade = match &reporting.grade_of {
            Some(id) => self.rule(id).and_then(|rule| rule.grade(case.facts)),
            None => worst,
        };
        let reading = Reading {
            facts: case.facts,
            grade,
            hidden: None,
        };
        let conditions = reading.holding(&reporting.any);
        if conditions.is_empty() && !reporting.any.is_empty() {
            return None;
        }
        Some(Why::new(&conditions, &reading, &found.displaced))
    }

    fn owed<'o>(
        &'o self,
        found: &'o Holding<'_>,
        reporting: &'o Reporting,
        case: &'o Case<'_>,
        from: &'o Party,
        times: &'o Times,
    ) -> impl Iterator<Item = Obligation> + 'o {
        let started_at = times.of(reporting.start_event);
        let due_at = match (reporting.limit_minutes, reporting.immediately) {
            (Some(limit), _) => started_at.map(|start| start.plus_minutes(limit)),
            (None, true) => started_at,
            (None, false) => None,
        };
        let content = reporting
            .content
            .as_deref()
            .map(|id| self.items(id))
            .unwrap_or_default();
        reporting.to.iter().map(move |to| Obligation {
            rule: Arc::clone(&found.rule.head),
            decides: found.rule.head.decides(),
            from: from.clone(),
            to: to.clone(),
            from_name: self.party_name(from, case.division),
            to_name: self.party_name(to, case.division),
            together_with: reporting
                .to
                .iter()
                .filter(|other| *other != to)
                .cloned()
                .collect(),
            form: reporting.form,
            limit_minutes: reporting.limit_minutes,
            immediately: reporting.immediately,
            start_event: reporting.start_event,
            started_at,
            due_at,
            content: Arc::clone(&content),
            why: Why::default(),
        })
    }

    fn items(&self, id: &str) -> Arc<[String]> {
        match self.rule(id).map(|rule| &rule.body) {
            Some(RuleBody::Content { items, .. }) => Arc::clone(items),
            _ => Arc::default(),
        }
    }

    /// Gives what follows the first report of an event: changes to report, rhythms, investigations.
    /// Plans and their filing are not events; [`RuleBook::span`] gives their times.
    pub fn updates(&self, case: &Case<'_>, times: &Times) -> Vec<Update> {
        let worst = self.worst(case);
        let reading = Reading {
            facts: case.facts,
            grade: worst,
            hidden: None,
        };
        let holding = self.holding(RuleKind::Update, case.division, Some(case.event_class), case.day);
        let mut updates = Vec::new();
        for found in &holding {
            let RuleBody::Update(updating) = &found.rule.body else {
                continue;
            };
            if updating.kind == UpdateKind::Filing {
                continue;
            }
            let conditions = reading.holding(&updating.any);
            if conditions.is_empty() && !updating.any.is_empty() {
                continue;
            }
            let why = Why::new(&conditions, &reading, &found.displaced);
            updates.push(self.update(found, updating, times, why));
        }
        updates
    }

    fn update(&self, found: &Holding<'_>, updating: &Updating, times: &Times, why: Why) -> Update {
        let started_at = times.of(updating.start_event);
        Update {
            rule: Arc::clone(&found.rule.head),
            decides: found.rule.head.decides(),
            kind: updating.kind,
            by: updating.by.clone(),
            span: updating.span,
            start_event: updating.start_event,
            started_at,
            due_at: started_at.map(|start| self.due(start, updating.span)),
            extension_days: updating.extension_days,
            calendar_confirmed: self.calendar_confirmed(started_at, updating.span),
            why,
        }
    }

    /// Gives the time an update rule sets, for example for filing a plan.
    pub fn span(&self, id: &str) -> Option<Span> {
        match self.rule(id).map(|rule| &rule.body) {
            Some(RuleBody::Update(updating)) => Some(updating.span),
            _ => None,
        }
    }

    /// Gives the moment at which a span ends that starts at a moment. Days end at midnight in China.
    pub fn due(&self, start: Moment, span: Span) -> Moment {
        match span {
            Span::EveryMinutes(minutes) | Span::WithinMinutes(minutes) => start.plus_minutes(minutes),
            Span::EveryDays(days) => start.plus_minutes(days.saturating_mul(MINUTES_PER_DAY)),
            Span::WithinDays(days) => start.day().plus_days(days).end(),
            Span::WithinWorkingDays(days) => self.holidays.after(start.day(), days).end(),
        }
    }

    fn calendar_confirmed(&self, start: Option<Moment>, span: Span) -> bool {
        let (Span::WithinWorkingDays(_), Some(start)) = (span, start) else {
            return true;
        };
        let confirmed = |(_, confidence): &(String, Confidence)| *confidence == Confidence::Confirmed;
        self.holidays.knows(start.day()) && self.holiday_sources.iter().all(confirmed)
    }
}

impl Span {
    /// Says it in Chinese words.
    pub fn words(self) -> String {
        match self {
            Self::EveryMinutes(minutes) => format!("每{}", duration(minutes)),
            Self::EveryDays(days) => format!("每{days}日"),
            Self::WithinMinutes(minutes) => format!("{}内", duration(minutes)),
            Self::WithinDays(days) => format!("{days}日内"),
            Self::WithinWorkingDays(days) => format!("{days}个工作日内"),
        }
    }
}

/// Says a time in Chinese words: in hours when it is whole hours.
pub(crate) fn duration(minutes: u32) -> String {
    match (minutes / MINUTES_PER_HOUR, minutes % MINUTES_PER_HOUR) {
        (hours, 0) => format!("{hours}小时"),
        _ => format!("{minutes}分钟"),
    }
}
