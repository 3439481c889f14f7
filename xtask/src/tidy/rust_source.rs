//! A rough reading of a Rust file: enough to tell code from comments, strings and tests.

use std::ops::RangeInclusive;

/// One Rust file, taken apart.
#[derive(Debug)]
pub struct RustSource {
    /// Number of lines of the file.
    pub lines: usize,
    /// Whether all of the file is test code.
    pub is_test: bool,
    code: Vec<char>,
    literals: Vec<Literal>,
    tests: Vec<RangeInclusive<usize>>,
}

/// A string literal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Literal {
    /// Line of the opening quote, counted from 1.
    pub line: usize,
    /// What stands between the quotes, escapes as written.
    pub text: String,
}

/// A function with a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// Line of the word `fn`, counted from 1.
    pub line: usize,
    /// Last line of the body.
    pub end: usize,
    /// Lines of code between the braces; comments and empty lines do not count.
    pub length: usize,
}

impl RustSource {
    /// Takes a file apart; `name` is its path from the root of the repository.
    pub fn new(name: &str, text: &str) -> Self {
        let lexer = Lexer::read(text);
        let is_test = name.starts_with("tests/") || name.contains("/tests/") || name.ends_with("/tests.rs");
        let tests = test_spans(&lexer.code);
        Self {
            lines: text.lines().count(),
            is_test,
            code: lexer.code,
            literals: lexer.literals,
            tests,
        }
    }

    /// Tells whether a line belongs to a test.
    pub fn in_test(&self, line: usize) -> bool {
        self.is_test || self.tests.iter().any(|span| span.contains(&line))
    }

    /// Lists the string literals outside tests.
    pub fn literals(&self) -> impl Iterator<Item = &Literal> {
        self.literals.iter().filter(|literal| !self.in_test(literal.line))
    }

    /// Lists the lines outside tests where `word` stands in the code as a whole identifier.
    pub fn lines_with(&self, word: &str) -> Vec<usize> {
        let mut lines = words(&self.code)
            .filter(|(_, found)| found == word)
            .map(|(at, _)| line_at(&self.code, at));
        let mut found: Vec<usize> = lines.by_ref().filter(|line| !self.in_test(*line)).collect();
        found.dedup();
        found
    }

    /// Returns one line of the code, counted from 1, without comments and contents of strings.
    pub fn code_line(&self, line: usize) -> String {
        self.code
            .split(|letter| *letter == '\n')
            .nth(line.saturating_sub(1))
            .unwrap_or_default()
            .iter()
            .collect()
    }

    /// Lists the functions outside tests.
    pub fn functions(&self) -> Vec<Function> {
        let mut functions = Vec::new();
        let mut words = words(&self.code).peekable();
        while let Some((at, word)) = words.next() {
            let Some((name_at, name)) = words.peek() else {
                break;
            };
            // `fn(` is a type, not a function.
            let named = word == "fn" && self.code.get(at + 2..*name_at).is_some_and(is_blank);
            let Some((open, close)) = named.then(|| block_after(&self.code, *name_at)).flatten() else {
                continue;
            };
            let line = line_at(&self.code, at);
            if !self.in_test(line) {
                let length = lines_of_code(self.code.get(open + 1..close).unwrap_or_default());
                functions.push(Function {
                    name: name.clone(),
                    line,
                    end: line_at(&self.code, close),
                    length,
                });
            }
        }
        functions
    }
}

/// Splits a file into code and string literals.
///
/// In `code`, comments are blank and the contents of strings and characters are `~`; lines stay where they were.
struct Lexer {
    text: Vec<char>,
    at: usize,
    line: usize,
    code: Vec<char>,
    literals: Vec<Literal>,
}

impl Lexer {
    fn read(text: &str) -> Self {
        let text: Vec<char> = text.chars().collect();
        let mut lexer = Self {
            at: 0,
            line: 1,
            code: Vec::with_capacity(text.len()),
            literals: Vec::new(),
            text,
        };
        while let Some(letter) = lexer.peek(0) {
            match (letter, lexer.peek(1)) {
                ('/', Some('/')) => lexer.line_comment(),
                ('/', Some('*')) => lexer.block_comment(),
                ('"', _) => lexer.string(),
                ('\'', _) => lexer.character_or_lifetime(),
                ('r' | 'b' | 'c', _) => lexer.raw_string_or_letter(),
                _ => lexer.keep(),
            }
        }
        lexer
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.text.get(self.at + ahead).copied()
    }

