//! Whoever makes a request, and what that person or machine may do.

use std::sync::Arc;

use anlan_foundation::{Fault, Kind, Realm};
use serde::{Deserialize, Serialize};

use crate::Roles;

/// A role held over an area, perhaps only for one department's matters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// Name of the role.
    pub role: String,
    /// Division code whose whole subtree is covered; empty covers everything.
    pub area: String,
    /// Department the grant is limited to, for example `weather`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// `live` or `drill` when the grant holds only there; without it, it holds in both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub realm: Option<String>,
}

impl Grant {
    /// Grants a role over an area, for every department and in every realm.
    pub fn new(role: &str, area: &str) -> Self {
        Self {
            role: role.to_owned(),
            area: area.to_owned(),
            department: None,
            realm: None,
        }
    }

    /// Whether the grant holds in a realm.
    pub fn holds_in(&self, realm: Realm) -> bool {
        let kind = match realm {
            Realm::Live => "live",
            Realm::Drill(_) => "drill",
        };
        self.realm.as_deref().is_none_or(|only| only == kind)
    }

    /// The part of this grant that lies in `area`, if any: all of it, or the area itself.
    pub fn within(&self, area: &str) -> Option<Self> {
        let area = if self.area.starts_with(area) {
            &self.area
        } else if area.starts_with(&self.area) {
            area
        } else {
            return None;
        };
        Some(Self {
            area: area.to_owned(),
            ..self.clone()
        })
    }
}

/// What an operation touches.
#[derive(Debug, Clone, Copy)]
pub struct Object<'o> {
    /// Division code of the object.
    pub area: &'o str,
    /// Department it belongs to, if any.
    pub department: Option<&'o str>,
}

impl<'o> Object<'o> {
    /// An object that lies in an area and belongs to no department in particular.
    pub const fn in_area(area: &'o str) -> Self {
        Self {
            area,
            department: None,
        }
    }
}

/// A part of the city that the caller may see for one operation: a range of division codes, perhaps one department.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// First code of the range.
    pub from: String,
    /// First code after the range.
    pub before: String,
    /// Only this department's objects.
    pub department: Option<String>,
}

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Account id.
    pub account: String,
    /// Name for the ledger and the screen.
    pub name: String,
    /// The person behind the account.
    pub person: Option<String>,
    /// The unit the person acts for.
    pub unit: Option<String>,
    /// The post the person acts in.
    pub post: Option<String>,
    /// What the account was granted.
    pub grants: Vec<Grant>,
    /// The table of roles.
    pub roles: Arc<Roles>,
}

/// The caller may not do this.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{operation} is not allowed to this account in this area")]
pub struct AccessError {
    /// The operation that was asked for.
    pub operation: String,
}

impl Fault for AccessError {
    fn kind(&self) -> Kind {
        Kind::Forbidden
    }

    fn code(&self) -> &'static str {
        "access.forbidden"
    }
}

impl Caller {
    /// Whether the caller may do `operation` on `object`.
    pub fn may(&self, operation: &str, object: Object<'_>) -> bool {
        self.granting(operation).any(|grant| covers(grant, object))
    }

    /// Refuses unless the caller may do `operation` on `object`.
    pub fn require(&self, operation: &str, object: Object<'_>) -> Result<(), AccessError> {
        if self.may(operation, object) {
            Ok(())
        } else {
            Err(AccessError {
                operation: operation.to_owned(),
            })
        }
    }

    /// Refuses unless the caller may do `operation` at least somewhere.
    pub fn require_somewhere(&self, operation: &str) -> Result<(), AccessError> {
        if self.granting(operation).next().is_some() {
            return Ok(());
        }
        Err(AccessError {
            operation: operation.to_owned(),
        })
    }

