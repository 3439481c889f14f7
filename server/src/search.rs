//! One search over everything a caller may see.

use anlan_incident::store::{self as incident, Filter, Order};
use anlan_ledger::LedgerError;
use anlan_organisation::store as organisation;
use anlan_web::{Answer, Ask, Edge};
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The route of the search.
pub(crate) fn router() -> OpenApiRouter<Edge> {
    OpenApiRouter::new().routes(routes!(search))
}

/// What to look for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SearchQuery {
    /// Words or pinyin initials.
    #[serde(default)]
    q: String,
}

/// Something that was found.
#[derive(Debug, Serialize, ToSchema)]
struct Hit {
    /// `incident`, `unit` or `division`.
    kind: String,
    id: String,
    title: String,
    subtitle: String,
    href: String,
}

/// What was found.
#[derive(Debug, Serialize, ToSchema)]
struct Hits {
    items: Vec<Hit>,
}

fn hit(kind: &str, id: &str, title: &str, subtitle: &str, href: String) -> Hit {
    Hit {
        kind: kind.to_owned(),
        id: id.to_owned(),
        title: title.to_owned(),
        subtitle: subtitle.to_owned(),
        href,
    }
}

/// Looks for words in incidents, units and divisions.
#[utoipa::path(get, path = "/api/v1/search", operation_id = "search", tag = "search", params(SearchQuery),
    responses((status = 200, body = Hits)))]
async fn search(State(edge): State<Edge>, ask: Ask<SearchQuery>) -> Answer<Json<Hits>> {
    let words = ask.query.q.trim().to_lowercase();
    if words.is_empty() {
        return Ok(Json(Hits { items: Vec::new() }));
    }
    let caller = ask.caller;
    let items = edge
        .ledger
        .db()
        .read(move |tx| {
            let mut items = Vec::new();
            for scope in caller.scopes("incident.read").into_iter().take(8) {
                let filter = Filter {
                    words: incident::words_of(&words),
                    ..Filter::all(scope, 8)
                };
                let found = incident::list(tx, &filter, Order::Recent)?;
                items.extend(found.iter().map(|i| {
                    hit(
                        "incident",
                        &i.id,
                        &i.title,
                        &i.code,
                        format!("/incidents/{}", i.id),
                    )
                }));
            }
            if caller.require_somewhere("organisation.read").is_ok() {
                let units = organisation::units(tx, "", &words, None, 6)?;
                items.extend(units.iter().map(|u| {
                    hit(
                        "unit",
                        &u.id,
                        &u.name,
                        &u.division,
                        format!("/organisation/units/{}", u.id),
                    )
                }));
                let places = organisation::divisions(tx, None, None, &words, 6)?;
                let link = |code: &str| format!("/organisation?division={code}");
                items.extend(
                    places
                        .iter()
                        .map(|d| hit("division", &d.code, &d.full_name, &d.code, link(&d.code))),
                );
            }
            Ok::<_, LedgerError>(items)
        })
        .await?;
    Ok(Json(Hits { items }))
}
