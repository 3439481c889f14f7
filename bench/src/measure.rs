//! Pairs of measurements and what they come to.

/// The middle of some figures.
pub(crate) fn median(figures: &[f64]) -> f64 {
    at(figures, 50)
}

/// The figure below which `percent` of all figures lie.
pub(crate) fn at(figures: &[f64], percent: usize) -> f64 {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    let index = (sorted.len().saturating_sub(1) * percent).div_ceil(100);
    sorted.get(index).copied().unwrap_or(f64::NAN)
}

/// What two sides did in alternation.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pairs {
    /// Ours.
    pub ours: Vec<f64>,
    /// The other's.
    pub theirs: Vec<f64>,
}

impl Pairs {
    /// Adds a pair measured right after one another.
    pub(crate) fn push(&mut self, ours: f64, theirs: f64) {
        self.ours.push(ours);
        self.theirs.push(theirs);
    }

    /// The median of ours divided by theirs, pair by pair.
    pub(crate) fn ratio(&self) -> f64 {
        let ratios: Vec<f64> = self.ours.iter().zip(&self.theirs).map(|(a, b)| a / b).collect();
        median(&ratios)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ratio_is_the_median_of_the_pairs_not_the_ratio_of_the_medians() {
        let mut pairs = Pairs::default();
        for (ours, theirs) in [(10.0, 1.0), (30.0, 10.0), (2.0, 1.0)] {
            pairs.push(ours, theirs);
        }
        assert!((pairs.ratio() - 3.0).abs() < 1e-9);
    }

    #[test]
    fn percentiles_are_figures_that_were_measured() {
        let figures: Vec<f64> = (1..=100).map(f64::from).collect();
        assert!((at(&figures, 99) - 100.0).abs() < 1.5);
        assert!((median(&figures) - 51.0).abs() < 1.5);
    }
}
