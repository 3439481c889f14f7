//! What a roster must be like: whole shifts of known roles, nobody in two at once, nothing that is over.

use anlan_foundation::{Checks, InvalidInput, Timestamp};

use crate::facts::Shift;

/// Roles of a shift: the leader on duty 带班, who answers 主班, who stands in 副班.
pub const DUTY_ROLES: [&str; 3] = ["leader", "main", "deputy"];
/// The longest shift: whoever is alone in a post is on call for long.
const LONGEST_MINUTES: i64 = 31 * 24 * 60;
/// The longest span that is planned in one act.
const LONGEST_SPAN_MINUTES: i64 = 62 * 24 * 60;
/// Shifts of one act.
const MOST: usize = 600;
/// The shift that runs may still be changed, so a span may begin this long before now.
const LOOK_BACK_MINUTES: i64 = 24 * 60;

/// Checks the shifts of a span `[from, to)`.
pub fn check_roster(
    shifts: &[Shift],
    (from, to): (Timestamp, Timestamp),
    now: Timestamp,
) -> Result<(), InvalidInput> {
    let mut checks = Checks::new();
    let over = from < now.plus_minutes(-LOOK_BACK_MINUTES);
    checks.require(
        !over,
        "from",
        "at most a day ago: shifts that are over stay as they were",
    );
    let span = to > from && to <= from.plus_minutes(LONGEST_SPAN_MINUTES);
    checks.require(span, "to", "after `from`, at most 62 days later");
    checks.require(shifts.len() <= MOST, "shifts", "at most 600");
    for (index, shift) in shifts.iter().enumerate() {
        check_shift(&mut checks, (index, shift), (from, to));
        let double = shifts[..index].iter().any(|other| {
            other.person == shift.person && other.since < shift.until && shift.since < other.until
        });
        if double {
            let field = format!("shifts.{index}.person");
            checks.fault(
                field,
                "already_on_duty",
                "somebody who has no other shift at that time",
            );
        }
    }
    checks.finish()
}

fn check_shift(checks: &mut Checks, (index, shift): (usize, &Shift), (from, to): (Timestamp, Timestamp)) {
    if !DUTY_ROLES.contains(&shift.role.as_str()) {
        let field = format!("shifts.{index}.role");
        checks.fault(field, "not_a_choice", DUTY_ROLES.join(", "));
    }
    if shift.since < from || shift.since >= to {
        let field = format!("shifts.{index}.since");
        checks.fault(field, "out_of_range", "from `from`, before `to`");
    }
    let whole = shift.until > shift.since && shift.until <= shift.since.plus_minutes(LONGEST_MINUTES);
    if !whole {
        let field = format!("shifts.{index}.until");
        checks.fault(field, "out_of_range", "after `since`, at most 31 days later");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_795_000_000;

    fn at(hours: i64) -> Timestamp {
        Timestamp::from_seconds(NOW + hours * 3600)
    }

    fn shift(person: &str, role: &str, (since, until): (i64, i64)) -> Shift {
        Shift {
            unit: "duty-1501".to_owned(),
            person: person.to_owned(),
            role: role.to_owned(),
            since: at(since),
            until: at(until),
        }
    }

    fn fields(shifts: &[Shift], span: (i64, i64)) -> Vec<String> {
        match check_roster(shifts, (at(span.0), at(span.1)), at(0)) {
            Ok(()) => Vec::new(),
            Err(error) => error.fields.iter().map(|problem| problem.field.clone()).collect(),
        }
    }

    #[test]
    fn two_people_who_follow_each_other_are_a_good_roster() {
        let shifts = [
            shift("a", "main", (0, 24)),
            shift("b", "deputy", (0, 24)),
            shift("a", "main", (24, 48)),
        ];
        assert_eq!(fields(&shifts, (0, 48)), Vec::<String>::new());
    }

    #[test]
    fn nobody_is_in_two_shifts_at_once() {
        let shifts = [shift("a", "main", (0, 24)), shift("a", "leader", (23, 47))];
        assert_eq!(fields(&shifts, (0, 48)), ["shifts.1.person"]);
    }

    #[test]
    fn what_is_over_stays_as_it_was() {
        assert_eq!(fields(&[], (-25, 48)), ["from"]);
        assert_eq!(fields(&[], (-24, 48)), Vec::<String>::new());
    }

    #[test]
    fn a_shift_has_a_known_role_begins_in_the_span_and_ends_after_it_began() {
        let shifts = [shift("a", "boss", (48, 48))];
        assert_eq!(
            fields(&shifts, (0, 48)),
            ["shifts.0.role", "shifts.0.since", "shifts.0.until"]
        );
    }
}
