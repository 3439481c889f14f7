//! Accounts as the security administrator keeps them.

use anlan_access::{Caller, Grant, Object, Roles};
use anlan_foundation::{Checks, InvalidInput, Timestamp};
use anlan_ledger::{LedgerError, Work};
use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher as _, PasswordVerifier as _};

use super::Organisation;
use crate::error::OrganisationError;
use crate::model::Account;
use crate::store::StoredAccount;
use crate::{facts, rules, store};

/// What a new account consists of.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// Log-in name, 2 to 40 characters.
    pub name: String,
    /// Name on the screen.
    pub display_name: String,
    /// Password in the clear; only its sealed hash is kept.
    pub password: String,
    /// The person behind it.
    pub person: Option<String>,
    /// The unit the person acts for.
    pub unit: Option<String>,
    /// The post the person acts in.
    pub post: Option<String>,
    /// What it may do, and where.
    pub grants: Vec<Grant>,
}

/// What becomes of an account.
#[derive(Debug, Clone)]
pub struct AccountChange {
    /// Name on the screen.
    pub display_name: String,
    /// The person behind it.
    pub person: Option<String>,
    /// The unit the person acts for.
    pub unit: Option<String>,
    /// The post the person acts in.
    pub post: Option<String>,
    /// What it may do, and where.
    pub grants: Vec<Grant>,
    /// Whether it is switched off; its sessions end at once.
    pub disabled: bool,
    /// The version the caller had seen.
    pub expected_version: Option<u64>,
}

/// Hashes a password with Argon2id. Slow by design: never call it on a database thread.
pub fn hash_password(password: &str) -> Result<String, OrganisationError> {
    let hash = Argon2::default()
        .hash_password(password.as_bytes())
        .map_err(|_| OrganisationError::Hash)?;
    Ok(hash.to_string())
}

pub(super) fn password_fits(hash: &str, password: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| {
        Argon2::default()
            .verify_password(password.as_bytes(), &hash)
            .is_ok()
    })
}

/// Runs something slow off the threads that answer requests.
pub(super) async fn fits(slow: impl FnOnce() -> bool + Send + 'static) -> Result<bool, OrganisationError> {
    tokio::task::spawn_blocking(slow)
        .await
        .map_err(|_| OrganisationError::Hash)
}

/// Makes an account inside a command that is already running; `hash` comes from [`hash_password`].
pub fn create_account(
    work: &mut Work<'_, '_>,
    roles: &Roles,
    new: &NewAccount,
    hash: &str,
) -> Result<String, OrganisationError> {
    add_account(work, roles, new, &Credential::own(hash))
}

/// A password's hash, and whether its holder has to change it first.
pub(crate) struct Credential<'h> {
    hash: &'h str,
    must_change: bool,
}

impl<'h> Credential<'h> {
    /// A password that its holder chose.
    pub(crate) const fn own(hash: &'h str) -> Self {
        Self {
            hash,
            must_change: false,
        }
    }

    /// A password that somebody else chose.
    pub(crate) const fn given(hash: &'h str) -> Self {
        Self {
            hash,
            must_change: true,
        }
    }
}

pub(crate) fn add_account(
    work: &mut Work<'_, '_>,
    roles: &Roles,
    new: &NewAccount,
    credential: &Credential<'_>,
) -> Result<String, OrganisationError> {
    check_account(new)?;
    rules::check_grants(roles, &new.grants)?;
    if store::account_by_name(work.tx, &new.name)?.is_some() {
        return Err(OrganisationError::NameTaken(new.name.clone()));
    }
    let id = work.ids().next().to_string();
    keep_apart(work, roles, (&new.grants, new.person.as_deref()), &id)?;
    let stream = format!("account/{id}");
    let password = work.seal(&stream, credential.hash)?;
    let fact = facts::AccountSet {
        id: id.clone(),
        name: new.name.clone(),
        display_name: new.display_name.clone(),
        person: new.person.clone(),
        unit: new.unit.clone(),
        post: new.post.clone(),
        grants: new.grants.clone(),
        password,
        disabled: false,
        must_change: credential.must_change,
    };
    let area = new.grants.first().map_or("", |grant| grant.area.as_str());
    work.record(&stream, facts::ACCOUNT_SET, area, &fact)?;
    Ok(id)
}

/// 三员分立: who administers one thing administers no other, not even with another account.
fn keep_apart(
    work: &mut Work<'_, '_>,
    roles: &Roles,
    (grants, person): (&[Grant], Option<&str>),
    own_id: &str,
) -> Result<(), OrganisationError> {
    let Some(sort) = roles.administers(grants) else {
        return Ok(());
    };
    let Some(person) = person else {
        let expected = "the person who administers; nobody administers two things";
        return Err(InvalidInput::one("person", "required", expected).into());
    };
    let others = store::accounts_of_person(work.tx, person)?;
    let other_sort = |other: &Account| {
        let counts = other.id != own_id && !other.disabled;
        counts
            && roles
                .administers(&other.grants)
                .is_some_and(|other| other != sort)
    };
    match others.iter().find(|other| other_sort(other)) {
        Some(other) => Err(OrganisationError::Separation(other.name.clone())),
        None => Ok(()),
    }
}

