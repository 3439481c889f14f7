//! Refusals in the OpenAPI document: every operation may refuse, and always in the same form.

use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::{ContentBuilder, OpenApi, Ref, ResponseBuilder};

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
            operation
                .responses
                .responses
                .entry(REFUSED.to_owned())
                .or_insert_with(|| refusal.into());
        }
    }
    document
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
