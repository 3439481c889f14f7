//! Laws of the organisation's rules.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use anlan_access::{Grant, Roles};
use anlan_foundation::{Checks, Timestamp};
use anlan_organisation::rules::{
    ATTEMPTS, LOCK_MINUTES, check_grants, check_password, mask_phone, next_lock,
};
use proptest::prelude::*;

fn roles() -> Roles {
    Roles::parse(include_str!("../../../rules/access.toml")).unwrap()
}

fn grant(role: &str, area: &str) -> Grant {
    Grant::new(role, area)
}

fn accepted(name: &str, password: &str) -> bool {
    let mut checks = Checks::new();
    check_password(&mut checks, "password", name, password);
    checks.finish().is_ok()
}

const ADMINISTRATIONS: [&str; 3] = ["system_admin", "security_admin", "audit_admin"];

proptest! {
    #[test]
    fn a_mask_shows_at_most_seven_characters(number in ".{0,30}") {
        let shown = mask_phone(&number).chars().filter(|c| *c != '*').count();
        prop_assert!(shown <= 7);
    }

    #[test]
    fn a_telephone_number_of_any_length_cannot_be_read_from_its_mask(number in "[0-9]{4,20}") {
        let shown: String = mask_phone(&number).chars().filter(|c| *c != '*').collect();
        prop_assert!(number.len() >= shown.len() + 2);
        prop_assert!(mask_phone(&number).contains("****"));
    }

    #[test]
    fn a_mobile_number_keeps_its_first_three_and_last_four_digits(number in "1[3-9][0-9]{9}") {
        let (head, tail) = (number.get(..3).unwrap(), number.get(7..).unwrap());
        let expected = format!("{head}****{tail}");
        prop_assert_eq!(mask_phone(&number), expected);
    }

    #[test]
    fn a_lock_comes_with_the_last_attempt_and_not_before(failed in 0_i64..50, at in 0_i64..4_000_000_000) {
        let now = Timestamp::from_seconds(at);
        let lock = (failed >= ATTEMPTS).then(|| now.plus_minutes(LOCK_MINUTES));
        prop_assert_eq!(next_lock(failed, now), lock);
    }

    #[test]
    fn a_password_of_one_sort_of_characters_is_refused(password in "[a-z]{10,40}|[0-9]{10,40}|[-+*/]{10,40}") {
        prop_assert!(!accepted("name", &password));
    }

    #[test]
    fn a_password_that_is_too_short_or_too_long_is_refused(short in "[a-z]{4}[0-9]{0,5}", tail in "[a-z0-9]{128}") {
        prop_assert!(!accepted("name", &short));
        let long = format!("-{tail}");
        prop_assert!(!accepted("name", &long));
    }

    #[test]
    fn a_password_that_is_the_name_is_refused_in_whatever_case(name in "[a-z]{6,20}[0-9]{4,10}") {
        prop_assert!(!accepted(&name, &name));
        prop_assert!(!accepted(&name, &name.to_uppercase()));
        prop_assert!(accepted("another", &name));
    }

    #[test]
    fn no_account_gets_two_sorts_of_administration(
        first in 0_usize..3,
        second in 0_usize..3,
        others in prop::collection::vec("[0-9]{0,12}", 0..6),
        turn in 0_usize..6,
    ) {
        let mut grants: Vec<Grant> = others.iter().map(|area| grant("observer", area)).collect();
        grants.insert(0, grant(ADMINISTRATIONS[first], "1501"));
        grants.push(grant(ADMINISTRATIONS[second], ""));
        let length = grants.len();
        grants.rotate_left(turn % length);
        prop_assert_eq!(check_grants(&roles(), &grants).is_ok(), first == second);
    }

    #[test]
    fn a_grant_of_an_unknown_role_or_a_strange_area_is_refused(role in "[a-z]{1,5}", area in ".{0,30}") {
        prop_assert!(check_grants(&roles(), &[grant(&role, "1501")]).is_err());
        let code = area.len() <= 18 && area.bytes().all(|byte| byte.is_ascii_digit());
        prop_assert_eq!(check_grants(&roles(), &[grant("observer", &area)]).is_ok(), code);
    }

    #[test]
    fn an_account_has_at_most_twenty_grants(count in 0_usize..40) {
        let grants = vec![grant("observer", "1501"); count];
        prop_assert_eq!(check_grants(&roles(), &grants).is_ok(), count <= 20);
    }
}
