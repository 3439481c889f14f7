//! Accounts, sessions and machine tokens in tables.

use anlan_foundation::Timestamp;
use anlan_ledger::{Recorded, Sealed};
use anlan_store::{Row, StoreError, Tx, params, sql};

use super::{from_json, json, read};
use crate::facts;
use crate::model::{Account, MachineToken, SessionRow};

/// An account with what is kept sealed.
#[derive(Debug, Clone)]
pub struct StoredAccount {
    /// What may be shown.
    pub account: Account,
    /// Argon2 hash of the password.
    pub password: Sealed,
    /// Secret of the second factor.
    pub totp: Option<Sealed>,
    /// Digests of the recovery codes that were not used yet.
    pub recovery: Vec<String>,
    /// Argon2 hash of the PIN.
    pub pin: Option<Sealed>,
}

/// Folds an entry about accounts into the tables; others are left alone.
pub(super) fn apply(tx: &mut Tx<'_>, recorded: &Recorded) -> Result<(), StoreError> {
    match recorded.entry.kind.as_str() {
        facts::ACCOUNT_SET => save_account(tx, &read(recorded)?),
        facts::PASSWORD_SET => save_password(tx, &read(recorded)?),
        facts::TOTP_SET => save_totp(tx, &read(recorded)?),
        facts::RECOVERY_USED => forget_recovery(tx, &read(recorded)?),
        facts::PIN_SET => save_pin(tx, &read(recorded)?),
        facts::TOKEN_ISSUED => save_token(tx, &read(recorded)?, recorded.at()),
        facts::TOKEN_REVOKED => revoke_token(tx, &read(recorded)?, recorded.at()),
        _ => Ok(()),
    }
}

fn save_account(tx: &mut Tx<'_>, account: &facts::AccountSet) -> Result<(), StoreError> {
    tx.execute(
        sql!(
            "INSERT INTO org_accounts
               (id, name, display_name, person, unit, post, grants, password, disabled, must_change, version)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1)
             ON CONFLICT (id) DO UPDATE
             SET display_name = excluded.display_name, person = excluded.person, unit = excluded.unit,
                 post = excluded.post, grants = excluded.grants, password = excluded.password,
                 disabled = excluded.disabled, must_change = excluded.must_change,
                 version = org_accounts.version + 1"
        ),
        params![
            account.id,
            account.name,
            account.display_name,
            account.person,
            account.unit,
            account.post,
            json(&account.grants)?,
            json(&account.password)?,
            account.disabled,
            account.must_change
        ],
    )?;
    Ok(())
}

fn save_password(tx: &mut Tx<'_>, set: &facts::PasswordSet) -> Result<(), StoreError> {
    tx.execute(
        sql!("UPDATE org_accounts SET password = $2, must_change = $3, version = version + 1 WHERE id = $1"),
        params![set.id, json(&set.password)?, set.must_change],
    )?;
    Ok(())
}

fn save_totp(tx: &mut Tx<'_>, set: &facts::TotpSet) -> Result<(), StoreError> {
    let secret = set.secret.as_ref().map(json).transpose()?;
    tx.execute(
        sql!("UPDATE org_accounts SET totp = $2, recovery = $3, version = version + 1 WHERE id = $1"),
        params![set.id, secret, json(&set.recovery)?],
    )?;
    Ok(())
}

fn forget_recovery(tx: &mut Tx<'_>, used: &facts::RecoveryUsed) -> Result<(), StoreError> {
    let kept = tx.first(
        sql!("SELECT recovery FROM org_accounts WHERE id = $1"),
        params![used.id],
        |row| row.get::<Option<String>>(0),
    )?;
    let mut codes: Vec<String> = match kept.flatten() {
        Some(text) => from_json(&text)?,
        None => Vec::new(),
    };
    codes.retain(|code| *code != used.digest);
    tx.execute(
        sql!("UPDATE org_accounts SET recovery = $2 WHERE id = $1"),
        params![used.id, json(&codes)?],
    )?;
    Ok(())
}

