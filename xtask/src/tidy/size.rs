//! Files and functions that a person can take in at once.

use super::Finding;
use super::tree::{Tree, has_ending};

/// Name of the rule about long Rust files.
pub const RUST_FILE: &str = "rust-file-length";
/// Name of the rule about long functions.
pub const FUNCTION: &str = "function-length";
/// Name of the rule about `mod.rs`.
pub const MOD_RS: &str = "no-mod-rs";
/// Name of the rule about long files of the front end.
pub const WEB_FILE: &str = "web-file-length";

const RUST_FILE_MAX: usize = 600;
const FUNCTION_MAX: usize = 60;
const WEB_FILE_MAX: usize = 400;

/// Reports Rust files longer than 600 lines.
pub fn rust_files(tree: &Tree) -> Vec<Finding> {
    let long = tree.rust().filter(|(_, source)| source.lines > RUST_FILE_MAX);
    let findings = long.map(|(name, source)| {
        let what = format!(
            "{} lines, {RUST_FILE_MAX} allowed: split off a second subject",
            source.lines
        );
        Finding {
            file: name.to_owned(),
            line: RUST_FILE_MAX + 1,
            rule: RUST_FILE,
            what,
        }
    });
    findings.collect()
}

/// Reports functions with more than 60 lines of code, tests excepted.
pub fn functions(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, source) in tree.rust() {
        for function in source
            .functions()
            .into_iter()
            .filter(|function| function.length > FUNCTION_MAX)
        {
            let what = format!(
                "`{}` has {} lines, {FUNCTION_MAX} allowed: name its steps",
                function.name, function.length
            );
            findings.push(Finding {
                file: name.to_owned(),
                line: function.line,
                rule: FUNCTION,
                what,
            });
        }
    }
    findings
}

/// Reports files named `mod.rs`.
pub fn mod_rs(tree: &Tree) -> Vec<Finding> {
    // A folder in tests/ would otherwise become a test of its own; there `mod.rs` has no other way.
    let bad = tree
        .names()
        .filter(|name| name.ends_with("/mod.rs") && !name.contains("/tests/"));
    let findings = bad.map(|name| {
        let what = "call it foo.rs beside the folder foo/".to_owned();
        Finding {
            file: name.to_owned(),
            line: 1,
            rule: MOD_RS,
            what,
        }
    });
    findings.collect()
}

/// Reports files of the front end longer than 400 lines, generated ones excepted.
pub fn web_files(tree: &Tree) -> Vec<Finding> {
    let written = |name: &str| {
        name.starts_with("web/")
            && !name.contains(".gen.")
            && ["ts", "vue", "css", "js", "mjs"]
                .iter()
                .any(|ending| has_ending(name, ending))
    };
    let counted = tree
        .texts()
        .filter(|(name, _)| written(name))
        .map(|(name, text)| (name, text.lines().count()));
    let findings = counted
        .filter(|(_, lines)| *lines > WEB_FILE_MAX)
        .map(|(name, lines)| {
            let what =
                format!("{lines} lines, {WEB_FILE_MAX} allowed: split off a component or a composable");
            Finding {
                file: name.to_owned(),
                line: WEB_FILE_MAX + 1,
                rule: WEB_FILE,
                what,
            }
        });
    findings.collect()
}

/// Describes the sizes of Rust files and functions in one line.
pub fn figures(tree: &Tree) -> String {
    let files: Vec<usize> = tree.rust().map(|(_, source)| source.lines).collect();
    let functions = tree
        .rust()
        .flat_map(|(_, source)| source.functions())
        .map(|function| function.length)
        .collect();
    format!(
        "Rust: {}; {}",
        spread("files", files),
        spread("functions", functions)
    )
}

fn spread(what: &str, mut sizes: Vec<usize>) -> String {
    sizes.sort_unstable();
    let at = |percent: usize| {
        sizes
            .get((sizes.len().saturating_sub(1) * percent) / 100)
            .copied()
            .unwrap_or(0)
    };
    let (count, median, most, longest) = (sizes.len(), at(50), at(95), at(100));
    format!("{count} {what}, median {median} lines, 95th percentile {most}, longest {longest}")
}

#[cfg(test)]
mod tests {
    use super::{Tree, figures, functions, mod_rs, rust_files, web_files};

    #[test]
    fn a_rust_file_of_601_lines_is_too_long() {
        let tree = Tree::of(&[
            ("libs/a/src/lib.rs", &"//\n".repeat(601)),
            ("libs/b/src/lib.rs", &"//\n".repeat(600)),
        ]);
        let findings = rust_files(&tree);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].file, "libs/a/src/lib.rs");
    }

    #[test]
    fn a_function_of_61_lines_is_too_long_and_a_test_is_not_measured() {
        let long = format!("fn long() {{\n{}}}\n", "call();\n".repeat(61));
        let fits = format!("fn fits() {{\n{}}}\n", "call();\n// why\n".repeat(60));
        let tested = format!("#[cfg(test)]\nmod tests {{\n{long}}}\n");
        let findings = functions(&Tree::of(&[(
            "libs/a/src/lib.rs",
            &format!("{fits}{long}{tested}"),
        )]));
        assert_eq!(findings.len(), 1);
        assert!(
            findings[0].what.contains("`long` has 61 lines"),
            "{}",
            findings[0]
        );
        assert_eq!(findings[0].line, 123);
    }

    #[test]
    fn mod_rs_is_named() {
        let tree = Tree::of(&[
            ("libs/a/src/b/mod.rs", ""),
            ("libs/a/src/model.rs", ""),
            ("libs/a/tests/common/mod.rs", ""),
        ]);
        assert_eq!(mod_rs(&tree).len(), 1);
    }

    #[test]
    fn a_component_of_401_lines_is_too_long_and_a_generated_file_is_not_measured() {
        let long = "x\n".repeat(401);
        let tree = Tree::of(&[
            ("web/src/Desk.vue", &long),
            ("web/src/api/schema.gen.ts", &long),
            ("web/src/a.json", &long),
        ]);
        let findings = web_files(&tree);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].file, "web/src/Desk.vue");
    }

    #[test]
    fn figures_name_median_and_percentile() {
        let tree = Tree::of(&[("a.rs", "1\n"), ("b.rs", "1\n2\n"), ("c.rs", "1\n2\n3\n")]);
        assert!(
            figures(&tree)
                .starts_with("Rust: 3 files, median 2 lines, 95th percentile 2, longest 3; 0 functions")
        );
    }
}
