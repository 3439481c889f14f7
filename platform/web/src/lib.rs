//! The HTTP edge: reading requests, knowing the caller, answering with results or problems.
//!
//! Handlers of slices take [`Ask`] (reads) or [`Command`] (writes) and return [`Answer`]. Everything that can go wrong
//! becomes RFC 9457 problem+json with a stable code. The live stream is here because it is the same for all slices.

mod answer;
mod auth;
mod edge;
mod fault;
mod input;
mod problem;
mod stream;

pub use answer::{Answer, created, done, no_content};
pub use auth::{AuthError, Authenticator, SESSION_COOKIE, token_of};
pub use edge::{Edge, actor_of};
pub use input::{Ask, Command, Params, TokenOf};
pub use problem::{Failure, ProblemBody};
pub use stream::router as stream_router;
