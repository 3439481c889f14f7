//! Roles as data.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// What sort of administration a role does; one account may hold at most one sort (三员分立).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Administers {
    /// The system: units, divisions.
    System,
    /// Security: accounts and their grants.
    Security,
    /// Audit: the ledger.
    Audit,
}

/// One role.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// Stable name, for example `duty_officer`.
    pub id: String,
    /// Chinese name.
    pub name_zh: String,
    /// The administration it does, if any.
    pub administers: Option<Administers>,
    /// The operations it allows.
    pub operations: BTreeSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    role: Vec<Role>,
}

/// Says why a table of roles was refused.
#[derive(Debug, thiserror::Error)]
pub enum RolesError {
    /// Not TOML of the right form.
    #[error("the table of roles cannot be read: {0}")]
    Form(#[from] toml::de::Error),
    /// Two roles have the same name.
    #[error("the role {0} is defined twice")]
    Twice(String),
}

/// The table of roles.
#[derive(Debug, Clone)]
pub struct Roles(BTreeMap<String, Role>);

impl Roles {
    /// Reads the table from TOML.
    pub fn parse(text: &str) -> Result<Self, RolesError> {
        let file: File = toml::from_str(text)?;
        let mut roles = BTreeMap::new();
        for role in file.role {
            if let Some(twice) = roles.insert(role.id.clone(), role) {
                return Err(RolesError::Twice(twice.id));
            }
        }
        Ok(Self(roles))
    }

    /// The role of that name.
    pub fn get(&self, id: &str) -> Option<&Role> {
        self.0.get(id)
    }

    /// All roles by name.
    pub fn all(&self) -> impl Iterator<Item = &Role> {
        self.0.values()
    }

    /// Whether `role` allows `operation`.
    pub fn allows(&self, role: &str, operation: &str) -> bool {
        self.get(role)
            .is_some_and(|role| role.operations.contains(operation))
    }
}
