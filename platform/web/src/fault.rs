//! What a parser says, turned into a field, a code and what was expected.

use anlan_foundation::FieldProblem;

/// The field at fault in a JSON body: `path` is where the parser stood, `said` its words.
pub(crate) fn of_json(path: &str, said: &str) -> FieldProblem {
    let said = said.split(" at line ").next().unwrap_or(said);
    if let Some(name) = quoted(said, "missing field ") {
        return problem(&below(path, name), "required", "a value");
    }
    if let Some(name) = quoted(said, "unknown field ") {
        let choices = said.split_once(", ").map_or("no such field", |(_, rest)| rest);
        // The parser has already stepped into the unknown field.
        let path = if path.ends_with(name) {
            path.to_owned()
        } else {
            below(path, name)
        };
        return problem(&path, "unknown", choices.trim_start_matches("expected "));
    }
    if said.starts_with("unknown variant") {
        let choices = said.split_once("expected ").map_or(said, |(_, choices)| choices);
        return problem(path, "not_a_choice", choices);
    }
    let expected = said
        .strip_prefix("invalid type: ")
        .or_else(|| said.strip_prefix("invalid value: "))
        .or_else(|| said.strip_prefix("invalid length "))
        .and_then(|rest| rest.split_once("expected "));
    problem(
        path,
        "bad_format",
        expected.map_or(said, |(_, expected)| expected),
    )
}

/// The field at fault in a query string, from the words `Failed to deserialize query string: FIELD: REASON`.
pub(crate) fn of_query(said: &str) -> Option<FieldProblem> {
    let rest = said.strip_prefix("Failed to deserialize query string: ")?;
    if rest.starts_with("missing field") || rest.starts_with("unknown field") {
        return Some(of_json(".", rest));
    }
    let (field, reason) = rest.split_once(": ")?;
    Some(of_json(field, reason))
}

fn problem(field: &str, code: &'static str, expected: &str) -> FieldProblem {
    FieldProblem {
        field: field.to_owned(),
        code,
        expected: expected.to_owned(),
    }
}

fn quoted<'s>(said: &'s str, before: &str) -> Option<&'s str> {
    said.strip_prefix(before)?.strip_prefix('`')?.split('`').next()
}

fn below(path: &str, name: &str) -> String {
    match path {
        "." | "" | "?" => name.to_owned(),
        path => format!("{path}.{name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(path: &str, said: &str) -> (String, &'static str, String) {
        let problem = of_json(path, said);
        (problem.field, problem.code, problem.expected)
    }

    #[test]
    fn a_missing_field_is_named_where_it_is_missing() {
        let (field, code, _) = said(".", "missing field `event_class` at line 1 column 2");
        assert_eq!((field.as_str(), code), ("event_class", "required"));
        assert_eq!(said("point", "missing field `lon`").0, "point.lon");
    }

    #[test]
    fn a_wrong_type_says_which_was_right() {
        let (field, code, expected) = said(
            "text",
            "invalid type: integer `5`, expected a string at line 1 column 9",
        );
        assert_eq!(
            (field.as_str(), code, expected.as_str()),
            ("text", "bad_format", "a string")
        );
    }

    #[test]
    fn an_unknown_field_is_named_with_the_known_ones() {
        let (field, code, expected) = said("txet", "unknown field `txet`, expected `text` or `title`");
        assert_eq!(
            (field.as_str(), code, expected.as_str()),
            ("txet", "unknown", "`text` or `title`")
        );
    }

    #[test]
    fn a_query_names_its_field() {
        let problem =
            of_query("Failed to deserialize query string: limit: invalid digit found in string").unwrap();
        assert_eq!(problem.field, "limit");
        let missing = of_query("Failed to deserialize query string: missing field `q`").unwrap();
        assert_eq!((missing.field.as_str(), missing.code), ("q", "required"));
    }
}
