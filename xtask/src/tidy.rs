//! The rules of the house that no compiler checks, each with a way to mend what breaks it.
//!
//! A rule is a function from the [`Tree`] of files to [`Finding`]s: no rule reads the disk or runs a program, so each
//! is tested with a handful of invented files, one of which breaks it. The exception is [`generated`], which asks the
//! program what it would write today.

pub mod anatomy;
pub mod dependencies;
pub mod errors;
pub mod generated;
pub mod layers;
pub mod links;
pub mod rust_source;
pub mod schemas;
pub mod size;
pub mod tree;
pub mod words;

use crate::args::Args;
use crate::counts::Counts;
use crate::workspace::{Profile, Workspace};
use anyhow::Result;
use std::fmt;
use tree::Tree;

/// One place where a rule is broken.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// Path from the root of the repository.
    pub file: String,
    /// Line, counted from 1.
    pub line: usize,
    /// Short name of the rule.
    pub rule: &'static str,
    /// What is wrong, and how to mend it.
    pub what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}: {}", self.file, self.line, self.rule, self.what)
    }
}

/// A rule: looks at all files and reports what breaks it.
pub type Rule = fn(&Tree) -> Vec<Finding>;

/// Every rule, by its name.
pub const RULES: [(&str, Rule); 15] = [
    (anatomy::RULE, anatomy::check),
    (dependencies::DIRECTION, dependencies::direction),
    (dependencies::CYCLE, dependencies::cycle),
    (layers::SQL, layers::sql),
    (layers::AXUM, layers::web_framework),
    (size::RUST_FILE, size::rust_files),
    (size::FUNCTION, size::functions),
    (size::MOD_RS, size::mod_rs),
    (size::WEB_FILE, size::web_files),
    (errors::UNTRANSLATED, errors::untranslated),
    (errors::ONE_LANGUAGE, errors::one_language),
    (words::MACHINE_PATH, words::machine_paths),
    (words::FOREIGN_ORIGIN, words::foreign_origins),
    (links::RULE, links::check),
    (schemas::RULE, schemas::check),
];

/// Checks the house rules.
pub fn run(workspace: &Workspace, args: Args) -> Result<bool> {
    args.finish()?;
    Ok(check(workspace)?.failed == 0)
}

/// Checks every rule, prints the findings and the figures, and counts rules that hold and rules that do not.
pub fn check(workspace: &Workspace) -> Result<Counts> {
    let tree = Tree::read(&workspace.root)?;
    let mut counts = Counts::default();
    for (_, rule) in RULES {
        let mut findings = rule(&tree);
        findings.sort();
        for finding in &findings {
            println!("{finding}");
        }
        counts += Counts::one(findings.is_empty());
    }
    let stale = generated::findings_if_built(workspace, &workspace.binary("anlan", Profile::Dev))?;
    for finding in &stale {
        println!("{finding}");
    }
    counts += Counts::one(stale.is_empty());
    println!("{}", size::figures(&tree));
    println!("house rules: {} hold, {} broken", counts.passed, counts.failed);
    Ok(counts)
}

#[cfg(test)]
mod tests {
    use super::RULES;
    use super::tree::Tree;

    #[test]
    fn an_empty_repository_breaks_no_rule() {
        for (name, rule) in RULES {
            assert_eq!(rule(&Tree::of(&[])), [], "{name}");
        }
    }

    #[test]
    fn every_rule_has_a_name_of_its_own() {
        let mut names: Vec<_> = RULES.iter().map(|(name, _)| name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), RULES.len());
    }
}
