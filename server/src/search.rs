//! One search over everything a caller may see.

use anlan_access::Caller;
use anlan_incident::store::{self as incident, Filter, Order};
use anlan_ledger::LedgerError;
use anlan_organisation::store as organisation;
use anlan_store::Tx;
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

/// Parts of the city that one search looks into; nobody holds more.
const SCOPES: usize = 8;

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
    /// `incident`, `unit`, `person`, `body` or `division`.
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

/// Looks for words in incidents, units, people, command bodies and divisions, as far as the caller may see them.
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
            let mut items = incidents(tx, &caller, &words)?;
            items.extend(directory(tx, &caller, &words)?);
            Ok::<_, LedgerError>(items)
        })
        .await?;
    Ok(Json(Hits { items }))
}

/// Incidents of the caller's areas.
fn incidents(tx: &mut Tx<'_>, caller: &Caller, words: &str) -> Result<Vec<Hit>, LedgerError> {
    let mut items = Vec::new();
    for scope in caller.scopes("incident.read").into_iter().take(SCOPES) {
        let filter = Filter {
            words: incident::words_of(words),
            ..Filter::all(scope, 8)
        };
        let found = incident::list(tx, &filter, Order::Recent)?;
        items.extend(found.iter().map(|i| {
            let href = format!("/incidents/{}", i.id);
            hit("incident", &i.id, &i.title, &i.code, href)
        }));
    }
    Ok(items)
}

/// Units, people, command bodies and divisions of the areas whose directory the caller may read.
fn directory(tx: &mut Tx<'_>, caller: &Caller, words: &str) -> Result<Vec<Hit>, LedgerError> {
    let mut items = Vec::new();
    let scopes = caller.scopes("organisation.read");
    for area in scopes.iter().take(SCOPES).map(|scope| scope.from.as_str()) {
        let units = organisation::units(tx, area, words, None, 6)?;
        items.extend(units.iter().map(|u| {
            let href = format!("/organisation/units/{}", u.id);
            hit("unit", &u.id, &u.name, &u.division, href)
        }));
        let people = organisation::people(tx, area, None, words, 6)?;
        items.extend(people.iter().map(|person| {
            let [id, name, _, unit, title] = &person.texts;
            let href = format!("/organisation/contacts?q={name}");
            hit("person", id, name, &format!("{unit} {title}"), href)
        }));
        let bodies = organisation::bodies(tx, area)?;
        let named = bodies.iter().filter(|body| body.name.contains(words)).take(4);
        items.extend(named.map(|body| {
            let href = "/organisation/bodies".to_owned();
            hit("body", &body.id, &body.name, &body.division, href)
        }));
    }
    if scopes.is_empty() {
        return Ok(items);
    }
    // The names of places are no secret.
    let places = organisation::divisions(tx, None, None, words, 6)?;
    items.extend(places.iter().map(|d| {
        let href = format!("/organisation?division={}", d.code);
        hit("division", &d.code, &d.full_name, &d.code, href)
    }));
    Ok(items)
}
