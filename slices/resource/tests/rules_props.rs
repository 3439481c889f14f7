//! Properties of the decisions of resources.

use anlan_resource::model::{Place, Registers};
use anlan_resource::rules::shelters::ShelterStandard;
use anlan_resource::rules::{day, mask, settle};
use proptest::prelude::*;

#[test]
fn the_citys_shelters_pass_a_short_stay_and_fail_a_middle_and_a_long_one() {
    let standard = ShelterStandard::shipped().unwrap();
    let answers = standard.answers(1_070_300, 452_000);
    let passes: Vec<(&str, bool)> = answers
        .iter()
        .map(|answer| (answer.stay.id.as_str(), answer.passes))
        .collect();
    assert_eq!(
        passes,
        [
            ("urgent", true),
            ("temporary", true),
            ("short", true),
            ("middle", false),
            ("long", false)
        ]
    );
    assert_eq!(answers[3].room_for, 356_766);
}

#[test]
fn the_bound_itself_passes_and_one_head_more_does_not() {
    let standard = ShelterStandard::shipped().unwrap();
    assert!(standard.answers(4_500, 1_000)[4].passes);
    assert!(!standard.answers(4_500, 1_001)[4].passes);
}

#[test]
fn every_column_of_the_shipped_registers_has_titles_in_both_languages() {
    let registers = Registers::shipped().unwrap();
    assert_eq!(registers.trade.len(), 14);
    for column in registers.register.iter().flat_map(|register| &register.columns) {
        assert!(!column.zh.is_empty() && !column.en.is_empty(), "{}", column.key);
    }
}

#[test]
fn a_day_is_a_day_and_nothing_else() {
    assert!(day("2026-07-20").is_some());
    for wrong in ["2026-7-20", "2026-02-30", "20260720", "2026-07-20T00"] {
        assert!(day(wrong).is_none(), "{wrong}");
    }
}

proptest! {
    #[test]
    fn more_heads_never_pass_where_fewer_fail(area in 1u64..10_000_000, heads in 1u64..1_000_000) {
        let standard = ShelterStandard::shipped().unwrap();
        let (fewer, more) = (standard.answers(area, heads), standard.answers(area, heads + 1));
        for (fewer, more) in fewer.iter().zip(&more) {
            prop_assert!(fewer.passes || !more.passes);
        }
    }

    #[test]
    fn a_mask_keeps_the_length_and_hides_the_middle(phone in "[0-9]{8,15}") {
        let masked = mask(&phone);
        prop_assert_eq!(masked.chars().count(), phone.len());
        prop_assert!(masked.contains('*'));
    }

    #[test]
    fn settling_the_same_place_again_gives_the_same(lon in 110.0f64..113.0, lat in 39.0f64..42.0) {
        let place = Place { lon, lat, given_in: "bd09".to_owned() };
        prop_assert_eq!(settle(&place), settle(&place));
    }
}