fn save_pin(tx: &mut Tx<'_>, set: &facts::PinSet) -> Result<(), StoreError> {
    let pin = set.pin.as_ref().map(json).transpose()?;
    tx.execute(
        sql!("UPDATE org_accounts SET pin = $2 WHERE id = $1"),
        params![set.id, pin],
    )?;
    Ok(())
}

fn save_token(tx: &mut Tx<'_>, issued: &facts::TokenIssued, at: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        sql!(
            "INSERT INTO org_tokens (id, account, name, digest, operations, area, issued_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        ),
        params![
            issued.id,
            issued.account,
            issued.name,
            issued.digest,
            json(&issued.operations)?,
            issued.area,
            at,
            issued.expires_at
        ],
    )?;
    Ok(())
}

fn revoke_token(tx: &mut Tx<'_>, revoked: &facts::TokenRevoked, at: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        sql!("UPDATE org_tokens SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL"),
        params![revoked.id, at],
    )?;
    Ok(())
}

fn stored(row: &Row<'_>) -> Result<StoredAccount, StoreError> {
    let (grants, password): (String, String) = (row.get(6)?, row.get(7)?);
    let sealed = |index| -> Result<Option<Sealed>, StoreError> {
        row.get::<Option<String>>(index)?
            .as_deref()
            .map(from_json)
            .transpose()
    };
    let (totp, pin) = (sealed(10)?, sealed(12)?);
    let recovery: Option<String> = row.get(11)?;
    let account = Account {
        id: row.get(0)?,
        name: row.get(1)?,
        display_name: row.get(2)?,
        person: row.get(3)?,
        unit: row.get(4)?,
        post: row.get(5)?,
        grants: from_json(&grants)?,
        disabled: row.get(8)?,
        must_change_password: row.get(9)?,
        totp_enabled: totp.is_some(),
        pin_set: pin.is_some(),
        locked_until: row.get::<Option<Timestamp>>(14)?,
        version: row.get(13)?,
    };
    Ok(StoredAccount {
        account,
        password: from_json(&password)?,
        totp,
        recovery: recovery
            .as_deref()
            .map(from_json)
            .transpose()?
            .unwrap_or_default(),
        pin,
    })
}

/// Accounts by name: those whose log-in name or name on the screen contains `q`.
pub fn accounts(tx: &mut Tx<'_>, q: &str) -> Result<Vec<Account>, StoreError> {
    let found = tx.query(
        sql!(
            "SELECT a.id, a.name, a.display_name, a.person, a.unit, a.post, a.grants, a.password, a.disabled,
                    a.must_change, a.totp, a.recovery, a.pin, a.version, t.locked_until
             FROM org_accounts a
             LEFT JOIN org_attempts t ON t.account_name = a.name
             WHERE a.name LIKE $1 OR a.display_name LIKE $1
             ORDER BY a.name
             LIMIT 5000"
        ),
        params![format!("%{q}%")],
        stored,
    )?;
    Ok(found.into_iter().map(|found| found.account).collect())
}

/// An account with its secrets, by log-in name.
pub fn account_by_name(tx: &mut Tx<'_>, name: &str) -> Result<Option<StoredAccount>, StoreError> {
    tx.first(
        sql!(
            "SELECT a.id, a.name, a.display_name, a.person, a.unit, a.post, a.grants, a.password, a.disabled,
                    a.must_change, a.totp, a.recovery, a.pin, a.version, t.locked_until
             FROM org_accounts a
             LEFT JOIN org_attempts t ON t.account_name = a.name
             WHERE a.name = $1"
        ),
        params![name],
        stored,
    )
}

/// An account with its secrets, by id.
pub fn account_by_id(tx: &mut Tx<'_>, id: &str) -> Result<Option<StoredAccount>, StoreError> {
    tx.first(
        sql!(
            "SELECT a.id, a.name, a.display_name, a.person, a.unit, a.post, a.grants, a.password, a.disabled,
                    a.must_change, a.totp, a.recovery, a.pin, a.version, t.locked_until
             FROM org_accounts a
             LEFT JOIN org_attempts t ON t.account_name = a.name
             WHERE a.id = $1"
        ),
        params![id],
        stored,
    )
}

