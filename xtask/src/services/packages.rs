//! Installing Debian packages, when that is wanted and possible.

use super::Install;
use crate::process;
use anyhow::{Context as _, Result, bail};
use std::process::Command;

/// Installs packages, or fails with the command that a person should type.
pub fn install(install: Install, what: &str, packages: &[&str]) -> Result<()> {
    let list = packages.join(" ");
    let command = format!("apt-get update && apt-get install -y --no-install-recommends {list}");
    if install == Install::No {
        bail!("{what} is not installed. As root: {command}\n(or repeat this command with --install)");
    }
    if !process::is_root() || process::find_program("apt-get").is_none() {
        bail!(
            "{what} is not installed and cannot be installed here (no apt-get, or not root). Needed: {list}"
        );
    }
    println!("installing {list}");
    let quiet = |arguments: &[&str]| {
        let mut apt = Command::new("apt-get");
        apt.env("DEBIAN_FRONTEND", "noninteractive")
            .args(arguments)
            .args(packages_of(arguments, packages));
        process::output(&mut apt).map(drop)
    };
    quiet(&["update", "-q"])?;
    quiet(&["install", "-qy", "--no-install-recommends"]).with_context(|| format!("cannot install {list}"))
}

fn packages_of<'a>(arguments: &[&str], packages: &'a [&'a str]) -> &'a [&'a str] {
    if arguments.first() == Some(&"install") {
        packages
    } else {
        &[]
    }
}

#[cfg(test)]
mod tests {
    use super::{Install, install};

    #[test]
    fn without_leave_nothing_is_installed_and_the_command_is_told() {
        let error = install(Install::No, "PostgreSQL", &["postgresql"])
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("apt-get install -y --no-install-recommends postgresql"),
            "{error}"
        );
    }
}
