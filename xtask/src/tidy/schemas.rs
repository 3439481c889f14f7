//! In the interface document a name stands for one form.

use super::Finding;
use super::rust_source::RustSource;
use super::tree::Tree;
use std::collections::BTreeMap;

/// Name of the rule.
pub const RULE: &str = "schema-name";

/// The most lines between `derive` and the name of the type: other attributes stand there.
const ATTRIBUTE_LINES: usize = 6;

/// Reports types that would be described under the same name: one of them would be missing in `docs/openapi.json`.
///
/// Generic types are left out: theirs are named after what they hold.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut known: BTreeMap<String, (&str, usize)> = BTreeMap::new();
    let mut findings = Vec::new();
    for (file, source) in tree.rust() {
        let derived = |line: &usize| source.code_line(*line).contains("derive(");
        for line in source.lines_with("ToSchema").into_iter().filter(derived) {
            let Some((name, line)) = described(source, line) else {
                continue;
            };
            let Some((other, at)) = known.insert(name.clone(), (file, line)) else {
                continue;
            };
            let what = format!(
                "{name} is also what {other}:{at} is called in the interface document, so one of them is lost there: \
                 rename it, or give it another name with #[schema(as = …)]"
            );
            findings.push(Finding {
                file: file.to_owned(),
                line,
                rule: RULE,
                what,
            });
        }
    }
    findings
}

/// The name under which the type below a derive is described, and the line of the type.
fn described(source: &RustSource, derive: usize) -> Option<(String, usize)> {
    let mut renamed = None;
    for line in derive..=derive + ATTRIBUTE_LINES {
        let code = source.code_line(line);
        if let Some(after) = code.split("schema(as =").nth(1) {
            renamed = Some(first_word(after));
        }
        let declared = ["struct ", "enum "]
            .into_iter()
            .find_map(|word| code.split(word).nth(1));
        if let Some(declared) = declared {
            let name = first_word(declared);
            let generic = declared
                .get(name.len()..)
                .is_some_and(|rest| rest.starts_with('<'));
            return (!generic).then(|| (renamed.unwrap_or(name), line));
        }
    }
    None
}

fn first_word(text: &str) -> String {
    let text = text.trim_start();
    let end = text.find(|letter: char| !letter.is_alphanumeric() && letter != '_');
    text.get(..end.unwrap_or(text.len()))
        .unwrap_or_default()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::tree::Tree;

    const ONE: &str = "#[derive(Serialize, ToSchema)]\nstruct Head {\n    a: u8,\n}\n";

    #[test]
    fn two_forms_under_one_name_are_found() {
        let tree = Tree::of(&[("slices/a/src/http.rs", ONE), ("slices/b/src/http.rs", ONE)]);
        let found = check(&tree);
        assert_eq!(found.len(), 1);
        assert!(found[0].what.contains("slices/a/src/http.rs:2"), "{}", found[0]);
    }

    #[test]
    fn another_name_in_the_document_and_what_a_generic_holds_keep_them_apart() {
        let renamed = "#[derive(ToSchema)]\n#[schema(as = FeedHead)]\npub struct Head {\n}\n";
        let generic = "#[derive(ToSchema)]\npub struct Head<T> {\n    a: T,\n}\n";
        let tree = Tree::of(&[
            ("slices/a/src/http.rs", ONE),
            ("slices/b/src/http.rs", renamed),
            ("slices/c/src/http.rs", generic),
        ]);
        assert_eq!(check(&tree), []);
    }
}