    fn keep(&mut self) {
        self.put(None);
    }

    /// Moves one character on; writes `instead` for it, except for the end of a line.
    fn put(&mut self, instead: Option<char>) {
        let Some(letter) = self.peek(0) else { return };
        self.line += usize::from(letter == '\n');
        self.code.push(if letter == '\n' {
            letter
        } else {
            instead.unwrap_or(letter)
        });
        self.at += 1;
    }

    fn line_comment(&mut self) {
        while self.peek(0).is_some_and(|letter| letter != '\n') {
            self.put(Some(' '));
        }
    }

    fn block_comment(&mut self) {
        let mut depth = 0_usize;
        while self.peek(0).is_some() {
            let step = match (self.peek(0), self.peek(1)) {
                (Some('/'), Some('*')) => {
                    depth += 1;
                    2
                }
                (Some('*'), Some('/')) => {
                    depth -= 1;
                    2
                }
                _ => 1,
            };
            (0..step).for_each(|_| self.put(Some(' ')));
            if depth == 0 {
                return;
            }
        }
    }

    fn string(&mut self) {
        self.keep();
        let line = self.line;
        let mut text = String::new();
        while let Some(letter) = self.peek(0).filter(|letter| *letter != '"') {
            let letters = if letter == '\\' { 2 } else { 1 };
            for _ in 0..letters {
                text.extend(self.peek(0));
                self.put(Some('~'));
            }
        }
        self.keep();
        self.literals.push(Literal { line, text });
    }

    fn raw_string_or_letter(&mut self) {
        let inside_word = self.code.last().is_some_and(|letter| is_word(*letter));
        let prefix = usize::from(self.peek(0) != Some('r'));
        let mut hashes = 0;
        while self.peek(prefix + 1 + hashes) == Some('#') {
            hashes += 1;
        }
        let raw = self.peek(prefix) == Some('r') && self.peek(prefix + 1 + hashes) == Some('"');
        if raw && !inside_word {
            (0..prefix + hashes + 2).for_each(|_| self.keep());
            self.raw_string(hashes);
        } else {
            self.keep();
        }
    }

    fn raw_string(&mut self, hashes: usize) {
        let line = self.line;
        let mut text = String::new();
        while self.peek(0).is_some() {
            let closes = self.peek(0) == Some('"') && (1..=hashes).all(|ahead| self.peek(ahead) == Some('#'));
            if closes {
                (0..=hashes).for_each(|_| self.keep());
                break;
            }
            text.extend(self.peek(0));
            self.put(Some('~'));
        }
        self.literals.push(Literal { line, text });
    }

