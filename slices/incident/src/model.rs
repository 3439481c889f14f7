//! What an incident is, and the one fold by which facts change it.

use anlan_foundation::Timestamp;
use anlan_ledger::Sealed;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::facts::{CasualtyStated, Fact, Owed, Point, Received, ReportedUp, RuleRef, TimeStated};

/// A unit by id and name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UnitRef {
    /// Id.
    #[serde(rename = "unit_id")]
    pub id: String,
    /// Name, as it was then.
    #[serde(rename = "unit_name")]
    pub name: String,
    /// Division it acts for.
    #[serde(default)]
    pub division: String,
}

/// When and where in the ledger a fact was recorded.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// Position in the ledger.
    pub position: u64,
    /// Recording time.
    pub at: Timestamp,
    /// Name of whoever acted.
    pub by: String,
}

/// How far an incident has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// 已接报.
    #[default]
    Received,
    /// 已上报.
    Reported,
    /// 已核实.
    Verified,
    /// 已办结.
    Closed,
    /// 不属实.
    Dismissed,
}

/// A casualty statement with its place in the incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Assertion {
    /// Number within the incident, from 1.
    pub number: u32,
    /// What was stated.
    #[serde(flatten)]
    pub stated: CasualtyStated,
    /// When it was recorded.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// The statement that replaced it.
    pub superseded_by: Option<u32>,
}

/// A time with who recorded it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TimeOf {
    /// What was stated.
    #[serde(flatten)]
    pub stated: TimeStated,
    /// When the statement was recorded.
    pub recorded_at: Timestamp,
    /// By whom.
    pub by: String,
}

/// A report from one unit to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Report {
    /// Number within the incident, from 1.
    pub number: u32,
    /// Who reported.
    pub from_unit: UnitRef,
    /// To whom.
    pub to_unit: UnitRef,
    /// When it was sent, which on one node is when it arrived.
    pub sent_at: Timestamp,
    /// Who sent it.
    pub sent_by: String,
    /// Words added to the facts.
    pub text: String,
    /// Whether it came after its deadline.
    pub late: bool,
    /// When it was acknowledged.
    pub acknowledged_at: Option<Timestamp>,
    /// By whom.
    pub acknowledged_by: Option<String>,
}

/// Something owed, with its clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Obligation {
    /// Number within the incident, from 1.
    pub number: u32,
    /// Who owes.
    pub from_unit: UnitRef,
    /// Whom.
    pub to_unit: UnitRef,
    /// When the clock started.
    pub started_at: Timestamp,
    /// When it ends.
    pub due_at: Timestamp,
    /// When it was met.
    pub met_at: Option<Timestamp>,
    /// Whether its passing was recorded.
    pub passed: bool,
    /// Whether that record came late because the node was down.
    pub late_because_down: bool,
    /// Why it is owed.
    pub rule: RuleRef,
}

impl Obligation {
    /// Whether it is unmet and its time is over.
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        self.met_at.is_none() && now > self.due_at
    }
}

/// What was written when: verification, follow-ups, the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Note {
    /// `verified`, `followed_up` or `closed`.
    pub kind: String,
    /// Verdict or outcome, if any.
    pub verdict: Option<String>,
    /// In words.
    pub text: String,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
}

/// An incident: the sum of its facts.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Incident {
    /// Id.
    pub id: String,
    /// Number for people.
    pub code: String,
    /// How far it has come.
    pub status: Status,
    /// How it was reported.
    pub channel: String,
    /// Event class.
    pub event_class: String,
    /// Title.
    pub title: String,
    /// What was said.
    pub text: String,
    /// Division.
    pub division: String,
    /// Its full name.
    pub division_name: String,
    /// Address in words.
    pub address: Option<String>,
    /// Point on the map.
    pub point: Option<Point>,
    /// Name of the caller, sealed.
    pub caller_name: Option<Sealed>,
    /// Number of the caller, sealed.
    pub caller_phone: Option<Sealed>,
    /// Every time that was stated, oldest statement first.
    pub times: Vec<TimeOf>,
    /// Every figure that was stated.
    pub assertions: Vec<Assertion>,
    /// Reports upward.
    pub reports: Vec<Report>,
    /// What is and was owed.
    pub obligations: Vec<Obligation>,
    /// Verification, follow-ups, the end.
    pub notes: Vec<Note>,
    /// Who took it.
    pub taken_by: UnitRef,
    /// The highest unit that has it.
    pub holder: UnitRef,
    /// Recording time of the first fact, in microseconds.
    pub recorded_at: Option<Timestamp>,
    /// Position of the newest fact.
    pub position: u64,
    /// Number of facts.
    pub version: u64,
}

