//! Who is who: divisions, units and their relations, people on duty, command bodies, accounts.
//!
//! Words: a *division* 区划 is a place of administration; a *unit* 单位 acts for a division; units are *subordinate*
//! 隶属, give *guidance* 业务指导, or must be *negotiated* with 协调 (the fire brigade). Invariants:
//! - a unit's superior is the duty unit one level up, so reports find their way without being told;
//! - a telephone number is stored sealed and shown masked; reading it whole is an entry of its own;
//! - an account that administers security administers nothing else (三员分立).

pub mod error;
pub mod facts;
pub mod http;
pub mod jobs;
pub mod model;
pub mod rules;
pub mod service;
pub mod store;

pub use error::OrganisationError;
pub use service::{NodeShown, Organisation};
pub use store::OrganisationView;
