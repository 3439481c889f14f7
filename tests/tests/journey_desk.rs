//! J1, J3 and J12: a call by keyboard alone, a report signed and sent up, and the auditor's way from an incident to its proof.

use anlan_tests::journey::{Script, city};
use anyhow::{Context as _, Result};

#[test]
fn journey_j01_a_call_at_night_is_taken_by_keyboard_and_survives_a_killed_browser() -> Result<()> {
    let (_scratch, node) = city("journey-j01")?;
    Script::on("j01", &node)?.walk().map(drop)
}

#[test]
fn journey_forms_of_the_desk_and_the_organisation_are_kept_as_they_were_entered() -> Result<()> {
    let (_scratch, node) = city("journey-forms")?;
    Script::on("desk-forms", &node)?.walk().map(drop)
}

#[test]
fn journey_j12_a_back_dated_report_is_found_proved_taken_away_and_a_forgery_named() -> Result<()> {
    let (_scratch, node) = city("journey-j12")?;
    let said = Script::on("j12", &node)?.walk()?;
    let victim = said
        .lines()
        .find_map(|line| line.strip_prefix("victim: "))
        .context("the first part names no entry")?;
    let store = rusqlite::Connection::open(node.data.join("anlan.db"))?;
    let changed = "UPDATE ledger_entries SET body = replace(body, '}', ',\"note\":\"x\"}') WHERE seq = ?1";
    store.execute(changed, [victim])?;
    Script::on("j12-found", &node)?
        .env("ANLAN_VICTIM", victim)
        .walk()
        .map(drop)
}

#[test]
fn journey_j03_a_county_report_is_signed_on_a_telephone_and_goes_up_to_everybody() -> Result<()> {
    let (_scratch, node) = city("journey-j03")?;
    Script::on("j03", &node)?.walk().map(drop)
}