/// All accounts of one person.
pub fn accounts_of_person(tx: &mut Tx<'_>, person: &str) -> Result<Vec<Account>, StoreError> {
    let found = tx.query(
        sql!(
            "SELECT a.id, a.name, a.display_name, a.person, a.unit, a.post, a.grants, a.password, a.disabled,
                    a.must_change, a.totp, a.recovery, a.pin, a.version, t.locked_until
             FROM org_accounts a
             LEFT JOIN org_attempts t ON t.account_name = a.name
             WHERE a.person = $1
             ORDER BY a.id
             LIMIT 100"
        ),
        params![person],
        stored,
    )?;
    Ok(found.into_iter().map(|found| found.account).collect())
}

/// The account behind a session token's digest, if the session still runs.
pub fn account_by_token(
    tx: &mut Tx<'_>,
    token: &[u8],
    now: Timestamp,
) -> Result<Option<Account>, StoreError> {
    let found = tx.first(
        sql!(
            "SELECT a.id, a.name, a.display_name, a.person, a.unit, a.post, a.grants, a.password, a.disabled,
                    a.must_change, a.totp, a.recovery, a.pin, a.version, t.locked_until
             FROM org_sessions s
             JOIN org_accounts a ON a.id = s.account
             LEFT JOIN org_attempts t ON t.account_name = a.name
             WHERE s.token = $1 AND s.expires_at > $2 AND a.disabled = FALSE"
        ),
        params![*token, now],
        stored,
    )?;
    Ok(found.map(|found| found.account))
}

/// A session as it is opened.
#[derive(Debug)]
pub struct NewSession {
    /// SHA-256 of the token.
    pub digest: Vec<u8>,
    /// Id for lists.
    pub id: String,
    /// Whose it is.
    pub account: String,
    /// What the client calls itself.
    pub client: String,
    /// From when to when.
    pub times: (Timestamp, Timestamp),
}

/// Opens a session. Sessions are not legal facts, so this is no entry.
pub fn insert_session(tx: &mut Tx<'_>, new: &NewSession) -> Result<(), StoreError> {
    tx.execute(
        sql!(
            "INSERT INTO org_sessions (token, id, account, client, created_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6)"
        ),
        params![
            new.digest,
            new.id,
            new.account,
            new.client,
            new.times.0,
            new.times.1
        ],
    )?;
    Ok(())
}

/// The sessions of an account that still run; `current` is the digest of the caller's own token.
pub fn sessions(
    tx: &mut Tx<'_>,
    account: &str,
    now: Timestamp,
    current: &[u8],
) -> Result<Vec<SessionRow>, StoreError> {
    tx.query(
        sql!(
            "SELECT id, client, created_at, expires_at, token
             FROM org_sessions
             WHERE account = $1 AND expires_at > $2
             ORDER BY created_at DESC
             LIMIT 200"
        ),
        params![account, now],
        |row| {
            Ok(SessionRow {
                id: row.get(0)?,
                client: row.get(1)?,
                created_at: row.get(2)?,
                expires_at: row.get(3)?,
                current: row.get::<Vec<u8>>(4)? == current,
            })
        },
    )
}

/// Ends a session by its token.
pub fn delete_session(tx: &mut Tx<'_>, token: &[u8]) -> Result<u64, StoreError> {
    tx.execute(sql!("DELETE FROM org_sessions WHERE token = $1"), params![*token])
}

/// Ends one session of an account.
pub fn delete_session_by_id(tx: &mut Tx<'_>, account: &str, id: &str) -> Result<u64, StoreError> {
    tx.execute(
        sql!("DELETE FROM org_sessions WHERE account = $1 AND id = $2"),
        params![account, id],
    )
}

/// Ends all sessions of an account but the one whose token's digest is `but`.
pub fn delete_sessions_of(tx: &mut Tx<'_>, account: &str, but: &[u8]) -> Result<u64, StoreError> {
    tx.execute(
        sql!("DELETE FROM org_sessions WHERE account = $1 AND token <> $2"),
        params![account, *but],
    )
}

/// Forgets sessions that ended before `now`.
pub fn delete_sessions_before(tx: &mut Tx<'_>, now: Timestamp) -> Result<u64, StoreError> {
    tx.execute(
        sql!("DELETE FROM org_sessions WHERE expires_at <= $1"),
        params![now],
    )
}

