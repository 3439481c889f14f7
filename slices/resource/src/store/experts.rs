//! Advice and flights in tables.

use anlan_access::Scope;
use anlan_foundation::Timestamp;
use anlan_ledger::Recorded;
use anlan_store::{Row, StoreError, Tx, params, sql};

use super::{from_json, json, read};
use crate::facts::{self, AdviceAnswered, AdviceAppraised, AdviceAsked, FlightApplied, FlightStep};
use crate::model::{Advice, AdviceState, Flight, FlightState, Record};
use crate::rules::ranking::Appraisals;

pub(super) fn apply(tx: &mut Tx<'_>, recorded: &Recorded) -> Result<(), StoreError> {
    let stream = recorded.entry.stream.clone();
    let id = stream.split_once('/').map_or("", |(_, id)| id);
    match recorded.entry.kind.as_str() {
        facts::ADVICE_ASKED => asked(tx, id, recorded),
        facts::ADVICE_ANSWERED => {
            let fact: AdviceAnswered = read(recorded)?;
            change_advice(tx, id, recorded.position, |advice| {
                let state = if fact.declined {
                    AdviceState::Declined
                } else {
                    AdviceState::Given
                };
                advice.state = state;
                advice.answer.clone_from(&fact.answer);
                advice.answered_at = Some(recorded.at());
            })
        }
        facts::ADVICE_APPRAISED => {
            let fact: AdviceAppraised = read(recorded)?;
            change_advice(tx, id, recorded.position, |advice| {
                advice.state = AdviceState::Appraised;
                advice.score = Some(fact.score);
                advice.appraisal.clone_from(&fact.words);
            })
        }
        facts::FLIGHT_APPLIED => applied(tx, id, recorded),
        facts::FLIGHT_STEP => {
            let fact: FlightStep = read(recorded)?;
            change_flight(tx, id, recorded, |flight| step(flight, &fact, recorded.at()))
        }
        facts::FLIGHT_UNANSWERED => change_flight(tx, id, recorded, |flight| flight.unanswered = true),
        _ => Ok(()),
    }
}

fn asked(tx: &mut Tx<'_>, id: &str, recorded: &Recorded) -> Result<(), StoreError> {
    let fact: AdviceAsked = read(recorded)?;
    let advice = Advice {
        id: id.to_owned(),
        incident: fact.incident,
        area: recorded.entry.area.clone(),
        expert: fact.expert,
        expert_name: fact.expert_name,
        question: fact.question,
        unit: fact.unit,
        asked_at: Some(recorded.at()),
        asked_by: recorded.actor().name.clone().unwrap_or_default(),
        position: recorded.position,
        ..Advice::default()
    };
    save_advice(tx, &advice)
}

fn change_advice(
    tx: &mut Tx<'_>,
    id: &str,
    position: u64,
    change: impl FnOnce(&mut Advice),
) -> Result<(), StoreError> {
    let Some(mut advice) = load_advice(tx, id)? else {
        return Ok(());
    };
    change(&mut advice);
    advice.position = position;
    save_advice(tx, &advice)
}

fn save_advice(tx: &mut Tx<'_>, advice: &Advice) -> Result<(), StoreError> {
    tx.execute(
        sql!(
            "INSERT INTO resource_advice (id, incident, expert, asked_at, score, state)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (id) DO UPDATE SET score = excluded.score, state = excluded.state"
        ),
        params![
            advice.id,
            advice.incident,
            advice.expert,
            advice.asked_at.unwrap_or(Timestamp::from_micros(0)),
            advice.score,
            json(advice)?
        ],
    )?;
    Ok(())
}

fn advice(row: &Row<'_>) -> Result<Advice, StoreError> {
    from_json(&row.get::<String>(0)?)
}

/// One piece of advice.
pub fn load_advice(tx: &mut Tx<'_>, id: &str) -> Result<Option<Advice>, StoreError> {
    tx.first(
        sql!("SELECT state FROM resource_advice WHERE id = $1"),
        params![id],
        advice,
    )
}

/// Advice asked for an incident, the oldest first.
pub fn advice_of_incident(tx: &mut Tx<'_>, incident: &str) -> Result<Vec<Advice>, StoreError> {
    tx.query(
        sql!(
            "SELECT state
             FROM resource_advice
             WHERE incident = $1
             ORDER BY asked_at, id
             LIMIT 500"
        ),
        params![incident],
        advice,
    )
}

/// Advice asked of an expert, the newest first.
pub fn advice_of_expert(tx: &mut Tx<'_>, expert: &str) -> Result<Vec<Advice>, StoreError> {
    tx.query(
        sql!(
            "SELECT state
             FROM resource_advice
             WHERE expert = $1
             ORDER BY asked_at DESC, id
             LIMIT 100"
        ),
        params![expert],
        advice,
    )
}

