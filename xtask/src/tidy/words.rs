//! What must not be written into the repository: paths of somebody's machine, addresses of foreign servers.

use super::Finding;
use super::rust_source::RustSource;
use super::tree::{Tree, has_ending};

/// Name of the rule about paths.
pub const MACHINE_PATH: &str = "machine-path";
/// Name of the rule about foreign origins.
pub const FOREIGN_ORIGIN: &str = "foreign-origin";

/// Folders of a developer's machine; written in two parts so that this file keeps its own rule.
const FOLDERS: [&str; 4] = [
    concat!("/", "work/"),
    concat!("/", "home/"),
    concat!("/", "root/"),
    concat!("/", "Users/"),
];
const TEMPORARY: &str = concat!("/", "tmp/");

/// Hosts that name a vocabulary or this machine; nothing is ever fetched from elsewhere.
const HARMLESS: [&str; 5] = ["www.w3.org", "127.0.0.1", "localhost", "[::1]", "example.invalid"];

/// Reports absolute paths that exist on one machine only.
pub fn machine_paths(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, text) in tree.texts() {
        let source = has_ending(name, "rs").then(|| RustSource::new(name, text));
        let web_test = name.contains(".test.") || name.contains(".spec.");
        let in_test = |line: usize| web_test || source.as_ref().is_some_and(|source| source.in_test(line));
        for (number, line) in text.lines().enumerate() {
            let temporary = (!in_test(number + 1)).then_some(&TEMPORARY);
            let found = FOLDERS
                .iter()
                .chain(temporary)
                .find(|folder| has_absolute(line, folder));
            let Some(folder) = found else { continue };
            let what = format!(
                "a path below {folder} exists on one machine only: take it as an argument or a setting"
            );
            findings.push(Finding {
                file: name.to_owned(),
                line: number + 1,
                rule: MACHINE_PATH,
                what,
            });
        }
    }
    findings
}

/// Reports addresses of other servers in what the browser gets.
pub fn foreign_origins(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, text) in tree.texts().filter(|(name, _)| reaches_browser(name)) {
        for (number, line) in text.lines().enumerate() {
            for host in hosts(line).filter(|host| !HARMLESS.contains(host)) {
                let what = format!(
                    "{host} is a foreign origin and the platform works without the internet: ship it with web/"
                );
                findings.push(Finding {
                    file: name.to_owned(),
                    line: number + 1,
                    rule: FOREIGN_ORIGIN,
                    what,
                });
            }
        }
    }
    findings
}

/// Tells whether the path stands in the line and is not the middle of a longer one.
fn has_absolute(line: &str, folder: &str) -> bool {
    let before = line
        .match_indices(folder)
        .map(|(at, _)| line.get(..at).and_then(|head| head.chars().last()));
    let mut starts = before
        .filter(|last| !last.is_some_and(|letter| letter.is_alphanumeric() || "._-/*}>)".contains(letter)));
    starts.next().is_some()
}

fn reaches_browser(name: &str) -> bool {
    let shipped = name.starts_with("web/src/") || name.starts_with("web/public/") || name == "web/index.html";
    shipped && !name.contains(".test.") && !name.contains(".spec.")
}

fn hosts(line: &str) -> impl Iterator<Item = &str> {
    let after = line
        .split("http")
        .skip(1)
        .filter_map(|rest| rest.strip_prefix("://").or_else(|| rest.strip_prefix("s://")));
    // A scheme alone, as in a comparison, names no host.
    after.map(host_of).filter(|host| !host.is_empty())
}

fn host_of(rest: &str) -> &str {
    let end = rest.find(|letter: char| !(letter.is_ascii_alphanumeric() || ".-[]:$".contains(letter)));
    let host = end.and_then(|end| rest.get(..end)).unwrap_or(rest);
    if host.starts_with('[') {
        return host.split_inclusive(']').next().unwrap_or(host);
    }
    host.split(':').next().unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use super::{FOLDERS, TEMPORARY, Tree, foreign_origins, machine_paths};

    #[test]
    fn a_path_of_somebodys_machine_is_named() {
        for folder in FOLDERS {
            let text = format!("first\ndata = \"{folder}main/data\"\n");
            let findings = machine_paths(&Tree::of(&[("docs/guide.md", &text)]));
            assert_eq!(findings.len(), 1, "{folder}");
            assert_eq!(findings[0].line, 2);
        }
    }

    #[test]
    fn the_temporary_folder_is_for_tests_only() {
        let text = format!("fn a() {{ open(\"{TEMPORARY}x\"); }}\n");
        let tested = format!("#[cfg(test)]\nmod tests {{\n{text}}}\n");
        let tree = Tree::of(&[
            ("libs/a/src/lib.rs", &text),
            ("libs/b/src/lib.rs", &tested),
            ("libs/c/tests/story.rs", &text),
        ]);
        let findings = machine_paths(&tree);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].file, "libs/a/src/lib.rs");
    }

    #[test]
    fn part_of_a_longer_path_is_no_absolute_path() {
        let text = format!("see docs{0}a and https://x.invalid{0}b\n", FOLDERS[0]);
        assert_eq!(machine_paths(&Tree::of(&[("README.md", &text)])), []);
    }

    #[test]
    fn a_foreign_address_in_the_front_end_is_named() {
        let tiles = "a\nconst tiles = 'https://tiles.somewhere.org/{z}'\n";
        let svg = "xmlns=\"http://www.w3.org/2000/svg\" if (url.startsWith('https://')) http://127.0.0.1:8080/ http://[::1]:80";
        let tree = Tree::of(&[
            ("web/src/map.ts", tiles),
            ("web/src/icon.vue", svg),
            ("web/src/map.test.ts", tiles),
        ]);
        let findings = foreign_origins(&tree);
        assert_eq!(findings.len(), 1);
        assert!(
            findings[0]
                .to_string()
                .starts_with("web/src/map.ts:2: foreign-origin: tiles.somewhere.org")
        );
    }
}
