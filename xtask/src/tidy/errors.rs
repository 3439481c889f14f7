//! Every error code the program can answer with has a sentence in both languages of the front end.

use super::Finding;
use super::tree::Tree;
use serde_json::Value;
use std::collections::BTreeSet;

/// Name of the rule about codes without a sentence.
pub const UNTRANSLATED: &str = "error-code-translated";
/// Name of the rule about sentences in one language only.
pub const ONE_LANGUAGE: &str = "error-code-both-languages";

const CHINESE: &str = "web/src/locales/zh-CN/errors.json";
const ENGLISH: &str = "web/src/locales/en/errors.json";

/// Reports error codes that a language has no sentence for.
pub fn untranslated(tree: &Tree) -> Vec<Finding> {
    if !tree.exists("web/package.json") {
        return Vec::new();
    }
    let pages = [CHINESE, ENGLISH].map(|page| (page, sentences(tree, page)));
    let mut findings = Vec::new();
    for (file, line, code) in codes(tree) {
        let lacking: Vec<&str> = pages
            .iter()
            .filter(|(_, known)| !known.contains(code))
            .map(|(page, _)| *page)
            .collect();
        if !lacking.is_empty() {
            let what = format!(
                "{code:?} has no sentence in {}: say there what people can do",
                lacking.join(" and ")
            );
            findings.push(Finding {
                file: file.to_owned(),
                line,
                rule: UNTRANSLATED,
                what,
            });
        }
    }
    findings
}

/// Reports codes that only one of the two languages has a sentence for.
pub fn one_language(tree: &Tree) -> Vec<Finding> {
    let (chinese, english) = (sentences(tree, CHINESE), sentences(tree, ENGLISH));
    let missing = |page: &str, codes: Vec<&String>| -> Vec<Finding> {
        let finding = |code: &String| Finding {
            file: page.to_owned(),
            line: 1,
            rule: ONE_LANGUAGE,
            what: format!("{code:?} has a sentence in the other language only"),
        };
        codes.into_iter().map(finding).collect()
    };
    let mut findings = missing(CHINESE, english.difference(&chinese).collect());
    findings.extend(missing(ENGLISH, chinese.difference(&english).collect()));
    findings
}

/// Where the answers of the program are made.
const ANSWERING: [&str; 4] = ["platform/", "slices/", "adapters/", "server/"];

/// What the edge makes its own refusals with; the code is one of the first arguments.
const REFUSALS: [&str; 2] = ["Failure", "bad_request"];

/// The most lines between a refusal and its code.
const ARGUMENT_LINES: usize = 2;

/// Lists file, line and text of the codes: in functions named `code`, and in refusals made on the spot.
fn codes(tree: &Tree) -> Vec<(&str, usize, &str)> {
    let mut codes = Vec::new();
    let answering = |name: &str| ANSWERING.iter().any(|folder| name.starts_with(folder));
    for (name, source) in tree.rust().filter(|(name, _)| answering(name)) {
        let mut spans: Vec<(usize, usize)> = source
            .functions()
            .iter()
            .filter(|function| function.name == "code")
            .map(|function| (function.line, function.end))
            .collect();
        let refusals = REFUSALS.iter().flat_map(|word| source.lines_with(word));
        spans.extend(refusals.map(|line| (line, line + ARGUMENT_LINES)));
        let inside = |line: usize| spans.iter().any(|(first, last)| (*first..=*last).contains(&line));
        let literals = source
            .literals()
            .filter(|literal| inside(literal.line) && is_code(&literal.text));
        codes.extend(literals.map(|literal| (name, literal.line, literal.text.as_str())));
    }
    codes
}

/// Tells whether a text looks like `incident.version_conflict`.
fn is_code(text: &str) -> bool {
    let word = |part: &str| {
        part.starts_with(|letter: char| letter.is_ascii_lowercase())
            && part
                .chars()
                .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_')
    };
    text.contains('.') && text.split('.').all(word)
}

/// Returns the codes of a page, whether it is flat, nested, or wrapped in `errors`.
fn sentences(tree: &Tree, page: &str) -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    let value: Value = tree
        .text(page)
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default();
    flatten("", &value, &mut codes);
    codes
        .into_iter()
        .map(|code| code.strip_prefix("errors.").map_or(code.clone(), str::to_owned))
        .collect()
}

fn flatten(prefix: &str, value: &Value, codes: &mut BTreeSet<String>) {
    let Value::Object(entries) = value else {
        codes.extend(
            value
                .as_str()
                .filter(|sentence| !sentence.is_empty())
                .map(|_| prefix.to_owned()),
        );
        return;
    };
    for (key, below) in entries {
        let path = if prefix.is_empty() {
            key.clone()
        } else {
            format!("{prefix}.{key}")
        };
        flatten(&path, below, codes);
    }
}

#[cfg(test)]
mod tests {
    use super::{CHINESE, ENGLISH, Tree, one_language, untranslated};

    const ERROR: (&str, &str) = (
        "slices/duty/src/error.rs",
        "impl DutyError {\n  fn code(&self) -> &'static str {\n    match self {\n      Self::A => \"duty.not_found\",\n    }\n  }\n\
           fn other() { \"duty.no_code\" }\n}\n",
    );
    const FRONT_END: (&str, &str) = ("web/package.json", "{}");

    #[test]
    fn a_code_without_a_sentence_is_named_with_the_language_that_lacks_it() {
        let findings = untranslated(&Tree::of(&[
            ERROR,
            FRONT_END,
            (CHINESE, "{\"duty.not_found\": \"没有这个班次\"}"),
        ]));
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].line, 4);
        assert!(
            findings[0].what.contains(ENGLISH) && !findings[0].what.contains(CHINESE),
            "{}",
            findings[0]
        );
        assert_eq!(untranslated(&Tree::of(&[ERROR, FRONT_END])).len(), 1);
    }

    #[test]
    fn a_refusal_made_on_the_spot_needs_a_sentence_too() {
        let edge = (
            "platform/web/src/input.rs",
            "fn read() {\n  bad_request(\n    \"request.path\",\n    text,\n    \"a.b\",\n  );\n}\n",
        );
        let findings = untranslated(&Tree::of(&[edge, FRONT_END]));
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].line, 3);
    }

    #[test]
    fn flat_nested_and_wrapped_pages_are_read() {
        let nested = (
            CHINESE,
            "{\"errors\": {\"duty\": {\"not_found\": \"没有这个班次\"}}}",
        );
        let flat = (ENGLISH, "{\"duty.not_found\": \"There is no such shift\"}");
        assert_eq!(untranslated(&Tree::of(&[ERROR, FRONT_END, nested, flat])), []);
        assert_eq!(one_language(&Tree::of(&[nested, flat])), []);
    }

    #[test]
    fn an_empty_sentence_is_none() {
        let empty = (CHINESE, "{\"duty.not_found\": \"\"}");
        let english = (ENGLISH, "{\"duty.not_found\": \"There is no such shift\"}");
        assert_eq!(
            untranslated(&Tree::of(&[ERROR, FRONT_END, empty, english])).len(),
            1
        );
        assert_eq!(one_language(&Tree::of(&[empty, english])).len(), 1);
    }

    #[test]
    fn before_there_is_a_front_end_nothing_is_asked_of_it() {
        assert_eq!(untranslated(&Tree::of(&[ERROR])), []);
    }
}
