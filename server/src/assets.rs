//! The web app, inside the program.

use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../web/dist"]
#[allow_missing = true]
struct Web;

/// Outlines of the counties, shown as 示意图.
const COUNTIES: &str = include_str!("../../demo/hohhot/counties.geojson");

/// Serves a file of the web app; every other path gets the app itself, which knows its own routes.
pub(crate) async fn serve(uri: Uri) -> Response {
    let path = uri.path().trim_start_matches('/');
    if path == "geo/counties.geojson" {
        return ([(header::CONTENT_TYPE, "application/geo+json")], COUNTIES).into_response();
    }
    if path.starts_with("api/") {
        return StatusCode::NOT_FOUND.into_response();
    }
    match Web::get(path) {
        Some(file) => {
            let kind = file.metadata.mimetype().to_owned();
            let age = if path.starts_with("assets/") {
                "public, max-age=31536000, immutable"
            } else {
                "no-cache"
            };
            (
                [
                    (header::CONTENT_TYPE, kind),
                    (header::CACHE_CONTROL, age.to_owned()),
                ],
                file.data,
            )
                .into_response()
        }
        None => index(),
    }
}

fn index() -> Response {
    match Web::get("index.html") {
        Some(file) => {
            let headers = [
                (header::CONTENT_TYPE, "text/html; charset=utf-8"),
                (header::CACHE_CONTROL, "no-cache"),
            ];
            (headers, file.data).into_response()
        }
        None => (
            StatusCode::NOT_FOUND,
            "the web app is not built into this program: run `cargo xtask web`",
        )
            .into_response(),
    }
}
