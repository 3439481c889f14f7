//! What the tests need beside the program: a PostgreSQL server, a browser, small disks.

pub mod chromium;
pub mod disks;
pub mod packages;
pub mod postgres;

use crate::ambient;

/// Whether missing programs may be installed: asked for with `--install`, or nobody is there to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Install {
    /// Install with the distribution's package manager.
    Allowed,
    /// Say what is missing and how to install it.
    No,
}

impl Install {
    /// Decides from the flag and the surroundings.
    pub fn from_flag(asked: bool) -> Self {
        if asked || ambient::in_ci() {
            Self::Allowed
        } else {
            Self::No
        }
    }
}
