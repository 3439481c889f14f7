//! Refusals in the OpenAPI document: every operation may refuse, and always in the same form.

use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::{ContentBuilder, OpenApi, Ref, RefOr, ResponseBuilder};

/// The range of status codes that refusals have.
const REFUSED: &str = "4XX";

/// Adds to every operation that it may be refused with a problem, whatever its handler says of single codes.
pub(crate) fn describe(mut document: OpenApi) -> OpenApi {
    for item in document.paths.paths.values_mut() {
        for operation in operations(item) {
            let body = ContentBuilder::new()
                .schema(Some(Ref::from_schema_name("ProblemBody")))
                .build();
            let refusal = ResponseBuilder::new()
                .description("Refused; `code` says why and `fields` names what is at fault.")
                .content("application/problem+json", body)
                .build();
            in_the_right_form(operation);
            operation
                .responses
                .responses
                .entry(REFUSED.to_owned())
                .or_insert_with(|| refusal.into());
        }
    }
    document
}

/// Single refusals are described as JSON by default; they are problems like all others.
fn in_the_right_form(operation: &mut Operation) {
    let refused = |status: &str| status.starts_with('4') || status.starts_with('5');
    let described = operation.responses.responses.iter_mut();
    for (_, response) in described.filter(|(status, _)| refused(status)) {
        if let RefOr::T(response) = response
            && let Some(body) = response.content.shift_remove("application/json")
        {
            response
                .content
                .insert("application/problem+json".to_owned(), body);
        }
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [
        &mut item.get,
        &mut item.put,
        &mut item.post,
        &mut item.delete,
        &mut item.patch,
    ]
    .into_iter()
    .flatten()
}
