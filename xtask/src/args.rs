//! Command-line words of a house command.

use anyhow::{Result, bail};

/// The words after the command, taken away one by one; what is left is passed on or refused.
#[derive(Debug, Clone, Default)]
pub struct Args {
    words: Vec<String>,
}

impl Args {
    /// Wraps the words that follow the command's name.
    pub fn new(words: Vec<String>) -> Self {
        Self { words }
    }

    /// Takes a flag away and tells whether it was there.
    pub fn flag(&mut self, name: &str) -> bool {
        let before = self.words.len();
        self.words.retain(|word| word != name);
        self.words.len() != before
    }

    /// Hands over the words nobody has taken.
    pub fn rest(self) -> Vec<String> {
        self.words.into_iter().filter(|word| word != "--").collect()
    }

    /// Refuses words that nobody has taken, so that a misspelt flag is never ignored.
    pub fn finish(self) -> Result<()> {
        match self.words.as_slice() {
            [] => Ok(()),
            words => bail!("unknown argument: {}", words.join(" ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Args;

    fn args(text: &str) -> Args {
        Args::new(text.split_whitespace().map(str::to_owned).collect())
    }

    #[test]
    fn a_flag_is_taken_once_and_the_rest_is_passed_on() {
        let mut args = args("--fast incident -- --port 80");
        assert!(args.flag("--fast"));
        assert!(!args.flag("--fast"));
        assert_eq!(args.rest(), ["incident", "--port", "80"]);
    }

    #[test]
    fn a_misspelt_flag_is_refused() {
        assert!(args("--fsat").finish().is_err());
        assert!(args("").finish().is_ok());
    }
}
