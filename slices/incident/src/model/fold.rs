//! How each fact changes an incident. The same function serves the tables, a rebuild, and every look at an earlier moment.

use anlan_foundation::Timestamp;

use super::{
    Assertion, AttachmentOf, Call, DecisionOf, Enquiry, GradeOf, Incident, Knowledge, Note, NoticeOf,
    Obligation, Receipt, Recorded, Report, Status, TimeOf, UnitRef,
};
use crate::facts::{
    Acknowledged, Attachment, CallAdded, CasualtyStated, Closed, DeadlineNoticed, DeadlinePassed, Enquired,
    Evidence, Fact, FigureDecided, FollowedUp, Happened, Owed, Received, ReportedUp, Serial, TimeStated,
    Verified,
};

impl Incident {
    /// Folds one fact in.
    pub fn apply(&mut self, fact: &Fact, recorded: &Recorded) {
        match fact {
            Fact::Received(received) => self.receive(received, recorded),
            Fact::CallAdded(call) => self.add_call(call, recorded),
            Fact::ReportedUp(report) => self.report(report, recorded),
            Fact::Acknowledged(receipt) => self.acknowledge(receipt, recorded),
            Fact::Enquired(enquiry) => self.enquire(enquiry, recorded),
            Fact::LearnedStated(learned) => {
                let number = next_number(self.knowledge.len());
                let mut known = knowledge(&learned.unit, &learned.manner, learned.time.clone(), recorded);
                known.evidence = evidence("statement", number);
                known.text.clone_from(&learned.evidence);
                self.knowledge.push(known);
            }
            Fact::Verified(verified) => self.verify(verified, recorded),
            Fact::FollowedUp(follow_up) => self.follow_up(follow_up, recorded),
            Fact::CasualtyStated(stated) => self.assert(stated, recorded),
            Fact::TimeStated(stated) => self.state_time(stated, recorded),
            Fact::Attached(attached) => self.attach(&attached.attachments, recorded),
            Fact::Graded(given) => self.grades.push(GradeOf {
                given: (**given).clone(),
                at: recorded.at,
                by: recorded.by.clone(),
            }),
            Fact::Closed(closed) => self.close(closed, recorded),
            Fact::DeadlinePassed(passed) => self.pass(passed, recorded),
            Fact::OwedMore(more) => more.owes.iter().for_each(|owed| self.owe(owed)),
            Fact::DeadlineNoticed(notice) => self.give_notice(notice, recorded),
            Fact::FigureDecided(decided) => self.decide(decided, recorded),
            Fact::MergedInto(merged) => self.merge_into(merged),
            Fact::Absorbed(absorbed) => self.absorb(absorbed),
            Fact::SplitOff(split) => self.split_off(split),
            Fact::CallerRevealed(_) | Fact::ZeroReported(_) | Fact::WatchSet(_) => {}
        }
        self.changed_at = Some(recorded.at);
        self.position = recorded.position;
        self.version += 1;
    }

    fn receive(&mut self, received: &Received, recorded: &Recorded) {
        self.code.clone_from(&received.code);
        self.event_class.clone_from(&received.event_class);
        self.title.clone_from(&received.title);
        self.text.clone_from(&received.text);
        self.division.clone_from(&received.division);
        self.division_name.clone_from(&received.division_name);
        self.address.clone_from(&received.address);
        self.point = received.point;
        self.not_same_as.clone_from(&received.not_same_as);
        self.split_from.clone_from(&received.split_from);
        self.taken_by.clone_from(&received.taken_by);
        self.holder.clone_from(&received.taken_by);
        self.recorded_at = Some(recorded.at);
        let first = CallAdded {
            channel: received.channel.clone(),
            text: received.text.clone(),
            caller_name: received.caller_name.clone(),
            caller_phone: received.caller_phone.clone(),
            times: received.times.clone(),
            casualties: received.casualties.clone(),
            attachments: received.attachments.clone(),
            taken_by: received.taken_by.clone(),
        };
        self.add_call(&first, recorded);
        received.owes.iter().for_each(|owed| self.owe(owed));
    }

    fn add_call(&mut self, call: &CallAdded, recorded: &Recorded) {
        let number = next_number(self.calls.len());
        let stated = |kind: &str| call.times.iter().find(|time| time.kind == kind);
        let received_at = stated("received").map_or(recorded.at, |time| time.at);
        self.calls.push(Call {
            number,
            channel: call.channel.clone(),
            text: call.text.clone(),
            caller_name: call.caller_name.clone(),
            caller_phone: call.caller_phone.clone(),
            taken_by: call.taken_by.clone(),
            received_at,
            at: recorded.at,
            by: recorded.by.clone(),
            origin: None,
            moved_to: None,
        });
        let since = stated("learned").or_else(|| stated("received"));
        let time = since.map_or_else(|| at_recording(recorded), happened);
        let mut known = knowledge(&call.taken_by, manner(&call.channel), time, recorded);
        known.evidence = evidence("call", number);
        self.knowledge.push(known);
        for stated in &call.times {
            self.state_time(stated, recorded);
        }
        for stated in &call.casualties {
            self.assert(stated, recorded);
        }
        self.attach(&call.attachments, recorded);
    }

