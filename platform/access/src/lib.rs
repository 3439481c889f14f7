//! Authority: role × area × department × realm, decided in one place.
//!
//! [`Roles`] is the table of roles from `rules/access.toml`; a [`Caller`] carries grants of those roles over areas.
//! Services ask [`Caller::require`] once per use case; lists, counts, search, export and the live stream are narrowed
//! with [`Caller::scopes`]. There is no other way to be allowed anything.

mod caller;
mod roles;

pub use caller::{AccessError, Caller, Grant, Object, Scope};
pub use roles::{Administers, Guard, Role, Roles, RolesError};
