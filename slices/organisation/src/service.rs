//! Use cases of the organisation: load, decide, record.

use std::sync::Arc;

use anlan_access::{Caller, Grant, Object, Roles};
use anlan_foundation::{Checks, InvalidInput, Timestamp};
use anlan_ledger::{Actor, Ledger, Sealed, Work};
use anlan_store::Tx;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher as _, PasswordVerifier as _};
use sha2::{Digest as _, Sha256};

use crate::error::OrganisationError;
use crate::model::{Account, Contact, DutyNow, Person};
use crate::{facts, rules, store};

/// The organisation's use cases.
#[derive(Clone)]
pub struct Organisation {
    /// The ledger it records in.
    pub ledger: Ledger,
    /// The table of roles.
    pub roles: Arc<Roles>,
    /// What callers are told of the node they signed in to.
    pub node: NodeShown,
}

/// What callers are told of the node they signed in to.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct NodeShown {
    /// Name of the unit it belongs to.
    pub name: String,
    /// Division it acts for.
    pub division: String,
    /// Name of the division.
    pub division_name: String,
    /// `live`, or one drill.
    pub realm: String,
    /// Whether this is the demo city.
    pub demo: bool,
    /// `gm` or `intl`.
    pub suite: String,
    /// Name of its feed.
    pub origin: String,
}

/// A session that was opened.
#[derive(Debug)]
pub struct Opened {
    /// The token, shown once.
    pub token: String,
    /// When it ends.
    pub expires_at: Timestamp,
    /// Whose it is.
    pub account: Account,
}

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

/// Hashes a password with Argon2id. Slow by design: never call it on a database thread.
pub fn hash_password(password: &str) -> Result<String, OrganisationError> {
    let hash = Argon2::default()
        .hash_password(password.as_bytes())
        .map_err(|_| OrganisationError::Hash)?;
    Ok(hash.to_string())
}

fn password_fits(hash: &str, password: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| {
        Argon2::default()
            .verify_password(password.as_bytes(), &hash)
            .is_ok()
    })
}

fn contact(person: &str, masked: String) -> Contact {
    Contact {
        id: person.to_owned(),
        kind: "mobile".to_owned(),
        value: None,
        masked,
        sealed: true,
    }
}