    fn report(&mut self, report: &ReportedUp, recorded: &Recorded) {
        let number = next_number(self.reports.len());
        let late = self.discharge(report, recorded.at);
        let time = report.happened.clone().unwrap_or_else(|| at_recording(recorded));
        for unit in &report.to_units {
            let mut known = knowledge(unit, "report", time.clone(), recorded);
            known.evidence = evidence("report", number);
            self.knowledge.push(known);
        }
        // An addressee beside the sender, such as the government's own duty office, does not take the work over.
        let above = report
            .to_units
            .iter()
            .find(|unit| unit.division.len() < report.from_unit.division.len());
        if let Some(above) = above.filter(|above| above.division.len() < self.holder.division.len()) {
            self.holder.clone_from(above);
        }
        self.reports.push(Report {
            number,
            serial: report.serial,
            ordinal: report.ordinal,
            from_unit: report.from_unit.clone(),
            to_units: report.to_units.clone(),
            sent_at: recorded.at,
            happened: report.happened.clone(),
            sent_by: recorded.by.clone(),
            text: report.text.clone(),
            figures: report.figures.clone(),
            changes: report.changes.clone(),
            late,
            receipts: Vec::new(),
            paper: report.paper.clone(),
            position: recorded.position,
        });
        if self.status == Status::Received {
            self.status = Status::Reported;
        }
        report.owes.iter().for_each(|owed| self.owe(owed));
    }

    /// Marks what a report meets, to all its receivers at once; tells whether any of it came late.
    fn discharge(&mut self, report: &ReportedUp, now: Timestamp) -> bool {
        let mut late = false;
        for owed in &mut self.obligations {
            let to_them = report.to_units.iter().any(|unit| unit.id == owed.to_unit.id);
            let ours = owed.from_unit.id == report.from_unit.id;
            let fits = match owed.kind.as_str() {
                "first_report" => to_them,
                // Whoever has reported on has checked, or has said that it has not: the clock of the check ends.
                "preliminary_check" => true,
                "follow_up" | "change_report" | "zero_report" => to_them && report.serial != Serial::First,
                "final_report" => to_them && report.serial == Serial::Final,
                _ => false,
            };
            if ours && fits && owed.met_at.is_none() {
                owed.met_at = Some(now);
                late |= now > owed.due_at;
            }
        }
        late
    }

    fn acknowledge(&mut self, receipt: &Acknowledged, recorded: &Recorded) {
        if let Some(report) = self
            .reports
            .iter_mut()
            .find(|report| report.number == receipt.report)
        {
            report.receipts.push(Receipt {
                unit: receipt.unit.clone(),
                at: recorded.at,
                by: recorded.by.clone(),
                told_by: receipt.told_by.clone(),
                happened: receipt.happened.clone(),
            });
        }
    }

    fn enquire(&mut self, enquiry: &Enquired, recorded: &Recorded) {
        let number = next_number(self.enquiries.len());
        let time = enquiry.happened.clone().unwrap_or_else(|| at_recording(recorded));
        let mut known = knowledge(&enquiry.to_unit, "enquiry", time, recorded);
        known.evidence = evidence("enquiry", number);
        self.knowledge.push(known);
        self.enquiries.push(Enquiry {
            number,
            from_unit: enquiry.from_unit.clone(),
            to_unit: enquiry.to_unit.clone(),
            text: enquiry.text.clone(),
            at: recorded.at,
            by: recorded.by.clone(),
        });
    }

    fn verify(&mut self, verified: &Verified, recorded: &Recorded) {
        self.note(Note {
            kind: "verified".to_owned(),
            verdict: Some(verified.verdict.clone()),
            text: verified.note.clone(),
            unit: verified.unit.clone(),
            happened: verified.happened.clone(),
            ..note(recorded)
        });
        self.status = Status::Verified;
        for owed in &mut self.obligations {
            let ours = owed.kind == "preliminary_check" && owed.from_unit.id == verified.unit.id;
            if ours && owed.met_at.is_none() {
                owed.met_at = Some(recorded.at);
            }
        }
    }

    fn follow_up(&mut self, follow_up: &FollowedUp, recorded: &Recorded) {
        self.note(Note {
            kind: if follow_up.supplement {
                "supplemented"
            } else {
                "followed_up"
            }
            .to_owned(),
            text: follow_up.text.clone(),
            unit: follow_up.unit.clone(),
            happened: follow_up.happened.clone(),
            ..note(recorded)
        });
        for stated in &follow_up.casualties {
            self.assert(stated, recorded);
        }
        self.attach(&follow_up.attachments, recorded);
    }

