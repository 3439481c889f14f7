//! Checking input: every fault is collected and named by field, so that one answer tells all.

use serde::Serialize;

/// One thing that is wrong with one field of the input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct FieldProblem {
    /// Dotted path of the field, for example `caller.phone` or `casualties.0.value`.
    pub field: String,
    /// One of `required`, `too_short`, `too_long`, `out_of_range`, `not_a_choice`, `bad_format`, `unknown`.
    pub code: &'static str,
    /// What would have been right, for example `1 to 200 characters`.
    pub expected: String,
}

/// Input that was refused, with every field at fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the input has {} field(s) at fault: {}", fields.len(), summary(fields))]
pub struct InvalidInput {
    /// The faults, in the order of the checks; never empty.
    pub fields: Vec<FieldProblem>,
}

fn summary(fields: &[FieldProblem]) -> String {
    let parts: Vec<String> = fields
        .iter()
        .map(|f| format!("{} (expected {})", f.field, f.expected))
        .collect();
    parts.join("; ")
}

impl InvalidInput {
    /// Makes a refusal with a single fault.
    pub fn one(field: impl Into<String>, code: &'static str, expected: impl Into<String>) -> Self {
        Self {
            fields: vec![FieldProblem {
                field: field.into(),
                code,
                expected: expected.into(),
            }],
        }
    }
}

/// Collects faults while input is checked.
#[derive(Debug, Default)]
pub struct Checks {
    fields: Vec<FieldProblem>,
}

impl Checks {
    /// Starts with no faults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Records a fault.
    pub fn fault(&mut self, field: impl Into<String>, code: &'static str, expected: impl Into<String>) {
        self.fields.push(FieldProblem {
            field: field.into(),
            code,
            expected: expected.into(),
        });
    }

    /// Requires a condition, recording `out_of_range` otherwise.
    pub fn require(&mut self, holds: bool, field: &str, expected: &str) {
        if !holds {
            self.fault(field, "out_of_range", expected);
        }
    }

    /// Requires between `min` and `max` characters (not bytes) after trimming, and no control characters
    /// other than line breaks and tabs.
    pub fn text(&mut self, field: &str, value: &str, min: usize, max: usize) {
        let length = value.trim().chars().count();
        let expected = || format!("{min} to {max} characters");
        if length == 0 && min > 0 {
            self.fault(field, "required", expected());
        } else if length < min {
            self.fault(field, "too_short", expected());
        } else if length > max {
            self.fault(field, "too_long", expected());
        }
        if value
            .chars()
            .any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
        {
            self.fault(field, "bad_format", "text without control characters");
        }
    }

    /// Like [`Checks::text`] for a field that may be absent.
    pub fn optional_text(&mut self, field: &str, value: Option<&str>, max: usize) {
        if let Some(value) = value {
            self.text(field, value, 0, max);
        }
    }

    /// Parses a text, recording `bad_format` when it does not parse.
    pub fn parse<T: std::str::FromStr>(&mut self, field: &str, value: &str, expected: &str) -> Option<T> {
        let parsed = value.parse().ok();
        if parsed.is_none() {
            self.fault(field, "bad_format", expected);
        }
        parsed
    }

    /// Ends the check: `Ok` when nothing was recorded.
    pub fn finish(self) -> Result<(), InvalidInput> {
        if self.fields.is_empty() {
            Ok(())
        } else {
            Err(InvalidInput { fields: self.fields })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_faults_are_reported_together_and_by_name() {
        let mut checks = Checks::new();
        checks.text("title", "", 1, 10);
        checks.text("note", "一二三四五六", 0, 5);
        let refused = checks.finish().unwrap_err();
        assert_eq!(refused.fields.len(), 2);
        assert_eq!(refused.fields[0].code, "required");
        assert_eq!(refused.fields[1].code, "too_long");
    }

    #[test]
    fn length_counts_characters_not_bytes() {
        let mut checks = Checks::new();
        checks.text("note", "一二三四五", 0, 5);
        assert!(checks.finish().is_ok());
    }
}
