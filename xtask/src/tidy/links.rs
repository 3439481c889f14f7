//! Links between the documents of the repository lead somewhere.

use super::Finding;
use super::tree::{Tree, has_ending};

/// Name of the rule.
pub const RULE: &str = "markdown-link";

/// Reports relative links in Markdown files whose target does not exist.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, text) in tree.texts().filter(|(name, _)| has_ending(name, "md")) {
        let mut fenced = false;
        for (number, line) in text.lines().enumerate() {
            if line.trim_start().starts_with("```") {
                fenced = !fenced;
            }
            let dead = targets(line)
                .into_iter()
                .filter(|target| !fenced && !leads_somewhere(tree, name, target));
            findings.extend(dead.map(|target| Finding {
                file: name.to_owned(),
                line: number + 1,
                rule: RULE,
                what: format!("{target} does not exist: mend the link or write the page"),
            }));
        }
    }
    findings
}

/// Lists the targets of `[text](target)` and `![text](target)` outside inline code.
fn targets(line: &str) -> Vec<String> {
    // Every second piece between backticks is code.
    let prose: String = line.split('`').step_by(2).collect();
    let ends = prose
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split([')', ' ']).next());
    ends.map(|target| target.trim_matches(['<', '>']).to_owned())
        .collect()
}

fn leads_somewhere(tree: &Tree, page: &str, target: &str) -> bool {
    let path = target.split('#').next().unwrap_or_default();
    let elsewhere = path.contains("://") || path.starts_with("mailto:");
    elsewhere || path.is_empty() || resolve(page, path).is_some_and(|path| tree.exists(&path))
}

/// Returns the path from the root of the repository, or nothing when it leads out of it.
fn resolve(page: &str, target: &str) -> Option<String> {
    let target = target.replace("%20", " ");
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::{Tree, check};

    #[test]
    fn a_link_to_a_missing_page_is_named() {
        let page = "# SQL\n\nSee [the plan](../../ARCHITECTURE.md#the-plan) and [this](add-a-slice.md).\n";
        let findings = check(&Tree::of(&[
            ("docs/guides/sql.md", page),
            ("ARCHITECTURE.md", ""),
        ]));
        assert_eq!(findings.len(), 1);
        assert!(
            findings[0]
                .to_string()
                .starts_with("docs/guides/sql.md:3: markdown-link: add-a-slice.md does not exist")
        );
    }

    #[test]
    fn links_that_lead_somewhere_are_fine() {
        let page = "[folder](docs/) [top](#top) [web](https://example.invalid/x) ![map](docs/map.png \"the map\")\n\
                    `[code](no.md)`\n```\n[code](no.md)\n```\n";
        assert_eq!(check(&Tree::of(&[("README.md", page), ("docs/map.png", "")])), []);
    }

    #[test]
    fn a_link_out_of_the_repository_is_named() {
        assert_eq!(
            check(&Tree::of(&[("README.md", "[x](../other/README.md)")])).len(),
            1
        );
    }
}
