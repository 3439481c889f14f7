//! Properties: more harm never means a lesser grade, and what is known later never lowers a duty.

use anlan_law::{Case, Facts, Times};
use proptest::prelude::*;

use super::book::book;

const CLASSES: [&str; 12] = [
    "20100", "20200", "20210", "20400", "20600", "20700", "20900", "13000", "14000", "15000", "15100",
    "30200",
];

fn facts(deaths: u32, missing: u32, seriously_injured: u32, loss_wan: u32) -> Facts {
    Facts::default()
        .with("deaths", deaths)
        .with("missing", missing)
        .with("seriously_injured", seriously_injured)
        .with("poisoned", 0)
        .with("loss_yuan", f64::from(loss_wan) * 10_000.0)
}

proptest! {
    #[test]
    fn grades_never_fall_when_harm_grows(
        class in prop::sample::select(CLASSES.to_vec()),
        harm in (0..120_u32, 0..40_u32, 0..150_u32, 0..20_000_u32),
        more in (0..50_u32, 0..20_u32, 0..60_u32, 0..8_000_u32),
    ) {
        let less = facts(harm.0, harm.1, harm.2, harm.3);
        let graver = facts(harm.0 + more.0, harm.1 + more.1, harm.2 + more.2, harm.3 + more.3);
        let day = "2026-11-24".parse().unwrap();
        let of = |facts| book().grades(&Case { division: "1501", event_class: class, facts, day });
        for (before, after) in of(&less).iter().zip(of(&graver)) {
            prop_assert_eq!(&before.rule.id, &after.rule.id);
            prop_assert!(before.level <= after.level, "{:?} {:?}", before, after);
        }
    }

    #[test]
    fn reports_owed_never_vanish_when_harm_grows(
        class in prop::sample::select(CLASSES.to_vec()),
        harm in (0..40_u32, 0..10_u32, 0..120_u32, 0..12_000_u32),
        more in (0..40_u32, 0..10_u32),
    ) {
        // Wuhan shortens its limits as grades rise, so its rules change: elsewhere duties only grow.
        let less = facts(harm.0, harm.1, harm.2, harm.3);
        let graver = facts(harm.0 + more.0, harm.1 + more.1, harm.2, harm.3);
        let day = "2026-11-24".parse().unwrap();
        let of = |facts| book().obligations(&Case { division: "150125", event_class: class, facts, day }, None, &Times::default());
        let after = of(&graver);
        for owed in of(&less) {
            prop_assert!(after.iter().any(|other| other.rule.id == owed.rule.id && other.to == owed.to), "{}", owed.rule.id);
        }
    }
}
