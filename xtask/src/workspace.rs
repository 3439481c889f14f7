//! Where things are in the repository and in the build directory.

use crate::ambient;
use anyhow::{Context as _, Result};
use std::path::{Path, PathBuf};

/// The repository this command runs in.
#[derive(Debug, Clone)]
pub struct Workspace {
    /// The directory with the workspace's `Cargo.toml`.
    pub root: PathBuf,
}

/// How a program is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Quick to build, slow to run.
    Dev,
    /// As it is shipped.
    Release,
}

impl Workspace {
    /// Finds the repository from the current directory upwards.
    pub fn find() -> Result<Self> {
        let here = std::env::current_dir().context("the current directory is gone")?;
        let root = here
            .ancestors()
            .find(|directory| directory.join("xtask/Cargo.toml").is_file())
            .context("run this inside the repository")?;
        Ok(Self {
            root: root.to_owned(),
        })
    }

    /// Returns a path below the root.
    pub fn path(&self, below: impl AsRef<Path>) -> PathBuf {
        self.root.join(below)
    }

    /// Returns cargo's build directory.
    pub fn target(&self) -> PathBuf {
        ambient::setting("CARGO_TARGET_DIR")
            .map_or_else(|| self.path("target"), |directory| self.path(directory))
    }

    /// Returns where cargo puts the program `name`.
    pub fn binary(&self, name: &str, profile: Profile) -> PathBuf {
        let directory = match profile {
            Profile::Dev => "debug",
            Profile::Release => "release",
        };
        self.target()
            .join(directory)
            .join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    }
}
