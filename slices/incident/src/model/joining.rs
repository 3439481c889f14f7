//! Merging and splitting: nothing that was stated is lost, and nothing that was owed escapes.

use std::collections::BTreeMap;

use super::fold::next_number;
use super::{Assertion, Incident, Status};
use crate::facts::{Absorbed, Alarm, MergedInto, Owed, SplitOff};

impl Incident {
    /// What is still owed here and was not met in `other`, as facts that keep their clocks.
    pub fn unmet_in(&self, other: &Self) -> Vec<Owed> {
        let met = |owed: &&super::Obligation| {
            other.obligations.iter().any(|theirs| {
                theirs.kind == owed.kind
                    && theirs.from_unit.id == owed.from_unit.id
                    && theirs.to_unit.id == owed.to_unit.id
                    && theirs.met_at.is_some()
            })
        };
        let carried = self.pending().filter(|owed| !met(owed));
        carried
            .map(|owed| Owed {
                kind: owed.kind.clone(),
                from_unit: owed.from_unit.clone(),
                to_unit: owed.to_unit.clone(),
                started_at: owed.started_at,
                due_at: owed.due_at,
                rule: owed.rule.clone(),
                alarms: owed.alarms.iter().map(Alarm::clone).collect(),
                about: owed.about.clone(),
            })
            .collect()
    }

    pub(super) fn merge_into(&mut self, merged: &MergedInto) {
        self.merged_into = Some(merged.into.clone());
        self.status = Status::Merged;
    }

    pub(super) fn absorb(&mut self, absorbed: &Absorbed) {
        let origin = Some(absorbed.from.id.clone());
        let mut renumbered = BTreeMap::new();
        for call in &absorbed.calls {
            let mut call = call.clone();
            let number = next_number(self.calls.len());
            renumbered.insert(call.number, number);
            call.number = number;
            call.origin = call.origin.or_else(|| origin.clone());
            self.calls.push(call);
        }
        for known in &absorbed.knowledge {
            let mut known = known.clone();
            if known.evidence.kind == "call" {
                known.evidence.number = *renumbered.get(&known.evidence.number).unwrap_or(&0);
            }
            known.origin = known.origin.or_else(|| origin.clone());
            self.knowledge.push(known);
        }
        for time in &absorbed.times {
            let mut time = time.clone();
            time.origin = time.origin.or_else(|| origin.clone());
            self.times.push(time);
        }
        self.absorb_assertions(&absorbed.assertions, origin.as_ref());
        for held in &absorbed.attachments {
            let digest = &held.attachment.digest;
            if self
                .attachments
                .iter()
                .all(|known| known.attachment.digest != *digest)
            {
                self.attachments.push(held.clone());
            }
        }
        self.absorbed.push(absorbed.from.clone());
        absorbed.owes.iter().for_each(|owed| self.owe(owed));
    }

    /// Statements keep their order and what replaced what; only their numbers are new.
    fn absorb_assertions(&mut self, assertions: &[Assertion], origin: Option<&String>) {
        let before = u32::try_from(self.assertions.len()).unwrap_or(u32::MAX);
        let shifted: BTreeMap<u32, u32> = assertions
            .iter()
            .zip(1..)
            .map(|(assertion, place)| (assertion.number, before.saturating_add(place)))
            .collect();
        let new = |number: &u32| shifted.get(number).copied();
        for assertion in assertions {
            let mut assertion = assertion.clone();
            assertion.number = new(&assertion.number).unwrap_or_default();
            assertion.stated.supersedes = assertion.stated.supersedes.iter().filter_map(new).collect();
            assertion.superseded_by = assertion.superseded_by.as_ref().and_then(new);
            assertion.origin = assertion.origin.or_else(|| origin.cloned());
            self.assertions.push(assertion);
        }
    }

    pub(super) fn split_off(&mut self, split: &SplitOff) {
        for call in &mut self.calls {
            if split.calls.contains(&call.number) {
                call.moved_to = Some(split.into.id.clone());
            }
        }
        for assertion in &mut self.assertions {
            if split.assertions.contains(&assertion.number) {
                assertion.moved_to = Some(split.into.id.clone());
            }
        }
        self.split_into.push(split.into.clone());
    }
}