/// Wrong passwords (or PINs, under the name `pin:` and the account's id) in a row, and until when the name is locked.
pub fn attempts(tx: &mut Tx<'_>, name: &str) -> Result<(i64, Timestamp), StoreError> {
    let found = tx.first(
        sql!("SELECT failed, locked_until FROM org_attempts WHERE account_name = $1"),
        params![name],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok(found.unwrap_or((0, Timestamp::from_micros(0))))
}

/// Keeps the count of wrong passwords.
pub fn save_attempts(
    tx: &mut Tx<'_>,
    name: &str,
    failed: i64,
    locked_until: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        sql!(
            "INSERT INTO org_attempts (account_name, failed, locked_until)
             VALUES ($1, $2, $3)
             ON CONFLICT (account_name) DO UPDATE SET failed = excluded.failed, locked_until = excluded.locked_until"
        ),
        params![name, failed, locked_until],
    )?;
    Ok(())
}

fn token(row: &Row<'_>) -> Result<MachineToken, StoreError> {
    let operations: String = row.get(3)?;
    Ok(MachineToken {
        id: row.get(0)?,
        account: row.get(1)?,
        name: row.get(2)?,
        operations: from_json(&operations)?,
        area: row.get(4)?,
        issued_at: row.get(5)?,
        expires_at: row.get(6)?,
        revoked_at: row.get(7)?,
    })
}

/// The machine tokens of an account, the newest first.
pub fn tokens(tx: &mut Tx<'_>, account: &str) -> Result<Vec<MachineToken>, StoreError> {
    tx.query(
        sql!(
            "SELECT id, account, name, operations, area, issued_at, expires_at, revoked_at
             FROM org_tokens
             WHERE account = $1
             ORDER BY issued_at DESC, id
             LIMIT 200"
        ),
        params![account],
        token,
    )
}

/// A machine token that is neither expired nor revoked, by its digest.
pub fn token_by_digest(
    tx: &mut Tx<'_>,
    digest: &str,
    now: Timestamp,
) -> Result<Option<MachineToken>, StoreError> {
    tx.first(
        sql!(
            "SELECT id, account, name, operations, area, issued_at, expires_at, revoked_at
             FROM org_tokens
             WHERE digest = $1 AND expires_at > $2 AND revoked_at IS NULL"
        ),
        params![digest, now],
        token,
    )
}

/// Keeps a second factor's secret until its first code is given.
pub fn save_pending_totp(
    tx: &mut Tx<'_>,
    account: &str,
    secret: &Sealed,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        sql!(
            "INSERT INTO org_totp_pending (account, secret, made_at)
             VALUES ($1, $2, $3)
             ON CONFLICT (account) DO UPDATE SET secret = excluded.secret, made_at = excluded.made_at"
        ),
        params![account, json(secret)?, now],
    )?;
    Ok(())
}

/// The secret that waits for its first code, and since when.
pub fn pending_totp(tx: &mut Tx<'_>, account: &str) -> Result<Option<(Sealed, Timestamp)>, StoreError> {
    tx.first(
        sql!("SELECT secret, made_at FROM org_totp_pending WHERE account = $1"),
        params![account],
        |row| {
            let secret: String = row.get(0)?;
            Ok((from_json(&secret)?, row.get(1)?))
        },
    )
}

/// Forgets the secret that waited.
pub fn delete_pending_totp(tx: &mut Tx<'_>, account: &str) -> Result<u64, StoreError> {
    tx.execute(
        sql!("DELETE FROM org_totp_pending WHERE account = $1"),
        params![account],
    )
}

/// Marks a code's step as used; false when it, or a later one, was used before.
pub fn use_totp_step(tx: &mut Tx<'_>, account: &str, step: u64) -> Result<bool, StoreError> {
    let changed = tx.execute(
        sql!(
            "INSERT INTO org_totp_steps (account, step)
             VALUES ($1, $2)
             ON CONFLICT (account) DO UPDATE SET step = excluded.step WHERE org_totp_steps.step < excluded.step"
        ),
        params![account, step],
    )?;
    Ok(changed > 0)
}
