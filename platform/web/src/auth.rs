//! Who is asking.

use std::future::Future;
use std::pin::Pin;

use anlan_access::Caller;
use anlan_foundation::{Fault, Kind};
use anlan_store::StoreError;
use axum::http::{HeaderMap, Method, header};

/// Name of the browser's session cookie.
pub const SESSION_COOKIE: &str = "anlan_session";

/// Why nobody is recognised.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// No token was sent.
    #[error("sign in first")]
    Missing,
    /// The token is unknown, expired or revoked.
    #[error("the session has ended; sign in again")]
    Ended,
    /// A browser's unsafe request without the header that other sites cannot send.
    #[error("requests from a browser need the header X-Anlan: 1")]
    ForeignSite,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Fault for AuthError {
    fn kind(&self) -> Kind {
        match self {
            Self::Missing | Self::Ended => Kind::Unauthenticated,
            Self::ForeignSite => Kind::Forbidden,
            Self::Store(_) => Kind::Unavailable,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Missing => "session.missing",
            Self::Ended => "session.ended",
            Self::ForeignSite => "session.foreign_site",
            Self::Store(_) => "store.unavailable",
        }
    }
}

/// Finds the caller behind a token; the organisation slice implements it.
pub trait Authenticator: Send + Sync {
    /// The caller whose session or machine token this is.
    fn authenticate(
        &self,
        token: String,
    ) -> Pin<Box<dyn Future<Output = Result<Caller, AuthError>> + Send + '_>>;
}

/// The token of a request: bearer first, then the cookie (which needs `X-Anlan: 1` on unsafe methods).
pub fn token_of(method: &Method, headers: &HeaderMap) -> Result<String, AuthError> {
    let text = |name| {
        headers
            .get(name)
            .and_then(|value: &axum::http::HeaderValue| value.to_str().ok())
    };
    if let Some(bearer) = text(header::AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer ")) {
        return Ok(bearer.trim().to_owned());
    }
    let cookie = text(header::COOKIE)
        .into_iter()
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == SESSION_COOKIE)
        .map(|(_, value)| value.to_owned())
        .ok_or(AuthError::Missing)?;
    let marked = headers.get("x-anlan").is_some_and(|value| value == "1");
    if method.is_safe() || marked {
        Ok(cookie)
    } else {
        Err(AuthError::ForeignSite)
    }
}
