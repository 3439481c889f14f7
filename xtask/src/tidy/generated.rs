//! Files the program writes about itself are as it would write them today.

use super::Finding;
use crate::bless::{self, PRINTED, TYPES};
use crate::counts::Counts;
use crate::web;
use crate::workspace::{Profile, Workspace};
use anyhow::Result;
use std::fs;
use std::path::Path;
use std::time::SystemTime;

/// Name of the rule.
pub const RULE: &str = "generated-current";

/// What the program is built from.
const SOURCES: [&str; 7] = [
    "libs",
    "platform",
    "slices",
    "adapters",
    "server",
    "rules",
    "Cargo.lock",
];

/// Compares every generated file with what would be generated now; needs a built program.
pub fn check(workspace: &Workspace) -> Result<Counts> {
    let binary = workspace.binary("anlan", Profile::Dev);
    let mut findings = printed(workspace, &binary);
    findings.extend(types(workspace)?);
    for finding in &findings {
        println!("{finding}");
    }
    Ok(Counts::one(findings.is_empty()))
}

/// Compares what the program prints, but only if it is built and newer than all its sources.
pub fn findings_if_built(workspace: &Workspace, binary: &Path) -> Result<Vec<Finding>> {
    let Ok(built) = binary.metadata().and_then(|meta| meta.modified()) else {
        return Ok(Vec::new());
    };
    for source in SOURCES {
        if newest(&workspace.path(source))?.is_some_and(|changed| changed > built) {
            println!("generated files were not compared: the built program is older than {source}");
            return Ok(Vec::new());
        }
    }
    Ok(printed(workspace, binary))
}

fn printed(workspace: &Workspace, binary: &Path) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, command) in PRINTED {
        let kept = fs::read_to_string(workspace.path(path)).ok();
        match (bless::printed(binary, command), kept) {
            (Ok(now), Some(kept)) => findings.extend(difference(path, &kept, &now)),
            (Ok(_), None) => findings.push(stale(path, 1, "is missing")),
            (Err(error), Some(_)) => findings.push(stale(path, 1, &format!("cannot be made: {error}"))),
            // Neither the file nor the subcommand: not written yet.
            (Err(_), None) => {}
        }
    }
    findings
}

fn types(workspace: &Workspace) -> Result<Option<Finding>> {
    let described = workspace.path("docs/openapi.json").is_file();
    let Some(kept) = fs::read_to_string(workspace.path(TYPES))
        .ok()
        .filter(|_| described)
    else {
        return Ok(None);
    };
    web::install(workspace)?;
    Ok(difference(TYPES, &kept, &bless::types(workspace)?))
}

/// Names the first line in which a file differs from what it should be.
fn difference(path: &str, kept: &str, now: &str) -> Option<Finding> {
    if kept == now {
        return None;
    }
    let same = kept
        .lines()
        .zip(now.lines())
        .take_while(|(kept, now)| kept == now)
        .count();
    Some(stale(path, same + 1, "is not what the program writes today"))
}

fn stale(path: &str, line: usize, what: &str) -> Finding {
    Finding {
        file: path.to_owned(),
        line,
        rule: RULE,
        what: format!("{what}: run `cargo xtask bless files`"),
    }
}

/// Returns when anything at or below a path was changed last.
fn newest(path: &Path) -> Result<Option<SystemTime>> {
    let Ok(meta) = path.metadata() else {
        return Ok(None);
    };
    if meta.is_file() {
        return Ok(Some(meta.modified()?));
    }
    let mut last = None;
    for entry in fs::read_dir(path)? {
        last = last.max(newest(&entry?.path())?);
    }
    Ok(last)
}

#[cfg(test)]
mod tests {
    use super::{difference, findings_if_built, newest, printed};
    use crate::scratch::Scratch;
    use crate::workspace::Workspace;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn the_first_differing_line_is_named() {
        let finding = difference("config.example.toml", "a\nb\nc\n", "a\nB\nc\n").unwrap();
        assert!(
            finding
                .to_string()
                .starts_with("config.example.toml:2: generated-current: is not what"),
            "{finding}"
        );
        assert_eq!(difference("config.example.toml", "a\n", "a\n"), None);
    }

    #[test]
    fn a_stale_file_is_found_by_asking_the_program() {
        let scratch = Scratch::new("generated");
        scratch.write("docs/openapi.json", "old\n");
        scratch.write("config.example.toml", "config-example\n");
        scratch.write("anlan", "#!/bin/sh\necho $1\n");
        let binary = scratch.path().join("anlan");
        std::fs::set_permissions(&binary, std::fs::Permissions::from_mode(0o755)).unwrap();
        let workspace = Workspace {
            root: scratch.path().to_owned(),
        };
        let findings = printed(&workspace, &binary);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].file, "docs/openapi.json");
    }

    #[test]
    fn without_a_built_program_nothing_is_compared() {
        let scratch = Scratch::new("generated-unbuilt");
        scratch.write("docs/openapi.json", "old\n");
        let workspace = Workspace {
            root: scratch.path().to_owned(),
        };
        assert_eq!(newest(&scratch.path().join("no such folder")).unwrap(), None);
        let binary = scratch.path().join("anlan");
        assert_eq!(findings_if_built(&workspace, &binary).unwrap(), []);
    }
}
