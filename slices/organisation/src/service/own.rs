//! What people do with their own account: password, second factor, PIN.

use anlan_access::Caller;
use anlan_foundation::{Checks, InvalidInput, Timestamp};
use anlan_ledger::Work;

use super::accounts::{Credential, fits, hash_password, password_fits, record_password};
use super::sign_in::{count, lock_actor, record_lock};
use super::{Organisation, hex_digest, token_digest};
use crate::error::OrganisationError;
use crate::store::StoredAccount;
use crate::{facts, rules, store};

/// A new password in place of the current one.
#[derive(Debug, Clone)]
pub struct PasswordChange {
    /// The current one.
    pub current: String,
    /// The new one.
    pub fresh: String,
    /// Token of the session that asks; all others end.
    pub token: String,
}

/// A new PIN, or none.
#[derive(Debug, Clone)]
pub struct PinChange {
    /// The account's password.
    pub password: String,
    /// Six digits; none takes the PIN away.
    pub pin: Option<String>,
}

/// A second factor that waits for its first code.
#[derive(Debug, Clone)]
pub struct Secret {
    /// For typing, in base 32.
    pub base32: String,
    /// For the QR code.
    pub url: String,
}

/// How long a second factor waits for its first code, in minutes.
const PENDING_MINUTES: i64 = 15;
/// How many recovery codes come with a second factor.
const RECOVERY_CODES: usize = 10;

/// The name under which wrong PINs of an account are counted.
pub(super) fn pin_name(account: &str) -> String {
    format!("pin:{account}")
}

impl Organisation {
    async fn own(&self, account: &str) -> Result<(StoredAccount, String), OrganisationError> {
        let (ledger, id) = (self.ledger.clone(), account.to_owned());
        self.ledger
            .db()
            .read(move |tx| {
                let missing = || OrganisationError::NotFound {
                    what: "account",
                    id: id.clone(),
                };
                let stored = store::account_by_id(tx, &id)?.ok_or_else(missing)?;
                let hash = ledger.sealer().open(tx, &stored.password)?.ok_or_else(missing)?;
                Ok((stored, hash))
            })
            .await
    }

    /// Checks the password of the caller's own account again; wrong ones count toward the lock.
    async fn confirm(&self, account: &str, password: String) -> Result<StoredAccount, OrganisationError> {
        let now = self.ledger.clock().now();
        let (stored, hash) = self.own(account).await?;
        if let Some(until) = stored.account.locked_until.filter(|until| *until > now) {
            return Err(OrganisationError::Locked { until });
        }
        if fits(move || password_fits(&hash, &password)).await? {
            return Ok(stored);
        }
        // 401 would end the session on the screen; the field is what is at fault.
        match self.count_failure(stored.account.name, now).await? {
            OrganisationError::WrongCredentials => {
                Err(InvalidInput::one("current", "wrong", "the current password").into())
            }
            locked => Err(locked),
        }
    }

    /// Changes the caller's own password; all other sessions end.
    pub async fn change_password(
        &self,
        caller: &Caller,
        change: PasswordChange,
    ) -> Result<(), OrganisationError> {
        let (stored, _) = self.own(&caller.account).await?;
        let mut checks = Checks::new();
        rules::check_password(&mut checks, "new", &stored.account.name, &change.fresh);
        if change.fresh == change.current {
            checks.fault("new", "out_of_range", "another one than the current password");
        }
        checks.finish()?;
        let stored = self.confirm(&caller.account, change.current).await?;
        let fresh = change.fresh;
        let hash = tokio::task::spawn_blocking(move || hash_password(&fresh))
            .await
            .map_err(|_| OrganisationError::Hash)??;
        let digest = token_digest(&change.token);
        self.ledger
            .command(anlan_web::actor_of(caller), None, move |work| {
                record_password(work, &stored.account, &Credential::own(&hash))?;
                store::delete_sessions_of(work.tx, &stored.account.id, &digest)?;
                Ok::<_, OrganisationError>(())
            })
            .await?;
        Ok(())
    }

