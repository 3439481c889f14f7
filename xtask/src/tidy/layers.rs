//! SQL stays in `store.rs`, HTTP stays in `http.rs`.

use super::Finding;
use super::rust_source::RustSource;
use super::tree::Tree;

/// Name of the rule about SQL.
pub const SQL: &str = "sql-in-store";
/// Name of the rule about axum.
pub const AXUM: &str = "axum-in-http";

/// Beginnings of statements and the word that must follow for it to be one.
const STATEMENTS: [(&str, &str); 5] = [
    ("SELECT ", " FROM "),
    ("INSERT INTO ", " "),
    ("UPDATE ", " SET "),
    ("DELETE FROM ", " "),
    ("CREATE TABLE ", " "),
];

/// Reports SQL outside the files that are meant for it.
pub fn sql(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, source) in tree.rust().filter(|(name, _)| !may_hold_sql(name)) {
        let literals = source.literals().filter(|literal| is_statement(&literal.text));
        let mut lines: Vec<usize> = literals.map(|literal| literal.line).collect();
        lines.extend(
            source
                .lines_with("sql")
                .into_iter()
                .filter(|line| is_macro_call(source, *line)),
        );
        lines.sort_unstable();
        lines.dedup();
        findings.extend(lines.into_iter().map(|line| Finding {
            file: name.to_owned(),
            line,
            rule: SQL,
            what: "SQL belongs into the store.rs of its crate: move it there as a named function".to_owned(),
        }));
    }
    findings
}

/// Reports the web framework outside the files that speak HTTP.
pub fn web_framework(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, source) in tree.rust().filter(|(name, _)| !may_use_axum(name)) {
        for line in source
            .lines_with("axum")
            .into_iter()
            .chain(source.lines_with("axum_extra"))
        {
            let what = "axum belongs into http.rs: let the service take and return its own types".to_owned();
            findings.push(Finding {
                file: name.to_owned(),
                line,
                rule: AXUM,
                what,
            });
        }
    }
    findings
}

fn may_hold_sql(name: &str) -> bool {
    let elsewhere = ["platform/store/", "bench/", "xtask/"];
    has_part(name, &["store", "store.rs", "migrations", "migrations.rs"])
        || elsewhere.iter().any(|folder| name.starts_with(folder))
}

fn may_use_axum(name: &str) -> bool {
    has_part(name, &["http", "http.rs"]) || name.starts_with("platform/web/") || name.starts_with("server/")
}

fn has_part(name: &str, parts: &[&str]) -> bool {
    name.split('/').any(|part| parts.contains(&part))
}

fn is_statement(literal: &str) -> bool {
    let spaced: Vec<&str> = literal
        .split(|letter: char| letter.is_whitespace() || letter == '\\')
        .collect();
    let line = format!(
        "{} ",
        spaced
            .into_iter()
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    );
    STATEMENTS.iter().any(|(begins, follows)| {
        let rest = line.split_once(begins).map(|(_, rest)| rest);
        rest.is_some_and(|rest| rest.contains(follows))
    })
}

fn is_macro_call(source: &RustSource, line: usize) -> bool {
    source.code_line(line).contains("sql!")
}

#[cfg(test)]
mod tests {
    use super::{Tree, sql, web_framework};

    #[test]
    fn sql_in_a_service_is_named() {
        let service = "fn all() {\n  let a = \"SELECT id\n  FROM unit\";\n  let b = sql!(\"x\");\n}\n";
        let findings = sql(&Tree::of(&[("slices/duty/src/service.rs", service)]));
        assert_eq!(
            findings.iter().map(|finding| finding.line).collect::<Vec<_>>(),
            [2, 4]
        );
    }

    #[test]
    fn every_kind_of_statement_is_known() {
        for statement in [
            "INSERT INTO unit (id) VALUES ($1)",
            "UPDATE unit\\n SET id = $1",
            "DELETE FROM unit",
            "CREATE TABLE unit (id UUID)",
        ] {
            let text = format!("const A: &str = \"{statement}\";");
            assert_eq!(
                sql(&Tree::of(&[("slices/duty/src/jobs.rs", &text)])).len(),
                1,
                "{statement}"
            );
        }
    }

    #[test]
    fn sql_in_stores_and_tests_and_prose_is_fine() {
        let text = "const A: &str = \"SELECT id FROM unit\";";
        let tested = format!("#[cfg(test)]\nmod tests {{ {text} }}");
        let prose = "const A: &str = \"Select a unit from the list\"; const B: &str = \"UPDATE NOW\";";
        let tree = Tree::of(&[
            ("slices/duty/src/store.rs", text),
            ("slices/duty/src/store/board.rs", text),
            ("platform/store/src/prepare.rs", text),
            ("slices/duty/tests/story.rs", text),
            ("slices/duty/src/rules.rs", &tested),
            ("slices/duty/src/error.rs", prose),
        ]);
        assert_eq!(sql(&tree), []);
    }

    #[test]
    fn axum_in_a_service_is_named_and_in_http_is_fine() {
        let text = "\nuse axum::Json;\n";
        let tree = Tree::of(&[
            ("slices/duty/src/service.rs", text),
            ("slices/duty/src/http.rs", text),
            ("slices/duty/src/http/board.rs", text),
            ("platform/web/src/lib.rs", text),
            ("server/src/serve.rs", text),
            (
                "slices/duty/src/lib.rs",
                "// axum\nuse utoipa_axum::router::OpenApiRouter;",
            ),
        ]);
        let findings = web_framework(&tree);
        assert_eq!(findings.len(), 1);
        assert_eq!(
            (findings[0].file.as_str(), findings[0].line),
            ("slices/duty/src/service.rs", 2)
        );
    }
}