/// All experts of a scope with their appraisals.
pub fn experts(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<(Record, Appraisals)>, StoreError> {
    tx.query(
        sql!(
            "SELECT r.state, COALESCE(a.number, 0), COALESCE(a.points, 0)
             FROM resource_records r
             LEFT JOIN (SELECT expert, COUNT(score) AS number, CAST(SUM(score) AS BIGINT) AS points
                        FROM resource_advice GROUP BY expert) a ON a.expert = r.id
             WHERE r.kind = 'expert' AND r.area >= $1 AND r.area < $2 AND r.retired = FALSE
             ORDER BY r.code
             LIMIT 10000"
        ),
        params![scope.from, scope.before],
        |row| {
            let record = from_json(&row.get::<String>(0)?)?;
            let appraisals = Appraisals {
                number: row.get(1)?,
                points: row.get(2)?,
            };
            Ok((record, appraisals))
        },
    )
}

fn applied(tx: &mut Tx<'_>, id: &str, recorded: &Recorded) -> Result<(), StoreError> {
    let fact: FlightApplied = read(recorded)?;
    let flight = Flight {
        id: id.to_owned(),
        aircraft: fact.aircraft,
        aircraft_name: fact.aircraft_name,
        incident: fact.incident,
        area: recorded.entry.area.clone(),
        role: fact.role,
        purpose: fact.purpose,
        landing_site: fact.landing_site,
        take_off_at: Some(fact.take_off_at),
        apply_by: Some(fact.apply_by),
        answer_due_at: Some(fact.answer_due_at),
        clause: fact.clause,
        applied_late: recorded.at() > fact.apply_by,
        applied_at: Some(recorded.at()),
        applied_by: recorded.actor().name.clone().unwrap_or_default(),
        position: recorded.position,
        ..Flight::default()
    };
    save_flight(tx, &flight)
}

fn step(flight: &mut Flight, fact: &FlightStep, at: Timestamp) {
    flight.state = fact.state;
    flight.note.clone_from(&fact.note);
    match fact.state {
        FlightState::Approved | FlightState::Refused => flight.answered_at = Some(at),
        FlightState::Flying => flight.took_off_at = Some(at),
        FlightState::Landed => flight.landed_at = Some(at),
        FlightState::Applied | FlightState::Cancelled => {}
    }
}

fn change_flight(
    tx: &mut Tx<'_>,
    id: &str,
    recorded: &Recorded,
    change: impl FnOnce(&mut Flight),
) -> Result<(), StoreError> {
    let Some(mut flight) = load_flight(tx, id)? else {
        return Ok(());
    };
    change(&mut flight);
    flight.position = recorded.position;
    save_flight(tx, &flight)
}

fn save_flight(tx: &mut Tx<'_>, flight: &Flight) -> Result<(), StoreError> {
    let waiting = flight.state == FlightState::Applied && !flight.unanswered;
    tx.execute(
        sql!(
            "INSERT INTO resource_flights (id, aircraft, incident, area, answer_due_at, applied_at, state)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (id) DO UPDATE SET answer_due_at = excluded.answer_due_at, state = excluded.state"
        ),
        params![
            flight.id,
            flight.aircraft,
            flight.incident,
            flight.area,
            flight.answer_due_at.filter(|_| waiting),
            flight.applied_at.unwrap_or(Timestamp::from_micros(0)),
            json(flight)?
        ],
    )?;
    Ok(())
}

fn flight(row: &Row<'_>) -> Result<Flight, StoreError> {
    from_json(&row.get::<String>(0)?)
}

/// One flight.
pub fn load_flight(tx: &mut Tx<'_>, id: &str) -> Result<Option<Flight>, StoreError> {
    tx.first(
        sql!("SELECT state FROM resource_flights WHERE id = $1"),
        params![id],
        flight,
    )
}

/// Flights of a scope, the newest first.
pub fn flights(tx: &mut Tx<'_>, scope: &Scope, limit: u64) -> Result<Vec<Flight>, StoreError> {
    tx.query(
        sql!(
            "SELECT state
             FROM resource_flights
             WHERE area >= $1 AND area < $2
             ORDER BY applied_at DESC, id
             LIMIT $3"
        ),
        params![scope.from, scope.before, limit],
        flight,
    )
}

/// Flights whose answer is overdue: id and since when.
pub fn unanswered(
    tx: &mut Tx<'_>,
    now: Timestamp,
    limit: u64,
) -> Result<Vec<(String, Timestamp)>, StoreError> {
    tx.query(
        sql!(
            "SELECT id, answer_due_at
             FROM resource_flights
             WHERE answer_due_at <= $1
             ORDER BY answer_due_at, id
             LIMIT $2"
        ),
        params![now, limit],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}