    /// Makes a secret for a second factor; it takes effect when its first code is confirmed.
    pub async fn begin_totp(&self, caller: &Caller) -> Result<Secret, OrganisationError> {
        let id = caller.account.clone();
        let mut secret = [0; 20];
        self.ledger.ids().fill(&mut secret);
        let name = self
            .ledger
            .command(anlan_web::actor_of(caller), None, move |work| {
                let stored = own_account(work, &id)?;
                if stored.totp.is_some() {
                    return Err(OrganisationError::TotpState);
                }
                let sealed = work.seal(&format!("account/{id}"), &hex::encode(secret))?;
                store::save_pending_totp(work.tx, &id, &sealed, work.now)?;
                Ok(stored.account.name)
            })
            .await?
            .value;
        let base32 = rules::base32(&secret);
        let label = format!("{name}@{}", self.node.origin);
        let url = format!("otpauth://totp/Anlan:{label}?secret={base32}&issuer=Anlan");
        Ok(Secret { base32, url })
    }

    /// Takes the second factor into use with its first code; gives the recovery codes, shown once.
    pub async fn confirm_totp(
        &self,
        caller: &Caller,
        code: String,
    ) -> Result<Vec<String>, OrganisationError> {
        let (this, id) = (self.clone(), caller.account.clone());
        let codes: Vec<String> = (0..RECOVERY_CODES).map(|_| self.recovery_code()).collect();
        let digests = codes
            .iter()
            .map(|code| hex_digest(&rules::plain_recovery_code(code)))
            .collect();
        self.ledger
            .command(anlan_web::actor_of(caller), None, move |work| {
                let stored = own_account(work, &id)?;
                let pending = store::pending_totp(work.tx, &id)?;
                let fresh = |made: &Timestamp| made.plus_minutes(PENDING_MINUTES) > work.now;
                let (sealed, _) = pending
                    .filter(|(_, made)| fresh(made))
                    .ok_or(OrganisationError::TotpState)?;
                let step = this.step_of(work, &sealed, &code)?;
                store::use_totp_step(work.tx, &id, step)?;
                store::delete_pending_totp(work.tx, &id)?;
                let fact = facts::TotpSet {
                    id: id.clone(),
                    name: stored.account.name.clone(),
                    secret: Some(sealed),
                    recovery: digests,
                    reason: None,
                };
                let stream = format!("account/{id}");
                work.record(&stream, facts::TOTP_SET, stored.account.area(), &fact)?;
                Ok::<_, OrganisationError>(())
            })
            .await?;
        Ok(codes)
    }

    fn recovery_code(&self) -> String {
        let mut secret = [0; 10];
        self.ledger.ids().fill(&mut secret);
        rules::grouped_recovery_code(&secret)
    }

    /// The step of a code that fits the sealed secret; a field at fault otherwise.
    fn step_of(
        &self,
        work: &mut Work<'_, '_>,
        sealed: &anlan_ledger::Sealed,
        code: &str,
    ) -> Result<u64, OrganisationError> {
        let secret = self.ledger.sealer().open(work.tx, sealed)?;
        let secret = secret.map(hex::decode).transpose().unwrap_or_default();
        let wrong = || InvalidInput::one("code", "wrong", "the six digits that the telephone shows now");
        let step = secret.and_then(|secret| rules::totp_step(&secret, code.trim(), work.now));
        Ok(step.ok_or_else(wrong)?)
    }

