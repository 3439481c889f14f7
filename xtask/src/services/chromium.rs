//! Finding the browser for the journeys.

use super::{Install, packages};
use crate::ambient;
use crate::process;
use anyhow::{Context as _, Result};
use std::path::PathBuf;

const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// Returns a Chromium (`ANLAN_CHROMIUM`, else from `PATH`), installing it with a Chinese font when that is allowed.
pub fn find(install: Install) -> Result<PathBuf> {
    if let Some(given) = ambient::setting("ANLAN_CHROMIUM") {
        return Ok(PathBuf::from(given));
    }
    if let Some(found) = from_path() {
        return Ok(found);
    }
    packages::install(install, "Chromium", &["chromium", "fonts-noto-cjk"])?;
    from_path().context("Chromium was installed but is not in PATH")
}

fn from_path() -> Option<PathBuf> {
    NAMES.iter().find_map(|name| process::find_program(name))
}
