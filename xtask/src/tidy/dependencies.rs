//! Which crate may know which: libs know nobody, platform knows libs, slices know platform, the server knows all.

use super::Finding;
use super::tree::Tree;
use std::collections::BTreeMap;

/// Name of the rule about directions.
pub const DIRECTION: &str = "dependency-direction";
/// Name of the rule about cycles among slices.
pub const CYCLE: &str = "slice-cycle";

const PAGE: &str = "ARCHITECTURE.md";

/// A crate of ours and what it depends on.
#[derive(Debug)]
struct Package<'a> {
    manifest: &'a str,
    name: &'a str,
    /// Line and name of each dependency that may be ours.
    needs: Vec<(usize, &'a str)>,
}

/// Reports dependencies that point the wrong way.
pub fn direction(tree: &Tree) -> Vec<Finding> {
    let packages = packages(tree);
    let by_name: BTreeMap<&str, &Package<'_>> =
        packages.iter().map(|package| (package.name, package)).collect();
    let pairs = listed_pairs(tree);
    let mut findings = Vec::new();
    for package in &packages {
        for (line, need) in &package.needs {
            let Some(needed) = by_name.get(need) else { continue };
            if let Some(why) = objection(package, needed, &pairs) {
                findings.push(Finding {
                    file: package.manifest.to_owned(),
                    line: *line,
                    rule: DIRECTION,
                    what: why,
                });
            }
        }
    }
    findings
}

/// Reports pairs in the list of slices that lead back to where they started.
pub fn cycle(tree: &Tree) -> Vec<Finding> {
    let pairs = listed_pairs(tree);
    let leads_back = |pair: &&Pair<'_>| reaches(&pairs, pair.to, pair.from, &mut Vec::new());
    let findings = pairs.iter().filter(leads_back).map(|pair| Finding {
        file: PAGE.to_owned(),
        line: pair.line,
        rule: CYCLE,
        what: format!(
            "{} → {} closes a circle: let one slice publish facts or a SQL view instead",
            pair.from, pair.to
        ),
    });
    findings.collect()
}

fn objection(package: &Package<'_>, needed: &Package<'_>, pairs: &[Pair<'_>]) -> Option<String> {
    let (from, to) = (group(package.manifest), group(needed.manifest));
    let allowed = match from {
        "libs" | "xtask" => false,
        "platform" => matches!(to, "libs" | "platform"),
        "slices" => match to {
            "slices" => {
                let pair = |listed: &Pair<'_>| {
                    listed.from == folder(package.manifest) && listed.to == folder(needed.manifest)
                };
                pairs.iter().any(pair)
            }
            other => matches!(other, "libs" | "platform"),
        },
        "adapters" => matches!(to, "libs" | "platform" | "slices"),
        _ => true,
    };
    let mend = match (from, to) {
        ("libs", _) => "libs are pure and know none of our crates: pass in what is needed",
        ("slices", "slices") => "list the pair in the `slices` block of ARCHITECTURE.md, or do without",
        _ => "dependencies point from server to slices to platform to libs, never back",
    };
    (!allowed).then(|| format!("{} must not depend on {}: {mend}", package.name, needed.name))
}

/// Returns the first part of a path: `libs`, `slices`, `server` …
fn group(manifest: &str) -> &str {
    manifest.split('/').next().unwrap_or_default()
}

/// Returns the second part of a path: the slice's own name.
fn folder(manifest: &str) -> &str {
    manifest.split('/').nth(1).unwrap_or_default()
}

fn packages(tree: &Tree) -> Vec<Package<'_>> {
    let manifests = tree.texts().filter(|(name, _)| name.ends_with("/Cargo.toml"));
    manifests
        .filter_map(|(manifest, text)| package(manifest, text))
        .collect()
}

/// Reads name and dependencies; the few forms of TOML that manifests use are enough.
fn package<'a>(manifest: &'a str, text: &'a str) -> Option<Package<'a>> {
    let mut name = None;
    let mut needs = Vec::new();
    let mut section = "";
    for (number, line) in text.lines().enumerate() {
        if let Some(heading) = line.trim().strip_prefix('[') {
            section = heading.trim_end_matches(']');
            if let Some((_, need)) = section.rsplit_once("dependencies.") {
                needs.push((number + 1, need));
            }
            continue;
        }
        let key = line.split(['=', '.', ' ']).next().unwrap_or_default();
        if section == "package" && key == "name" {
            name = line.split('"').nth(1);
        }
        if section.ends_with("dependencies") && !key.is_empty() && !key.starts_with('#') {
            needs.push((number + 1, key));
        }
    }
    Some(Package {
        manifest,
        name: name?,
        needs,
    })
}