    fn close(&mut self, closed: &Closed, recorded: &Recorded) {
        self.note(Note {
            kind: "closed".to_owned(),
            verdict: Some(closed.outcome.clone()),
            text: closed.text.clone(),
            happened: closed.happened.clone(),
            ..note(recorded)
        });
        self.status = if closed.outcome == "dismissed" {
            Status::Dismissed
        } else {
            Status::Closed
        };
    }

    fn owed_by_number(&mut self, number: u32) -> Option<&mut Obligation> {
        self.obligations.iter_mut().find(|owed| owed.number == number)
    }

    fn give_notice(&mut self, notice: &DeadlineNoticed, recorded: &Recorded) {
        if let Some(owed) = self.owed_by_number(notice.obligation) {
            owed.alarms.retain(|alarm| alarm.at > notice.at);
            owed.notices.push(NoticeOf {
                stage: notice.stage.clone(),
                at: recorded.at,
                recipients: notice.recipients.clone(),
                late_because_down: notice.late_because_down,
            });
        }
    }

    fn pass(&mut self, passed: &DeadlinePassed, recorded: &Recorded) {
        if let Some(owed) = self.owed_by_number(passed.obligation) {
            owed.alarms.clear();
            owed.passed = true;
            owed.late_because_down = passed.late_because_down;
            owed.notices.push(NoticeOf {
                stage: "overdue".to_owned(),
                at: recorded.at,
                recipients: passed.recipients.clone(),
                late_because_down: passed.late_because_down,
            });
        }
    }

    pub(crate) fn owe(&mut self, owed: &Owed) {
        self.obligations.push(Obligation {
            number: next_number(self.obligations.len()),
            kind: owed.kind.clone(),
            from_unit: owed.from_unit.clone(),
            to_unit: owed.to_unit.clone(),
            started_at: owed.started_at,
            due_at: owed.due_at,
            met_at: None,
            passed: false,
            late_because_down: false,
            rule: owed.rule.clone(),
            about: owed.about.clone(),
            alarms: owed.alarms.clone(),
            notices: Vec::new(),
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
            position: recorded.position,
            superseded_by: None,
            origin: None,
            moved_to: None,
        });
    }

    fn decide(&mut self, decided: &FigureDecided, recorded: &Recorded) {
        for losing in &mut self.assertions {
            if decided.over.contains(&losing.number) && losing.superseded_by.is_none() {
                losing.superseded_by = Some(decided.chosen);
            }
        }
        self.decisions.push(DecisionOf {
            decided: decided.clone(),
            at: recorded.at,
            by: recorded.by.clone(),
        });
    }

    fn state_time(&mut self, stated: &TimeStated, recorded: &Recorded) {
        self.times.push(TimeOf {
            stated: stated.clone(),
            recorded_at: recorded.at,
            by: recorded.by.clone(),
            position: recorded.position,
            origin: None,
        });
    }

    /// The same photo is shown once, however often it was sent.
    fn attach(&mut self, attachments: &[Attachment], recorded: &Recorded) {
        for attachment in attachments {
            let known = self
                .attachments
                .iter()
                .any(|held| held.attachment.digest == attachment.digest);
            if !known {
                self.attachments.push(AttachmentOf {
                    attachment: attachment.clone(),
                    at: recorded.at,
                    by: recorded.by.clone(),
                });
            }
        }
    }

    fn note(&mut self, note: Note) {
        self.notes.push(note);
    }
}

fn note(recorded: &Recorded) -> Note {
    Note {
        kind: String::new(),
        verdict: None,
        text: String::new(),
        unit: UnitRef::default(),
        happened: None,
        at: recorded.at,
        by: recorded.by.clone(),
    }
}

fn knowledge(unit: &UnitRef, manner: &str, time: Happened, recorded: &Recorded) -> Knowledge {
    Knowledge {
        unit: unit.clone(),
        manner: manner.to_owned(),
        time,
        evidence: Evidence::default(),
        text: String::new(),
        recorded_at: recorded.at,
        by: recorded.by.clone(),
        position: recorded.position,
        origin: None,
    }
}

fn evidence(kind: &str, number: u32) -> Evidence {
    Evidence {
        kind: kind.to_owned(),
        number,
    }
}

fn happened(stated: &TimeStated) -> Happened {
    Happened {
        at: stated.at,
        precision: stated.precision.clone(),
        source: stated.source.clone(),
        confidence: stated.confidence.clone(),
    }
}

/// What the ledger itself witnesses.
fn at_recording(recorded: &Recorded) -> Happened {
    Happened {
        at: recorded.at,
        precision: "minute".to_owned(),
        source: recorded.by.clone(),
        confidence: "confirmed".to_owned(),
    }
}

/// By what way a unit knew that took something from a channel.
fn manner(channel: &str) -> &str {
    match channel {
        "sensor" | "message" => channel,
        "web" => "resident",
        _ => "call",
    }
}

pub(crate) fn next_number(existing: usize) -> u32 {
    u32::try_from(existing + 1).unwrap_or(u32::MAX)
}