fn token_digest(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// Makes an account inside a command that is already running; `hash` comes from [`hash_password`].
pub fn create_account(
    work: &mut Work<'_, '_>,
    roles: &Roles,
    new: &NewAccount,
    hash: &str,
) -> Result<String, OrganisationError> {
    check_account(new)?;
    rules::check_grants(roles, &new.grants)?;
    if store::account_by_name(work.tx, &new.name)?.is_some() {
        return Err(OrganisationError::NameTaken(new.name.clone()));
    }
    let id = work.ids().next().to_string();
    let stream = format!("account/{id}");
    let password = work.seal(&stream, hash)?;
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
    };
    let area = new.grants.first().map_or("", |grant| grant.area.as_str());
    work.record(&stream, facts::ACCOUNT_SET, area, &fact)?;
    Ok(id)
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
    /// Signs in: counts wrong passwords, locks after too many, opens a session.
    pub async fn sign_in(&self, name: String, password: String) -> Result<Opened, OrganisationError> {
        let now = self.ledger.clock().now();
        let known = self.known_account(&name, now).await?;
        let (account, fits) = match known {
            Some((account, hash)) => {
                let fits = tokio::task::spawn_blocking(move || password_fits(&hash, &password))
                    .await
                    .map_err(|_| OrganisationError::Hash)?;
                (Some(account), fits)
            }
            None => (None, false),
        };
        match account {
            Some(account) if fits && !account.disabled => self.open_session(account, now).await,
            _ => self.count_failure(name, now).await,
        }
    }

    async fn known_account(
        &self,
        name: &str,
        now: Timestamp,
    ) -> Result<Option<(Account, String)>, OrganisationError> {
        let (ledger, name) = (self.ledger.clone(), name.to_owned());
        self.ledger
            .db()
            .read(move |tx| {
                let (_, until) = store::attempts(tx, &name)?;
                if until > now {
                    return Err(OrganisationError::Locked { until });
                }
                let Some((account, sealed)) = store::account_by_name(tx, &name)? else {
                    return Ok(None);
                };
                Ok(ledger.sealer().open(tx, &sealed)?.map(|hash| (account, hash)))
            })
            .await
    }

    async fn open_session(&self, account: Account, now: Timestamp) -> Result<Opened, OrganisationError> {
        let mut secret = [0; 32];
        self.ledger.ids().fill(&mut secret);
        let token = hex::encode(secret);
        let (digest, expires_at) = (token_digest(&token), now.plus_minutes(rules::SESSION_MINUTES));
        let (id, name) = (account.id.clone(), account.name.clone());
        self.ledger
            .db()
            .write(move |tx| {
                store::insert_session(tx, &digest, &id, now, expires_at)?;
                store::save_attempts(tx, &name, 0, Timestamp::from_micros(0))
            })
            .await?;
        Ok(Opened {
            token,
            expires_at,
            account,
        })
    }

    async fn count_failure(&self, name: String, now: Timestamp) -> Result<Opened, OrganisationError> {
        let actor = Actor {
            kind: "rule".to_owned(),
            rule: Some("account.lock".to_owned()),
            ..Actor::default()
        };
        let done = self
            .ledger
            .command(actor, None, move |work| {
                let (failed, _) = store::attempts(work.tx, &name)?;
                let known = store::account_by_name(work.tx, &name)?.is_some();
                let lock = rules::next_lock(failed + 1, now).filter(|_| known);
                let kept = if lock.is_some() { 0 } else { failed + 1 };
                if known {
                    store::save_attempts(work.tx, &name, kept, lock.unwrap_or(Timestamp::from_micros(0)))?;
                }
                if let Some(until) = lock {
                    let fact = facts::AccountLocked { name, until };
                    work.record("accounts", facts::ACCOUNT_LOCKED, "", &fact)?;
                }
                Ok::<_, OrganisationError>(lock)
            })
            .await?;
        match done.value {
            Some(until) => Err(OrganisationError::Locked { until }),
            None => Err(OrganisationError::WrongCredentials),
        }
    }

    /// Ends a session.
    pub async fn sign_out(&self, token: &str) -> Result<(), OrganisationError> {
        let digest = token_digest(token);
        self.ledger
            .db()
            .write(move |tx| store::delete_session(tx, &digest))
            .await?;
        Ok(())
    }

    /// The account behind a token.
    pub async fn account_of(&self, token: &str) -> Result<Option<Account>, anlan_store::StoreError> {
        let (digest, now) = (token_digest(token), self.ledger.clock().now());
        self.ledger
            .db()
            .read(move |tx| store::account_by_token(tx, &digest, now))
            .await
    }

    /// The account as a caller with its authority.
    pub fn caller(&self, account: Account) -> Caller {
        Caller {
            account: account.id,
            name: account.display_name,
            person: account.person,
            unit: account.unit,
            post: account.post,
            grants: account.grants,
            roles: Arc::clone(&self.roles),
        }
    }

    /// The masked form of a sealed number; `None` when there is none or its key was destroyed.
    pub fn masked(
        &self,
        tx: &mut Tx<'_>,
        sealed: Option<&Sealed>,
    ) -> Result<Option<String>, OrganisationError> {
        let Some(sealed) = sealed else { return Ok(None) };
        Ok(self
            .ledger
            .sealer()
            .open(tx, sealed)?
            .map(|number| rules::mask_phone(&number)))
    }

    /// People with masked numbers.
    pub fn shown(&self, tx: &mut Tx<'_>, stored: store::StoredPerson) -> Result<Person, OrganisationError> {
        let mobile_masked = self.masked(tx, stored.mobile.as_ref())?;
        let [id, name, unit_id, unit_name, title] = stored.texts;
        Ok(Person {
            id,
            name,
            unit_id,
            unit_name,
            title,
            mobile_masked,
        })
    }

    /// Who is on duty in a division now, with masked numbers.
    pub async fn on_duty(&self, area: String) -> Result<Vec<DutyNow>, OrganisationError> {
        let (this, now) = (self.clone(), self.ledger.clock().now());
        self.ledger
            .db()
            .read(move |tx| {
                let found = store::duty_at(tx, &area, now)?;
                let show = |(mut duty, mobile): (DutyNow, Option<Sealed>)| {
                    duty.mobile_masked = this.masked(tx, mobile.as_ref())?;
                    duty.contacts = duty
                        .mobile_masked
                        .clone()
                        .map(|masked| contact(&duty.person_id, masked))
                        .into_iter()
                        .collect();
                    Ok(duty)
                };
                found.into_iter().map(show).collect()
            })
            .await
    }

    /// Reads a number whole, for a reason that becomes an entry.
    pub fn reveal(
        &self,
        work: &mut Work<'_, '_>,
        caller: &Caller,
        person: &str,
        reason: &str,
    ) -> Result<String, OrganisationError> {
        let mut checks = Checks::new();
        checks.text("reason", reason, 2, 200);
        checks.finish()?;
        let missing = || OrganisationError::NotFound {
            what: "number of person",
            id: person.to_owned(),
        };
        let stored = store::load_person(work.tx, person)?.ok_or_else(missing)?;
        caller.require("organisation.reveal", Object::in_area(&stored.area))?;
        let sealed = stored.mobile.as_ref().ok_or_else(missing)?;
        let number = self.ledger.sealer().open(work.tx, sealed)?.ok_or_else(missing)?;
        let fact = facts::ContactRevealed {
            person: person.to_owned(),
            reason: reason.to_owned(),
        };
        work.record(
            &format!("person/{person}"),
            facts::CONTACT_REVEALED,
            &stored.area,
            &fact,
        )?;
        Ok(number)
    }
}

/// Knows callers by their session tokens.
impl anlan_web::Authenticator for Organisation {
    fn authenticate(
        &self,
        token: String,
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<Caller, anlan_web::AuthError>> + Send + '_>> {
        Box::pin(async move {
            let account = self
                .account_of(&token)
                .await?
                .ok_or(anlan_web::AuthError::Ended)?;
            Ok(self.caller(account))
        })
    }
}