/// One slice that may know another, as ARCHITECTURE.md lists it.
#[derive(Debug, PartialEq, Eq)]
struct Pair<'a> {
    line: usize,
    from: &'a str,
    to: &'a str,
}

/// Reads the block of ARCHITECTURE.md that begins with three backticks and `slices`: lines `incident → organisation, duty`.
fn listed_pairs(tree: &Tree) -> Vec<Pair<'_>> {
    let mut pairs = Vec::new();
    let mut inside = false;
    for (number, line) in tree.text(PAGE).unwrap_or_default().lines().enumerate() {
        if line.starts_with("```") {
            inside = line.trim_end() == "```slices";
            continue;
        }
        let split = line.split_once('→').or_else(|| line.split_once("->"));
        let Some((from, to)) = split.filter(|_| inside) else {
            continue;
        };
        let others = to.split(',').map(str::trim).filter(|to| !to.is_empty());
        pairs.extend(others.map(|to| Pair {
            line: number + 1,
            from: from.trim(),
            to,
        }));
    }
    pairs
}

fn reaches<'a>(pairs: &[Pair<'a>], from: &'a str, goal: &str, seen: &mut Vec<&'a str>) -> bool {
    if from == goal {
        return true;
    }
    if seen.contains(&from) {
        return false;
    }
    seen.push(from);
    pairs
        .iter()
        .filter(|pair| pair.from == from)
        .any(|pair| reaches(pairs, pair.to, goal, seen))
}

#[cfg(test)]
mod tests {
    use super::{Tree, cycle, direction};

    const LAW: (&str, &str) = (
        "libs/law/Cargo.toml",
        "[package]\nname = \"anlan-law\"\n[dependencies]\nserde.workspace = true\n",
    );
    const STORE: (&str, &str) = (
        "platform/store/Cargo.toml",
        "[package]\nname = \"anlan-store\"\n[dependencies]\nanlan-law.workspace = true\n",
    );
    const DUTY: (&str, &str) = (
        "slices/duty/Cargo.toml",
        "[package]\nname = \"anlan-duty\"\n[dependencies]\n",
    );
    const INCIDENT: (&str, &str) = (
        "slices/incident/Cargo.toml",
        "[package]\nname = \"anlan-incident\"\n[dependencies]\nanlan-store.workspace = true\nanlan-duty = { workspace = true }\n",
    );

    #[test]
    fn downward_dependencies_are_fine() {
        assert_eq!(direction(&Tree::of(&[LAW, STORE, DUTY])), []);
    }

    #[test]
    fn a_lib_that_knows_the_store_is_named_with_its_line() {
        let law = (
            "libs/law/Cargo.toml",
            "[package]\nname = \"anlan-law\"\n[dev-dependencies.anlan-store]\nworkspace = true\n",
        );
        let findings = direction(&Tree::of(&[law, STORE]));
        assert_eq!(findings.len(), 1);
        assert!(
            findings[0]
                .to_string()
                .starts_with("libs/law/Cargo.toml:3: dependency-direction: anlan-law must not")
        );
    }

    #[test]
    fn platform_must_not_know_a_slice() {
        let store = (
            "platform/store/Cargo.toml",
            "[package]\nname = \"anlan-store\"\n[dependencies]\nanlan-duty = { path = \"x\" }\n",
        );
        assert_eq!(direction(&Tree::of(&[store, DUTY])).len(), 1);
    }

    #[test]
    fn a_pair_of_slices_must_be_listed() {
        let listed = (
            "ARCHITECTURE.md",
            "# x\n```slices\nincident → organisation, duty\n```\nduty → incident\n",
        );
        assert_eq!(direction(&Tree::of(&[STORE, DUTY, INCIDENT])).len(), 1);
        assert_eq!(direction(&Tree::of(&[STORE, DUTY, INCIDENT, listed])), []);
    }

    #[test]
    fn a_circle_of_slices_is_named() {
        let circle = (
            "ARCHITECTURE.md",
            "```slices\na -> b\nb -> c\nc -> a\nd -> a\n```\n",
        );
        let findings = cycle(&Tree::of(&[circle]));
        assert_eq!(
            findings.iter().map(|finding| finding.line).collect::<Vec<_>>(),
            [2, 3, 4]
        );
    }
}