impl Incident {
    /// Starts an incident that has no facts yet.
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            ..Self::default()
        }
    }

    /// Folds one fact in. The same function serves the tables, a rebuild, and every look at an earlier moment.
    pub fn apply(&mut self, fact: &Fact, recorded: &Recorded) {
        match fact {
            Fact::Received(received) => self.receive(received, recorded),
            Fact::ReportedUp(report) => self.report(report, recorded),
            Fact::Acknowledged(ack) => {
                if let Some(report) = self.reports.iter_mut().find(|report| report.number == ack.report) {
                    report.acknowledged_at = Some(recorded.at);
                    report.acknowledged_by = Some(recorded.by.clone());
                }
            }
            Fact::Verified(verified) => {
                self.note("verified", Some(&verified.verdict), &verified.note, recorded);
                self.status = Status::Verified;
            }
            Fact::FollowedUp(follow_up) => {
                self.note("followed_up", None, &follow_up.text, recorded);
                follow_up
                    .casualties
                    .iter()
                    .for_each(|stated| self.assert(stated, recorded));
            }
            Fact::CasualtyStated(stated) => self.assert(stated, recorded),
            Fact::TimeStated(stated) => self.state_time(stated, recorded),
            Fact::Closed(closed) => {
                self.note("closed", Some(&closed.outcome), &closed.text, recorded);
                self.status = if closed.outcome == "dismissed" {
                    Status::Dismissed
                } else {
                    Status::Closed
                };
            }
            Fact::DeadlinePassed(passed) => {
                if let Some(owed) = self
                    .obligations
                    .iter_mut()
                    .find(|owed| owed.number == passed.obligation)
                {
                    owed.passed = true;
                    owed.late_because_down = passed.late_because_down;
                }
            }
            Fact::CallerRevealed(_) => {}
        }
        self.position = recorded.position;
        self.version += 1;
    }

    fn receive(&mut self, received: &Received, recorded: &Recorded) {
        self.code.clone_from(&received.code);
        self.channel.clone_from(&received.channel);
        self.event_class.clone_from(&received.event_class);
        self.title.clone_from(&received.title);
        self.text.clone_from(&received.text);
        self.division.clone_from(&received.division);
        self.division_name.clone_from(&received.division_name);
        self.address.clone_from(&received.address);
        self.point = received.point;
        self.caller_name.clone_from(&received.caller_name);
        self.caller_phone.clone_from(&received.caller_phone);
        self.taken_by.clone_from(&received.taken_by);
        self.holder.clone_from(&received.taken_by);
        self.recorded_at = Some(recorded.at);
        received
            .times
            .iter()
            .for_each(|stated| self.state_time(stated, recorded));
        received
            .casualties
            .iter()
            .for_each(|stated| self.assert(stated, recorded));
        received.owes.iter().for_each(|owed| self.owe(owed));
    }

    fn report(&mut self, report: &ReportedUp, recorded: &Recorded) {
        let mut late = false;
        for owed in &mut self.obligations {
            let same = owed.from_unit.id == report.from_unit.id && owed.to_unit.id == report.to_unit.id;
            if same && owed.met_at.is_none() {
                owed.met_at = Some(recorded.at);
                late |= recorded.at > owed.due_at;
            }
        }
        self.reports.push(Report {
            number: next_number(self.reports.len()),
            from_unit: report.from_unit.clone(),
            to_unit: report.to_unit.clone(),
            sent_at: recorded.at,
            sent_by: recorded.by.clone(),
            text: report.text.clone(),
            late,
            acknowledged_at: None,
            acknowledged_by: None,
        });
        self.holder.clone_from(&report.to_unit);
        if self.status == Status::Received {
            self.status = Status::Reported;
        }
        report.owes.iter().for_each(|owed| self.owe(owed));
    }

    fn owe(&mut self, owed: &Owed) {
        self.obligations.push(Obligation {
            number: next_number(self.obligations.len()),
            from_unit: owed.from_unit.clone(),
            to_unit: owed.to_unit.clone(),
            started_at: owed.started_at,
            due_at: owed.due_at,
            met_at: None,
            passed: false,
            late_because_down: false,
            rule: owed.rule.clone(),
        });
    }

    fn assert(&mut self, stated: &CasualtyStated, recorded: &Recorded) {
        let number = next_number(self.assertions.len());
        for earlier in &mut self.assertions {
            if stated.supersedes.contains(&earlier.number) && earlier.superseded_by.is_none() {
                earlier.superseded_by = Some(number);
            }
        }
        self.assertions.push(Assertion {
            number,
            stated: stated.clone(),
            at: recorded.at,
            by: recorded.by.clone(),
            superseded_by: None,
        });
    }

    fn state_time(&mut self, stated: &TimeStated, recorded: &Recorded) {
        self.times.push(TimeOf {
            stated: stated.clone(),
            recorded_at: recorded.at,
            by: recorded.by.clone(),
        });
    }

    fn note(&mut self, kind: &str, verdict: Option<&str>, text: &str, recorded: &Recorded) {
        self.notes.push(Note {
            kind: kind.to_owned(),
            verdict: verdict.map(str::to_owned),
            text: text.to_owned(),
            at: recorded.at,
            by: recorded.by.clone(),
        });
    }

    /// Whether work on it goes on.
    pub fn is_open(&self) -> bool {
        !matches!(self.status, Status::Closed | Status::Dismissed)
    }

    /// The first statement of a time.
    pub fn time(&self, kind: &str) -> Option<Timestamp> {
        self.times
            .iter()
            .find(|time| time.stated.kind == kind)
            .map(|time| time.stated.at)
    }

    /// The deadline that comes first among what is still owed; none once the incident is over.
    pub fn next_due(&self) -> Option<Timestamp> {
        self.pending().map(|owed| owed.due_at).min()
    }

    /// The first deadline whose passing is not yet recorded.
    pub fn next_alarm(&self) -> Option<Timestamp> {
        self.pending()
            .filter(|owed| !owed.passed)
            .map(|owed| owed.due_at)
            .min()
    }

    /// What is still owed.
    pub fn pending(&self) -> impl Iterator<Item = &Obligation> {
        let open = self.is_open();
        self.obligations
            .iter()
            .filter(move |owed| open && owed.met_at.is_none())
    }

    /// Statements of one figure that nothing has replaced.
    pub fn current(&self, kind: &str) -> Vec<&Assertion> {
        self.assertions
            .iter()
            .filter(|a| a.stated.kind == kind && a.superseded_by.is_none())
            .collect()
    }
}

fn next_number(existing: usize) -> u32 {
    u32::try_from(existing + 1).unwrap_or(u32::MAX)
}