    fn character_or_lifetime(&mut self) {
        let is_character = self.peek(1) == Some('\\') || self.peek(2) == Some('\'');
        self.keep();
        if !is_character {
            return;
        }
        if self.peek(0) == Some('\\') {
            self.put(Some('~'));
        }
        self.put(Some('~'));
        // Longer escapes: `\u{5b89}`, `\x1b`.
        while self
            .peek(0)
            .is_some_and(|letter| letter != '\'' && letter != '\n')
        {
            self.put(Some('~'));
        }
        self.keep();
    }
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

fn is_blank(code: &[char]) -> bool {
    !code.is_empty() && code.iter().all(|letter| letter.is_whitespace())
}

/// Lists the words of the code with their positions.
fn words(code: &[char]) -> impl Iterator<Item = (usize, String)> {
    let starts = (0..code.len()).filter(|at| {
        let before = at.checked_sub(1).and_then(|before| code.get(before));
        is_word(code[*at]) && !before.is_some_and(|letter| is_word(*letter))
    });
    starts.map(|at| {
        (
            at,
            code[at..].iter().take_while(|letter| is_word(**letter)).collect(),
        )
    })
}

fn line_at(code: &[char], at: usize) -> usize {
    1 + code.iter().take(at).filter(|letter| **letter == '\n').count()
}

fn lines_of_code(code: &[char]) -> usize {
    code.split(|letter| *letter == '\n')
        .filter(|line| line.iter().any(|letter| !letter.is_whitespace()))
        .count()
}

/// Finds the block `{ … }` that belongs to the item at `from`; none when a `;` ends the item first.
fn block_after(code: &[char], from: usize) -> Option<(usize, usize)> {
    let mut depth = 0_usize;
    for (at, letter) in code.iter().enumerate().skip(from) {
        match letter {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            ';' if depth == 0 => return None,
            '{' if depth == 0 => return Some((at, closing_brace(code, at)?)),
            _ => {}
        }
    }
    None
}

fn closing_brace(code: &[char], open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, letter) in code.iter().enumerate().skip(open) {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

/// Finds the lines of items under `#[cfg(test)]`, `#[cfg(all(test, …))]` and `#[…test]`.
fn test_spans(code: &[char]) -> Vec<RangeInclusive<usize>> {
    let mut spans = Vec::new();
    for (at, pair) in code.windows(2).enumerate() {
        let Some(close) = (pair == ['#', '['])
            .then(|| closing_bracket(code, at + 1))
            .flatten()
        else {
            continue;
        };
        let attribute: Vec<String> = words(&code[at..close]).map(|(_, word)| word).collect();
        let names: Vec<&str> = attribute.iter().map(String::as_str).collect();
        let is_test = match names.as_slice() {
            ["cfg", inside @ ..] => inside.contains(&"test") && !inside.contains(&"not"),
            [.., last] => *last == "test",
            [] => false,
        };
        if let Some((_, end)) = block_after(code, close + 1).filter(|_| is_test) {
            spans.push(line_at(code, at)..=line_at(code, end));
        }
    }
    spans
}

fn closing_bracket(code: &[char], open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, letter) in code.iter().enumerate().skip(open) {
        match letter {
            '[' => depth += 1,
            ']' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::RustSource;

    fn source(text: &str) -> RustSource {
        RustSource::new("libs/law/src/lib.rs", text)
    }

    #[test]
    fn words_in_comments_and_strings_are_no_code() {
        let text = "// axum\n/* axum /* axum */ axum */\nlet a = \"axum\";\nlet b = r#\"axum \"axum\"#;\nuse axum;\n";
        assert_eq!(source(text).lines_with("axum"), [5]);
    }

    #[test]
    fn part_of_a_word_is_not_the_word() {
        assert!(source("use utoipa_axum::x;").lines_with("axum").is_empty());
    }

    #[test]
    fn quotes_in_characters_and_lifetimes_open_no_string() {
        let text = "fn f<'a>(x: &'a str) -> char { let _ = ('\"', '\\'', '\\u{22}', b'\"'); 'x' }\nlet s = \"安澜\";";
        let literals: Vec<String> = source(text)
            .literals()
            .map(|literal| literal.text.clone())
            .collect();
        assert_eq!(literals, ["安澜"]);
    }

    #[test]
    fn a_literal_knows_its_line_and_its_escapes() {
        let text = "\n\nlet a = \"one \\\" two\n three\";\nlet b = br##\"x\"# y\"##;";
        let source = source(text);
        let literals: Vec<_> = source
            .literals()
            .map(|literal| (literal.line, literal.text.as_str()))
            .collect();
        assert_eq!(literals, [(3, "one \\\" two\n three"), (5, "x\"# y")]);
    }

    #[test]
    fn functions_are_measured_without_comments_and_blank_lines() {
        let text = "trait T { fn declared(&self); }\nfn long(a: [u8; 3], f: fn(u8)) -> u8\n{\n  // why\n\n  a[0];\n  1\n}\n";
        let functions = source(text).functions();
        assert_eq!(functions.len(), 1);
        assert_eq!(
            (functions[0].name.as_str(), functions[0].line, functions[0].length),
            ("long", 2, 2)
        );
    }

    #[test]
    fn tests_are_left_out() {
        let text = "fn a() { axum(); }\n#[cfg(test)]\nmod tests {\n  fn b() { axum(); }\n}\n#[tokio::test]\nasync fn c() { axum(); }\n\
                    #[cfg(not(test))]\nfn d() { axum(); }\n";
        assert_eq!(source(text).lines_with("axum"), [1, 9]);
        assert_eq!(source(text).functions().len(), 2);
        assert!(
            RustSource::new("slices/incident/tests/story.rs", text)
                .functions()
                .is_empty()
        );
    }
}
