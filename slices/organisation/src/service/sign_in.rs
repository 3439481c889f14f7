//! Signing in and out.

use anlan_foundation::Timestamp;
use anlan_ledger::{Actor, Work};

use super::accounts::{fits, password_fits};
use super::{Organisation, hex_digest, token_digest};
use crate::error::OrganisationError;
use crate::model::{Account, SessionRow};
use crate::store::{NewSession, StoredAccount};
use crate::{facts, rules, store};

/// What somebody signs in with.
#[derive(Debug, Clone, Default)]
pub struct SignIn {
    /// Log-in name.
    pub name: String,
    /// Password.
    pub password: String,
    /// Six digits of the second factor, or a recovery code.
    pub totp: Option<String>,
    /// What the client calls itself.
    pub client: String,
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

/// An account with its secrets opened.
struct Known {
    stored: StoredAccount,
    hash: String,
    totp: Option<Vec<u8>>,
}

/// What stands behind the second factor that was given.
enum Factor {
    NotAsked,
    Step(u64),
    Recovery(String),
    Missing,
    Wrong,
}

impl Organisation {
    /// Signs in: counts what is wrong, locks after too much of it, opens a session.
    pub async fn sign_in(&self, asked: SignIn) -> Result<Opened, OrganisationError> {
        let now = self.ledger.clock().now();
        let known = self.known(&asked.name, now).await?;
        let password = asked.password.clone();
        let Some(known) = known else {
            // As slow as for a name that is known, so that the time tells nothing.
            fits(move || super::hash_password(&password).is_err()).await?;
            return Err(self.count_failure(asked.name, now).await?);
        };
        let hash = known.hash.clone();
        let right = fits(move || password_fits(&hash, &password)).await?;
        if !right || known.stored.account.disabled {
            return Err(self.count_failure(asked.name, now).await?);
        }
        let factor = factor(&known, asked.totp.as_deref(), now);
        match factor {
            Factor::Missing => Err(OrganisationError::TotpRequired),
            Factor::Wrong => Err(self.wrong_totp(asked.name, now).await?),
            factor => {
                let opened = self
                    .open_session(known.stored.account, asked.client, factor)
                    .await?;
                match opened {
                    Some(opened) => Ok(opened),
                    // The code was used before.
                    None => Err(self.wrong_totp(asked.name, now).await?),
                }
            }
        }
    }

    async fn known(&self, name: &str, now: Timestamp) -> Result<Option<Known>, OrganisationError> {
        let (ledger, name) = (self.ledger.clone(), name.to_owned());
        self.ledger
            .db()
            .read(move |tx| {
                let (_, until) = store::attempts(tx, &name)?;
                if until > now {
                    return Err(OrganisationError::Locked { until });
                }
                let Some(stored) = store::account_by_name(tx, &name)? else {
                    return Ok(None);
                };
                let totp = match &stored.totp {
                    Some(sealed) => ledger.sealer().open(tx, sealed)?,
                    None => None,
                };
                let totp = totp.map(hex::decode).transpose().unwrap_or_default();
                let hash = ledger.sealer().open(tx, &stored.password)?;
                Ok(hash.map(|hash| Known { stored, hash, totp }))
            })
            .await
    }

    /// Opens the session; `None` when the code of the second factor was used before.
    async fn open_session(
        &self,
        account: Account,
        client: String,
        factor: Factor,
    ) -> Result<Option<Opened>, OrganisationError> {
        let mut secret = [0; 32];
        self.ledger.ids().fill(&mut secret);
        let token = hex::encode(secret);
        let (digest, actor) = (token_digest(&token), own_actor(&account));
        let signing = account.clone();
        let done = self
            .ledger
            .command(actor, None, move |work| {
                if !take_factor(work, &signing, factor)? {
                    return Ok::<_, OrganisationError>(None);
                }
                let expires_at = work.now.plus_minutes(rules::SESSION_MINUTES);
                let session = NewSession {
                    digest,
                    id: work.ids().next().simple().to_string(),
                    account: signing.id,
                    client: client.chars().take(200).collect(),
                    times: (work.now, expires_at),
                };
                store::insert_session(work.tx, &session)?;
                store::save_attempts(work.tx, &signing.name, 0, Timestamp::from_micros(0))?;
                Ok(Some(expires_at))
            })
            .await?;
        Ok(done.value.map(|expires_at| Opened {
            token,
            expires_at,
            account,
        }))
    }

    async fn wrong_totp(&self, name: String, now: Timestamp) -> Result<OrganisationError, OrganisationError> {
        Ok(match self.count_failure(name, now).await? {
            OrganisationError::WrongCredentials => OrganisationError::TotpWrong,
            locked => locked,
        })
    }

