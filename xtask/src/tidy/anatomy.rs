//! Every slice has the same parts under the same names.

use super::Finding;
use super::tree::Tree;

/// Name of the rule.
pub const RULE: &str = "slice-anatomy";

/// The files of a slice; the words say what belongs there.
const PARTS: [(&str, &str); 11] = [
    ("src/lib.rs", "what the slice is for, its words, its invariants"),
    ("src/model.rs", "the nouns, pure"),
    ("src/rules.rs", "the decisions, without I/O"),
    ("src/facts.rs", "the ledger facts, versioned"),
    ("src/store.rs", "every SQL statement"),
    ("src/service.rs", "the use cases"),
    ("src/http.rs", "routes and wire types"),
    ("src/jobs.rs", "the reconcilers"),
    ("src/error.rs", "one error enum with kind() and code()"),
    ("tests/story.rs", "what the slice does, told as tests"),
    ("tests/rules_props.rs", "properties of the decisions"),
];

/// Reports the missing parts of each slice.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for slice in tree.folders_in("slices") {
        for (part, meant_for) in PARTS {
            let in_a_folder = part == "src/http.rs" && tree.exists(&format!("{slice}/src/http"));
            if !tree.exists(&format!("{slice}/{part}")) && !in_a_folder {
                findings.push(finding(slice, &format!("{part} is missing: {meant_for}")));
            }
        }
        if !tree.exists(&format!("{slice}/migrations")) {
            findings.push(finding(slice, "migrations/ is missing: the tables of the slice"));
        }
    }
    findings
}

fn finding(slice: &str, what: &str) -> Finding {
    Finding {
        file: format!("{slice}/Cargo.toml"),
        line: 1,
        rule: RULE,
        what: what.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{PARTS, Tree, check};

    fn slice_without(missing: &str) -> Tree {
        let mut files: Vec<String> = PARTS
            .iter()
            .map(|(part, _)| format!("slices/duty/{part}"))
            .collect();
        files.push("slices/duty/migrations/0001_duty.sql".to_owned());
        files.retain(|file| !file.contains(missing));
        let files: Vec<(&str, &str)> = files.iter().map(|file| (file.as_str(), "")).collect();
        Tree::of(&files)
    }

    #[test]
    fn a_complete_slice_is_left_in_peace() {
        assert_eq!(check(&slice_without("nothing")), []);
    }

    #[test]
    fn a_slice_without_rules_or_migrations_is_named() {
        for missing in ["rules.rs", "migrations", "story.rs"] {
            let findings = check(&slice_without(missing));
            assert_eq!(findings.len(), 1);
            assert!(findings[0].to_string().contains(missing), "{}", findings[0]);
        }
    }
}