/// Checks the fields of a new account.
pub fn check_account(new: &NewAccount) -> Result<(), InvalidInput> {
    let mut checks = Checks::new();
    checks.text("name", &new.name, 2, 40);
    let plain = new
        .name
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'));
    if !plain {
        checks.fault(
            "name",
            "bad_format",
            "Latin letters, digits, dot, dash and underscore",
        );
    }
    checks.text("display_name", &new.display_name, 1, 60);
    rules::check_password(&mut checks, "password", &new.name, &new.password);
    checks.finish()
}

impl Organisation {
    /// The accounts that the caller may read, narrowed to those whose names contain `q`.
    pub async fn accounts(&self, caller: Caller, q: String) -> Result<Vec<Account>, OrganisationError> {
        let found = self.ledger.db().read(move |tx| store::accounts(tx, &q)).await?;
        Ok(found
            .into_iter()
            .filter(|account| covers(&caller, "accounts.read", account))
            .collect())
    }

    /// One account, when the caller may read it.
    pub async fn readable(&self, caller: &Caller, id: String) -> Result<Account, OrganisationError> {
        caller.require_somewhere("accounts.read")?;
        let wanted = id.clone();
        let found = self
            .ledger
            .db()
            .read(move |tx| store::account_by_id(tx, &wanted))
            .await?;
        found
            .map(|stored| stored.account)
            .filter(|account| covers(caller, "accounts.read", account))
            .ok_or(OrganisationError::NotFound { what: "account", id })
    }

    /// Makes an account whose password somebody else chose: the holder changes it at the first log-in.
    pub fn create(
        &self,
        work: &mut Work<'_, '_>,
        new: &NewAccount,
        hash: &str,
    ) -> Result<String, OrganisationError> {
        Self::check_holder(work, new.person.as_deref(), new.unit.as_deref())?;
        add_account(work, &self.roles, new, &Credential::given(hash))
    }

    /// Loads an account that the caller may administer: all of its grants lie in the caller's area, and it is not
    /// the caller's own.
    pub fn administered(
        work: &mut Work<'_, '_>,
        caller: &Caller,
        id: &str,
    ) -> Result<StoredAccount, OrganisationError> {
        let missing = || OrganisationError::NotFound {
            what: "account",
            id: id.to_owned(),
        };
        caller.require_somewhere("accounts.write")?;
        let stored = store::account_by_id(work.tx, id)?.ok_or_else(missing)?;
        if !covers(caller, "accounts.write", &stored.account) {
            return Err(missing());
        }
        if stored.account.id == caller.account {
            return Err(OrganisationError::OwnAccount);
        }
        Ok(stored)
    }

    /// Changes an account. When it is switched off, its sessions end in the same moment.
    pub fn update_account(
        &self,
        work: &mut Work<'_, '_>,
        caller: &Caller,
        id: &str,
        change: &AccountChange,
    ) -> Result<Account, OrganisationError> {
        let stored = Self::administered(work, caller, id)?;
        let mut checks = Checks::new();
        checks.text("display_name", &change.display_name, 1, 60);
        checks.finish()?;
        rules::check_grants(&self.roles, &change.grants)?;
        for grant in &change.grants {
            caller.require("accounts.write", Object::in_area(&grant.area))?;
        }
        check_version(
            &format!("account/{id}"),
            stored.account.version,
            change.expected_version,
        )?;
        Self::check_holder(work, change.person.as_deref(), change.unit.as_deref())?;
        if !change.disabled {
            keep_apart(work, &self.roles, (&change.grants, change.person.as_deref()), id)?;
        }
        let fact = facts::AccountSet {
            id: id.to_owned(),
            name: stored.account.name.clone(),
            display_name: change.display_name.clone(),
            person: change.person.clone(),
            unit: change.unit.clone(),
            post: change.post.clone(),
            grants: change.grants.clone(),
            password: stored.password,
            disabled: change.disabled,
            must_change: stored.account.must_change_password,
        };
        let area = change.grants.first().map_or("", |grant| grant.area.as_str());
        work.record(&format!("account/{id}"), facts::ACCOUNT_SET, area, &fact)?;
        if change.disabled {
            store::delete_sessions_of(work.tx, id, &[])?;
        }
        Self::shown_account(work, id)
    }

    /// Refuses a person or unit that is not there.
    pub(crate) fn check_holder(
        work: &mut Work<'_, '_>,
        person: Option<&str>,
        unit: Option<&str>,
    ) -> Result<(), OrganisationError> {
        let mut checks = Checks::new();
        if let Some(person) = person
            && store::load_person(work.tx, person)?.is_none()
        {
            checks.fault("person", "unknown", "a person of GET /api/v1/people");
        }
        if let Some(unit) = unit
            && store::load_unit(work.tx, unit)?.is_none()
        {
            checks.fault("unit", "unknown", "a unit of GET /api/v1/units");
        }
        Ok(checks.finish()?)
    }