    /// Counts a wrong password and gives the refusal: wrong, or locked from now on.
    pub(super) async fn count_failure(
        &self,
        name: String,
        now: Timestamp,
    ) -> Result<OrganisationError, OrganisationError> {
        let locked = self
            .ledger
            .command(lock_actor(), None, move |work| {
                let known = store::account_by_name(work.tx, &name)?.is_some();
                if !known {
                    return Ok::<_, OrganisationError>(None);
                }
                let lock = count(work, &name, now)?;
                if let Some(until) = lock {
                    record_lock(work, name, until, "password")?;
                }
                Ok(lock)
            })
            .await?;
        Ok(match locked.value {
            Some(until) => OrganisationError::Locked { until },
            None => OrganisationError::WrongCredentials,
        })
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

    /// The sessions of an account; `token` is that of the session that asks.
    pub async fn sessions(&self, account: &str, token: &str) -> Result<Vec<SessionRow>, OrganisationError> {
        let (account, digest) = (account.to_owned(), token_digest(token));
        let now = self.ledger.clock().now();
        let found = self
            .ledger
            .db()
            .read(move |tx| store::sessions(tx, &account, now, &digest))
            .await?;
        Ok(found)
    }

    /// Ends one session of an account.
    pub async fn end_session(&self, account: &str, id: String) -> Result<(), OrganisationError> {
        let (account, wanted) = (account.to_owned(), id.clone());
        let ended = self
            .ledger
            .db()
            .write(move |tx| store::delete_session_by_id(tx, &account, &wanted))
            .await?;
        if ended == 0 {
            return Err(OrganisationError::NotFound { what: "session", id });
        }
        Ok(())
    }
}

fn factor(known: &Known, given: Option<&str>, now: Timestamp) -> Factor {
    let Some(secret) = &known.totp else {
        return Factor::NotAsked;
    };
    let Some(given) = given.map(str::trim).filter(|given| !given.is_empty()) else {
        return Factor::Missing;
    };
    if let Some(step) = rules::totp_step(secret, given, now) {
        return Factor::Step(step);
    }
    let digest = hex_digest(&rules::plain_recovery_code(given));
    if known.stored.recovery.contains(&digest) {
        return Factor::Recovery(digest);
    }
    Factor::Wrong
}

/// Uses the second factor up; false when it was used before.
fn take_factor(
    work: &mut Work<'_, '_>,
    account: &Account,
    factor: Factor,
) -> Result<bool, OrganisationError> {
    match factor {
        Factor::Step(step) => Ok(store::use_totp_step(work.tx, &account.id, step)?),
        Factor::Recovery(digest) => {
            let stored = store::account_by_id(work.tx, &account.id)?;
            if !stored.is_some_and(|stored| stored.recovery.contains(&digest)) {
                return Ok(false);
            }
            let fact = facts::RecoveryUsed {
                id: account.id.clone(),
                name: account.name.clone(),
                digest,
            };
            let stream = format!("account/{}", account.id);
            work.record(&stream, facts::RECOVERY_USED, account.area(), &fact)?;
            Ok(true)
        }
        Factor::NotAsked => Ok(true),
        Factor::Missing | Factor::Wrong => Ok(false),
    }
}

/// Counts a failure under a name; gives until when the name is locked, when this was one too many.
pub(super) fn count(
    work: &mut Work<'_, '_>,
    name: &str,
    now: Timestamp,
) -> Result<Option<Timestamp>, OrganisationError> {
    let (failed, until) = store::attempts(work.tx, name)?;
    if until > now {
        return Ok(Some(until));
    }
    let lock = rules::next_lock(failed + 1, now);
    let kept = if lock.is_some() { 0 } else { failed + 1 };
    store::save_attempts(work.tx, name, kept, lock.unwrap_or(Timestamp::from_micros(0)))?;
    Ok(lock)
}

pub(super) fn record_lock(
    work: &mut Work<'_, '_>,
    name: String,
    until: Timestamp,
    what: &str,
) -> Result<(), OrganisationError> {
    let fact = facts::AccountLocked {
        name,
        until,
        what: what.to_owned(),
    };
    work.record("accounts", facts::ACCOUNT_LOCKED, "", &fact)?;
    Ok(())
}

pub(super) fn lock_actor() -> Actor {
    Actor {
        kind: "rule".to_owned(),
        rule: Some("account.lock".to_owned()),
        ..Actor::default()
    }
}

fn own_actor(account: &Account) -> Actor {
    Actor {
        kind: "person".to_owned(),
        account: Some(account.id.clone()),
        person: account.person.clone(),
        unit: account.unit.clone(),
        name: Some(account.display_name.clone()),
        ..Actor::default()
    }
}