    /// Takes the caller's own second factor away, with a code of it; administrators have to keep theirs.
    pub async fn end_totp(&self, caller: &Caller, code: String) -> Result<(), OrganisationError> {
        let (this, id) = (self.clone(), caller.account.clone());
        self.ledger
            .command(anlan_web::actor_of(caller), None, move |work| {
                let stored = own_account(work, &id)?;
                let sealed = stored.totp.clone().ok_or(OrganisationError::TotpState)?;
                if this.roles.administers(&stored.account.grants).is_some() && !this.node.demo {
                    return Err(OrganisationError::TotpOwed);
                }
                let step = this.step_of(work, &sealed, &code)?;
                if !store::use_totp_step(work.tx, &id, step)? {
                    return Err(InvalidInput::one("code", "wrong", "a code that was not used yet").into());
                }
                let fact = facts::TotpSet {
                    id: id.clone(),
                    name: stored.account.name.clone(),
                    secret: None,
                    recovery: Vec::new(),
                    reason: None,
                };
                let stream = format!("account/{id}");
                work.record(&stream, facts::TOTP_SET, stored.account.area(), &fact)?;
                Ok(())
            })
            .await?;
        Ok(())
    }

    /// Sets the caller's PIN for approvals on the telephone, or takes it away.
    pub async fn change_pin(&self, caller: &Caller, change: PinChange) -> Result<(), OrganisationError> {
        if let Some(pin) = &change.pin {
            rules::check_pin(pin)?;
        }
        let stored = self.confirm(&caller.account, change.password).await?;
        let hash = match change.pin {
            Some(pin) => Some(
                tokio::task::spawn_blocking(move || hash_password(&pin))
                    .await
                    .map_err(|_| OrganisationError::Hash)??,
            ),
            None => None,
        };
        self.ledger
            .command(anlan_web::actor_of(caller), None, move |work| {
                let stream = format!("account/{}", stored.account.id);
                let pin = hash.map(|hash| work.seal(&stream, &hash)).transpose()?;
                let fact = facts::PinSet {
                    id: stored.account.id.clone(),
                    name: stored.account.name.clone(),
                    pin,
                };
                work.record(&stream, facts::PIN_SET, stored.account.area(), &fact)?;
                Ok::<_, OrganisationError>(())
            })
            .await?;
        Ok(())
    }

    /// Checks the PIN of an account before an approval counts. Five wrong ones in a row lock the PIN for a quarter of
    /// an hour, and the lock is an entry; the password is not touched by that.
    pub async fn verify_pin(&self, account: &str, pin: &str) -> Result<(), OrganisationError> {
        let now = self.ledger.clock().now();
        let name = pin_name(account);
        let (ledger, id, counted) = (self.ledger.clone(), account.to_owned(), name.clone());
        let (login, hash) = self
            .ledger
            .db()
            .read(move |tx| {
                let (_, until) = store::attempts(tx, &counted)?;
                if until > now {
                    return Err(OrganisationError::PinLocked { until });
                }
                let stored = store::account_by_id(tx, &id)?.filter(|stored| !stored.account.disabled);
                let sealed = stored.as_ref().and_then(|stored| stored.pin.clone());
                let (Some(stored), Some(sealed)) = (stored, sealed) else {
                    return Err(OrganisationError::PinNotSet);
                };
                let hash = ledger.sealer().open(tx, &sealed)?;
                Ok((stored.account.name, hash.ok_or(OrganisationError::PinNotSet)?))
            })
            .await?;
        let pin = pin.to_owned();
        let right = fits(move || password_fits(&hash, &pin)).await?;
        let done = self
            .ledger
            .command(lock_actor(), None, move |work| {
                if right {
                    store::save_attempts(work.tx, &name, 0, Timestamp::from_micros(0))?;
                    return Ok::<_, OrganisationError>(None);
                }
                let lock = count(work, &name, now)?;
                if let Some(until) = lock {
                    record_lock(work, login, until, "pin")?;
                }
                Ok(lock)
            })
            .await?;
        match (right, done.value) {
            (true, _) => Ok(()),
            (false, Some(until)) => Err(OrganisationError::PinLocked { until }),
            (false, None) => Err(OrganisationError::PinWrong),
        }
    }
}

fn own_account(work: &mut Work<'_, '_>, id: &str) -> Result<StoredAccount, OrganisationError> {
    store::account_by_id(work.tx, id)?.ok_or_else(|| OrganisationError::NotFound {
        what: "account",
        id: id.to_owned(),
    })
}
