//! What the house commands take from the machine around them: environment variables and a stopwatch.

use std::fmt;
use std::time::Instant;

/// Returns an environment variable that is set and not empty.
#[expect(
    clippy::disallowed_methods,
    reason = "house commands have no configuration file; their settings are variables"
)]
pub fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Tells whether this is continuous integration, where missing tools are installed and nothing is skipped.
pub fn in_ci() -> bool {
    setting("CI").is_some_and(|value| value != "false" && value != "0")
}

/// Measures how long a step takes; displays as `12.3 s`.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts measuring.
    #[expect(
        clippy::disallowed_methods,
        reason = "elapsed time is shown to a person and decides nothing"
    )]
    pub fn start() -> Self {
        Self(Instant::now())
    }
}

impl fmt::Display for Stopwatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1} s", self.0.elapsed().as_secs_f64())
    }
}