    fn shown_account(work: &mut Work<'_, '_>, id: &str) -> Result<Account, OrganisationError> {
        let stored = store::account_by_id(work.tx, id)?;
        stored
            .map(|stored| stored.account)
            .ok_or_else(|| OrganisationError::NotFound {
                what: "account",
                id: id.to_owned(),
            })
    }

    /// Sets a password that the holder has to change at the next log-in; all sessions end.
    pub fn reset_password(
        work: &mut Work<'_, '_>,
        caller: &Caller,
        id: &str,
        hash: &str,
    ) -> Result<Account, OrganisationError> {
        let stored = Self::administered(work, caller, id)?;
        record_password(work, &stored.account, &Credential::given(hash))?;
        store::delete_sessions_of(work.tx, id, &[])?;
        Self::shown_account(work, id)
    }

    /// Lifts the locks of an account, of its password and of its PIN.
    pub fn unlock(
        work: &mut Work<'_, '_>,
        caller: &Caller,
        id: &str,
        reason: &str,
    ) -> Result<Account, OrganisationError> {
        let stored = Self::administered(work, caller, id)?;
        relieve(work, &stored.account, facts::ACCOUNT_UNLOCKED, reason)?;
        let never = Timestamp::from_micros(0);
        store::save_attempts(work.tx, &stored.account.name, 0, never)?;
        store::save_attempts(work.tx, &super::own::pin_name(id), 0, never)?;
        Self::shown_account(work, id)
    }

    /// Ends all sessions of an account.
    pub fn end_sessions(
        work: &mut Work<'_, '_>,
        caller: &Caller,
        id: &str,
        reason: &str,
    ) -> Result<Account, OrganisationError> {
        let stored = Self::administered(work, caller, id)?;
        relieve(work, &stored.account, facts::SESSIONS_ENDED, reason)?;
        store::delete_sessions_of(work.tx, id, &[])?;
        Self::shown_account(work, id)
    }

    /// Takes away a second factor whose telephone was lost; all sessions end.
    pub fn reset_totp(
        work: &mut Work<'_, '_>,
        caller: &Caller,
        id: &str,
        reason: &str,
    ) -> Result<Account, OrganisationError> {
        check_reason(reason)?;
        let stored = Self::administered(work, caller, id)?;
        let fact = facts::TotpSet {
            id: id.to_owned(),
            name: stored.account.name.clone(),
            secret: None,
            recovery: Vec::new(),
            reason: Some(reason.to_owned()),
        };
        let stream = format!("account/{id}");
        work.record(&stream, facts::TOTP_SET, stored.account.area(), &fact)?;
        store::delete_sessions_of(work.tx, id, &[])?;
        Self::shown_account(work, id)
    }
}

fn relieve(
    work: &mut Work<'_, '_>,
    account: &Account,
    kind: &str,
    reason: &str,
) -> Result<(), OrganisationError> {
    check_reason(reason)?;
    let fact = facts::AccountRelieved {
        id: account.id.clone(),
        name: account.name.clone(),
        reason: reason.to_owned(),
    };
    work.record(&format!("account/{}", account.id), kind, account.area(), &fact)?;
    Ok(())
}

/// Records a new password.
pub(super) fn record_password(
    work: &mut Work<'_, '_>,
    account: &Account,
    credential: &Credential<'_>,
) -> Result<(), OrganisationError> {
    let stream = format!("account/{}", account.id);
    let fact = facts::PasswordSet {
        id: account.id.clone(),
        name: account.name.clone(),
        password: work.seal(&stream, credential.hash)?,
        must_change: credential.must_change,
    };
    work.record(&stream, facts::PASSWORD_SET, account.area(), &fact)?;
    Ok(())
}

/// Whether the caller may do `operation` on the whole of an account: on each of its grants.
pub(super) fn covers(caller: &Caller, operation: &str, account: &Account) -> bool {
    if account.grants.is_empty() {
        return caller.may(operation, Object::in_area(""));
    }
    let may = |grant: &Grant| caller.may(operation, Object::in_area(&grant.area));
    account.grants.iter().all(may)
}

/// A reason is what an auditor will read: 2 to 200 characters.
pub(crate) fn check_reason(reason: &str) -> Result<(), InvalidInput> {
    let mut checks = Checks::new();
    checks.text("reason", reason, 2, 200);
    checks.finish()
}

/// Refuses when a thing has changed since the caller looked.
pub(crate) fn check_version(stream: &str, found: u64, expected: Option<u64>) -> Result<(), LedgerError> {
    match expected {
        Some(expected) if expected != found => Err(LedgerError::VersionConflict {
            stream: stream.to_owned(),
            expected,
            found,
        }),
        _ => Ok(()),
    }
}