    /// The parts of the city the caller may see for `operation`; empty means nothing.
    ///
    /// A part that lies wholly in another is left out, so that lists and counts meet an object once.
    pub fn scopes(&self, operation: &str) -> Vec<Scope> {
        let mut widest: Vec<&Grant> = Vec::new();
        for grant in self.granting(operation) {
            if widest.iter().any(|wider| includes(wider, grant)) {
                continue;
            }
            widest.retain(|narrower| !includes(grant, narrower));
            widest.push(grant);
        }
        widest
            .into_iter()
            .map(|grant| Scope {
                from: grant.area.clone(),
                before: upper_bound(&grant.area),
                department: grant.department.clone(),
            })
            .collect()
    }

    /// Every operation that some grant of the caller allows, sorted.
    pub fn operations(&self) -> Vec<String> {
        let mut all: Vec<String> = self
            .grants
            .iter()
            .filter_map(|grant| self.roles.get(&grant.role))
            .flat_map(|role| role.operations.iter().cloned())
            .collect();
        all.sort();
        all.dedup();
        all
    }

    fn granting<'c>(&'c self, operation: &'c str) -> impl Iterator<Item = &'c Grant> {
        self.grants
            .iter()
            .filter(move |grant| self.roles.allows(&grant.role, operation))
    }
}

fn covers(grant: &Grant, object: Object<'_>) -> bool {
    let department = grant.department.as_deref();
    object.area.starts_with(&grant.area) && (department.is_none() || department == object.department)
}

/// Whether everything in the reach of `narrower` is in that of `wider`.
fn includes(wider: &Grant, narrower: &Grant) -> bool {
    let department = wider.department.is_none() || wider.department == narrower.department;
    narrower.area.starts_with(&wider.area) && department
}

/// The first text that is greater than every text beginning with `prefix`.
pub(crate) fn upper_bound(prefix: &str) -> String {
    // Codes are digits; `:` is the character after `9`, so it closes the subtree and nothing else.
    format!("{prefix}:")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(grants: Vec<Grant>) -> Caller {
        let roles = Roles::parse(include_str!("../../../rules/access.toml")).unwrap();
        Caller {
            account: "a".into(),
            name: "a".into(),
            person: None,
            unit: None,
            post: None,
            grants,
            roles: Arc::new(roles),
        }
    }

    fn grant(role: &str, area: &str) -> Grant {
        Grant::new(role, area)
    }

    #[test]
    fn authority_ends_at_the_edge_of_the_area() {
        let officer = caller(vec![grant("county_officer", "150125")]);
        assert!(officer.may("incident.take", Object::in_area("150125101")));
        assert!(!officer.may("incident.take", Object::in_area("150124101")));
        assert!(!officer.may("accounts.write", Object::in_area("150125")));
    }

    #[test]
    fn a_scope_is_exactly_the_subtree() {
        let scope = caller(vec![grant("observer", "1501")])
            .scopes("incident.read")
            .remove(0);
        for code in ["1501", "150102", "150102001001", "15019"] {
            assert!(*code >= *scope.from && *code < *scope.before, "{code}");
        }
        assert!(*"1502" >= *scope.before);
        assert!(*"150" < *scope.from);
    }

    #[test]
    fn a_department_grant_is_for_that_department_only() {
        let liaison = caller(vec![Grant {
            department: Some("weather".into()),
            ..Grant::new("liaison", "1501")
        }]);
        assert!(liaison.may(
            "incident.read",
            Object {
                area: "150102",
                department: Some("weather")
            }
        ));
        assert!(!liaison.may("incident.read", Object::in_area("150102")));
    }

    #[test]
    fn a_grant_for_drills_does_not_hold_in_earnest() {
        let drill = Grant {
            realm: Some("drill".into()),
            ..Grant::new("commander", "1501")
        };
        assert!(!drill.holds_in(Realm::Live));
        assert!(drill.holds_in("drill:0192f0c1-8d3e-7c4a-9b1f-2a6d5e4c3b2a".parse().unwrap()));
        assert!(Grant::new("commander", "1501").holds_in(Realm::Live));
    }

    #[test]
    fn a_grant_is_narrowed_and_never_widened() {
        let county = Grant::new("observer", "150125");
        assert_eq!(county.within("1501").unwrap().area, "150125");
        assert_eq!(county.within("150125100").unwrap().area, "150125100");
        assert!(county.within("150124").is_none());
    }
}
