//! Roles as data.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::Grant;

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
    #[serde(default)]
    operations: BTreeMap<String, String>,
    #[serde(default)]
    signed_in: BTreeSet<String>,
    #[serde(default)]
    open: BTreeSet<String>,
}

/// What an operation of the interface asks of whoever calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guard<'r> {
    /// Nothing: anybody may call it.
    Open,
    /// To be signed in; it touches only what is the caller's own.
    SignedIn,
    /// A grant of a role that holds this operation of the table.
    Needs(&'r str),
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
    /// An operation of the interface asks for something that no role holds, or is guarded in two ways.
    #[error("the operation {0} asks for what no role holds, or is listed twice")]
    Guard(String),
}

/// The table of roles, and what each operation of the interface asks.
#[derive(Debug, Clone)]
pub struct Roles {
    by_name: BTreeMap<String, Role>,
    operations: BTreeMap<String, String>,
    signed_in: BTreeSet<String>,
    open: BTreeSet<String>,
}

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
        let table = Self {
            by_name: roles,
            operations: file.operations,
            signed_in: file.signed_in,
            open: file.open,
        };
        for (operation, needed) in &table.operations {
            let held = table.all().any(|role| role.operations.contains(needed));
            let twice = table.signed_in.contains(operation) || table.open.contains(operation);
            if !held || twice {
                return Err(RolesError::Guard(operation.clone()));
            }
        }
        Ok(table)
    }

    /// What an operation of the interface (its `operationId`) asks; `None` when the table does not name it.
    pub fn guard(&self, operation_id: &str) -> Option<Guard<'_>> {
        if self.open.contains(operation_id) {
            return Some(Guard::Open);
        }
        if self.signed_in.contains(operation_id) {
            return Some(Guard::SignedIn);
        }
        self.operations
            .get(operation_id)
            .map(|needed| Guard::Needs(needed))
    }

    /// The same table with nothing but these operations, for a machine whose token is limited to them.
    #[must_use]
    pub fn only(&self, operations: &BTreeSet<String>) -> Self {
        let mut table = self.clone();
        for role in table.by_name.values_mut() {
            role.operations.retain(|operation| operations.contains(operation));
        }
        table
    }

    /// The role of that name.
    pub fn get(&self, id: &str) -> Option<&Role> {
        self.by_name.get(id)
    }

    /// All roles by name.
    pub fn all(&self) -> impl Iterator<Item = &Role> {
        self.by_name.values()
    }

    /// The administration that grants do, if any: an account does at most one sort.
    pub fn administers(&self, grants: &[Grant]) -> Option<Administers> {
        grants.iter().find_map(|grant| self.get(&grant.role)?.administers)
    }

    /// Whether `role` allows `operation`.
    pub fn allows(&self, role: &str, operation: &str) -> bool {
        self.get(role)
            .is_some_and(|role| role.operations.contains(operation))
    }
}
