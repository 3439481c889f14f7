//! The law over HTTP: read the rules, and try what they say of an event.

mod wire;

use anlan_foundation::{Checks, Fault, FieldProblem, InvalidInput, Kind};
use anlan_law::{Case, Day, Facts, RuleBook, RuleHead, Times};
use anlan_web::{Answer, Ask, Command, Edge, Params};
use axum::{Extension, Json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::law::Law;
use wire::{Catalogue, ListQuery, PlaceQuery, RuleList, RuleShown, RuleWhole, WhatIf, WhatIfAnswer};

/// All routes about the law.
pub(crate) fn router(law: Law) -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(catalogue))
        .routes(routes!(show))
        .routes(routes!(what_if))
        .layer(Extension(law))
}

/// What can go wrong with a question about the law.
#[derive(Debug, thiserror::Error)]
enum LawFault {
    /// There is no such rule.
    #[error("there is no such rule")]
    NotFound,
    /// The input was refused.
    #[error(transparent)]
    Input(#[from] InvalidInput),
}

impl Fault for LawFault {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound => Kind::NotFound,
            Self::Input(_) => Kind::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "rules.not_found",
            Self::Input(_) => "request.invalid",
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Input(input) => &input.fields,
            Self::NotFound => &[],
        }
    }
}

const A_DAY: &str = "a day such as 2026-11-24";
const A_PLACE: &str = "a division code of 2 to 12 digits such as 150125, or nothing for everywhere";

/// Reads a day that was asked for; none asks for every day.
fn day(checks: &mut Checks, field: &str, text: &str) -> Option<Day> {
    if text.is_empty() {
        return None;
    }
    checks.parse(field, text, A_DAY)
}

fn place(checks: &mut Checks, field: &str, text: &str) {
    let digits = text.len() <= 12 && text.len() != 1 && text.bytes().all(|byte| byte.is_ascii_digit());
    checks.require(digits, field, A_PLACE);
}

/// The rules, in the order of their packs; filters narrow the list.
#[utoipa::path(get, path = "/api/v1/rules", operation_id = "rules.list", tag = "rules", params(ListQuery),
    responses((status = 200, body = RuleList)))]
async fn list(Extension(law): Extension<Law>, ask: Ask<ListQuery>) -> Answer<Json<RuleList>> {
    let query = ask.query;
    let mut checks = Checks::new();
    let day = day(&mut checks, "date", &query.date);
    place(&mut checks, "place", &query.place);
    let kind = query.kind().map_err(LawFault::from)?;
    checks.finish().map_err(LawFault::from)?;
    let words: Vec<String> = query.words.split_whitespace().map(str::to_lowercase).collect();
    let title = |head: &RuleHead| pack_title(&law.book, &head.pack);
    let found = law.book.heads().filter(|head| {
        kind.is_none_or(|kind| head.kind == kind)
            && (query.pack.is_empty() || head.pack == query.pack)
            && (query.place.is_empty() || query.place.starts_with(&head.jurisdiction))
            && day.is_none_or(|day| head.holds(&head.jurisdiction, day))
            && (query.event_class.is_empty() || head.is_for(&query.event_class))
            && query
                .confidence
                .as_deref()
                .is_none_or(|wanted| (wanted == "confirmed") == head.decides())
            && words.iter().all(|word| says(head, &title(head), word))
    });
    let items: Vec<RuleShown> = found.map(|head| RuleShown::new(&law.book, head)).collect();
    let total = items.len();
    Ok(Json(RuleList {
        items,
        next: None,
        total,
    }))
}

fn pack_title(book: &RuleBook, id: &str) -> String {
    let pack = book.packs().iter().find(|pack| pack.id == id);
    pack.map(|pack| pack.title.clone()).unwrap_or_default()
}

fn says(head: &RuleHead, title: &str, word: &str) -> bool {
    let texts = [&head.id, &head.clause, &head.text];
    texts.iter().any(|text| text.to_lowercase().contains(word)) || title.to_lowercase().contains(word)
}

/// What a form needs that asks about the law: packs, places, and the measures that count.
#[utoipa::path(get, path = "/api/v1/rules/catalogue", operation_id = "rules.catalogue", tag = "rules",
    params(PlaceQuery), responses((status = 200, body = Catalogue)))]
async fn catalogue(Extension(law): Extension<Law>, ask: Ask<PlaceQuery>) -> Answer<Json<Catalogue>> {
    let mut checks = Checks::new();
    place(&mut checks, "place", &ask.query.place);
    let day = day(&mut checks, "date", &ask.query.date);
    checks.finish().map_err(LawFault::from)?;
    Ok(Json(Catalogue::new(&law, &ask.query, day)))
}

/// One rule: its text, its clause, how long it holds, what it says beyond its text.
#[utoipa::path(get, path = "/api/v1/rules/{id}", operation_id = "rules.show", tag = "rules",
    params(("id" = String, Path, description = "Id of the rule"), PlaceQuery),
    responses((status = 200, body = RuleWhole)))]
async fn show(
    Extension(law): Extension<Law>,
    Params(id): Params<String>,
    ask: Ask<PlaceQuery>,
) -> Answer<Json<RuleWhole>> {
    let head = law.book.head(&id).ok_or(LawFault::NotFound)?;
    Ok(Json(RuleWhole::new(&law.book, head, &ask.query.place)))
}

/// What the law of a place and a day says of an event: grades, clocks, addressees, each with its why.
#[utoipa::path(post, path = "/api/v1/rules/what-if", operation_id = "rules.what_if", tag = "rules",
    request_body = WhatIf, responses((status = 200, body = WhatIfAnswer)))]
async fn what_if(Extension(law): Extension<Law>, command: Command<WhatIf>) -> Answer<Json<WhatIfAnswer>> {
    let input = command.input;
    let mut checks = Checks::new();
    place(&mut checks, "place", &input.place);
    let day = checks.parse::<Day>("date", &input.date, A_DAY);
    let known = law.classes.iter().any(|class| class.code == input.event_class);
    checks.require(known, "event_class", "the code of an event class, five digits");
    let mut facts = Facts::default();
    for (measure, value) in &input.facts {
        facts.set(measure, *value);
    }
    for problem in law.book.check_facts(&facts) {
        checks.fault(
            format!("facts.{}", problem.measure),
            "out_of_range",
            problem.expected,
        );
    }
    checks.finish().map_err(LawFault::from)?;
    let Some(day) = day else {
        return Err(LawFault::Input(InvalidInput::one("date", "bad_format", A_DAY)).into());
    };
    let times = Times {
        occurred: wire::moment(input.occurred_at),
        learned: wire::moment(input.learned_at),
        received: wire::moment(input.received_at),
    };
    let case = Case {
        division: &input.place,
        event_class: &input.event_class,
        facts: &facts,
        day,
    };
    Ok(Json(WhatIfAnswer::new(&law.book, &case, &times)))
}
