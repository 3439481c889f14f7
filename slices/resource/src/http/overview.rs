//! What there is, in figures, and what runs out.

use anlan_foundation::Timestamp;
use anlan_web::{Answer, Ask};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::records::Nothing;
use crate::error::ResourceError;
use crate::model::{Register, Trade};
use crate::rules::shelters::{ShelterStandard, StayAnswer};
use crate::service::{self, FlightClocks, Resources};
use crate::store;

/// The registers, with their classes and columns.
#[derive(Debug, Serialize, ToSchema)]
pub struct RegistersShown {
    /// Registers.
    registers: Vec<Register>,
    /// Trades of the experts.
    trades: Vec<Trade>,
    /// Square metres a head by length of stay.
    shelters: ShelterStandard,
    /// Clocks of flights.
    flights: FlightClocks,
}

/// The registers: their classes and columns, for forms, lists and sheets.
#[utoipa::path(get, path = "/api/v1/resource-registers", operation_id = "resource.registers", tag = "resources",
    responses((status = 200, body = RegistersShown)))]
pub async fn registers(
    Extension(this): Extension<Resources>,
    ask: Ask<Nothing>,
) -> Answer<Json<RegistersShown>> {
    ask.caller.require_somewhere("resource.read")?;
    Ok(Json(RegistersShown {
        registers: this.rules.registers.register.clone(),
        trades: this.rules.registers.trade.clone(),
        shelters: this.rules.shelters.clone(),
        flights: this.rules.flights.clone(),
    }))
}

/// Which part of the city.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AreaQuery {
    /// Only in this part of the city.
    #[serde(default)]
    area: String,
}

/// A sum of the overview.
#[derive(Debug, Serialize, ToSchema)]
pub struct SumRow {
    /// Register.
    kind: String,
    /// Class.
    class: String,
    /// Readiness.
    readiness: String,
    /// Records.
    records: u64,
    /// People.
    people: u64,
    /// Capacity.
    capacity: u64,
    /// Square metres.
    area_m2: u64,
    /// The oldest statement among them.
    oldest: Timestamp,
}

/// The overview.
#[derive(Debug, Serialize, ToSchema)]
pub struct ResourceOverview {
    /// Sums by register, class and readiness.
    sums: Vec<SumRow>,
    /// What the shelters that stand pass together.
    stays: Vec<StayAnswer>,
    /// Square metres of these shelters.
    shelter_area_m2: u64,
    /// Heads that they are said to hold.
    shelter_capacity: u64,
}

/// What there is, in figures.
#[utoipa::path(get, path = "/api/v1/resource-overview", operation_id = "resource.overview", tag = "resources",
    params(AreaQuery), responses((status = 200, body = ResourceOverview)))]
pub async fn overview(
    Extension(this): Extension<Resources>,
    ask: Ask<AreaQuery>,
) -> Answer<Json<ResourceOverview>> {
    ask.caller.require_somewhere("resource.read")?;
    let (query, caller) = (ask.query, ask.caller);
    let sums = this
        .ledger
        .db()
        .read(move |tx| {
            let mut sums = Vec::new();
            for scope in service::scopes(&caller, "resource.read", &query.area) {
                sums.extend(store::sums(tx, &scope)?);
            }
            Ok::<_, ResourceError>(sums)
        })
        .await?;
    let shelters = || {
        sums.iter()
            .filter(|sum| sum.kind == "shelter" && sum.readiness != "planned")
    };
    let shelter_area_m2 = shelters().map(|sum| sum.area_m2).sum();
    let shelter_capacity = shelters().map(|sum| sum.capacity).sum();
    let stays = this.rules.shelters.answers(shelter_area_m2, shelter_capacity);
    let row = |sum: store::Sum| SumRow {
        kind: sum.kind,
        class: sum.class,
        readiness: sum.readiness,
        records: sum.records,
        people: sum.people,
        capacity: sum.capacity,
        area_m2: sum.area_m2,
        oldest: sum.oldest,
    };
    Ok(Json(ResourceOverview {
        stays,
        shelter_area_m2,
        shelter_capacity,
        sums: sums.into_iter().map(row).collect(),
    }))
}

/// Which papers run out.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ExpiringQuery {
    /// Only in this part of the city.
    #[serde(default)]
    area: String,
    /// Within so many days; 60 when left out, at most 3660.
    days: Option<i64>,
}

/// A certificate, agreement or inspection that runs out.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExpiringRow {
    /// Id of the record.
    record: String,
    /// Its register.
    register: String,
    /// Its name.
    record_name: String,
    /// Kind of the paper.
    kind: String,
    /// What it is called.
    name: String,
    /// Whose it is.
    holder: String,
    /// Until when it holds.
    valid_to: Timestamp,
    /// Whether it has run out.
    expired: bool,
}

/// Certificates, agreements and inspections that have run out or soon do, the soonest first.
#[utoipa::path(get, path = "/api/v1/resource-expiring", operation_id = "resource.expiring", tag = "resources",
    params(ExpiringQuery), responses((status = 200, body = Vec<ExpiringRow>)))]
pub async fn expiring(
    Extension(this): Extension<Resources>,
    ask: Ask<ExpiringQuery>,
) -> Answer<Json<Vec<ExpiringRow>>> {
    ask.caller.require_somewhere("resource.read")?;
    let (query, caller) = (ask.query, ask.caller);
    let now = this.ledger.clock().now();
    let before = now.plus_minutes(query.days.unwrap_or(60).clamp(0, 3_660) * 24 * 60);
    let found = this
        .ledger
        .db()
        .read(move |tx| {
            let mut found = Vec::new();
            for scope in service::scopes(&caller, "resource.read", &query.area) {
                found.extend(store::expiring(tx, &scope, before, 500)?);
            }
            Ok::<_, ResourceError>(found)
        })
        .await?;
    let row = |found: store::Expiring| ExpiringRow {
        expired: found.valid_to < now,
        record: found.record,
        register: found.register,
        record_name: found.record_name,
        kind: found.kind,
        name: found.name,
        holder: found.holder,
        valid_to: found.valid_to,
    };
    Ok(Json(found.into_iter().map(row).collect()))
}
