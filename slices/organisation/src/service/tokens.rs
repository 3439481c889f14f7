//! Tokens for machines: limited to some operations and an area, for a time, shown once.

use std::collections::BTreeSet;
use std::sync::Arc;

use anlan_access::Caller;
use anlan_foundation::Checks;
use anlan_ledger::Work;

use super::{Organisation, hex_digest};
use crate::error::OrganisationError;
use crate::model::{Account, MachineToken};
use crate::{facts, store};

/// What every machine's token begins with, so that one left lying about is recognised.
pub const TOKEN_PREFIX: &str = "anl_";

/// A machine's token that is asked for.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// What it is for.
    pub name: String,
    /// The only operations it may do; all are the account's.
    pub operations: BTreeSet<String>,
    /// The only area it may act in; empty for all of the account's.
    pub area: String,
    /// For how many days, 1 to 366.
    pub days: i64,
}

impl Organisation {
    /// Issues a token for an account; gives its id and the token, which is kept nowhere.
    pub fn issue_token(
        &self,
        work: &mut Work<'_, '_>,
        caller: &Caller,
        id: &str,
        new: &NewToken,
    ) -> Result<(String, String), OrganisationError> {
        let account = Self::administered(work, caller, id)?.account;
        self.check_token(&account, new)?;
        let mut secret = [0; 32];
        work.ids().fill(&mut secret);
        let token = format!("{TOKEN_PREFIX}{}", hex::encode(secret));
        let fact = facts::TokenIssued {
            id: work.ids().next().to_string(),
            account: id.to_owned(),
            name: new.name.trim().to_owned(),
            digest: hex_digest(&token),
            operations: new.operations.clone(),
            area: new.area.clone(),
            expires_at: work.now.plus_minutes(new.days * 24 * 60),
        };
        let stream = format!("account/{id}");
        work.record(&stream, facts::TOKEN_ISSUED, account.area(), &fact)?;
        Ok((fact.id, token))
    }

    fn check_token(&self, account: &Account, new: &NewToken) -> Result<(), OrganisationError> {
        let mut checks = Checks::new();
        checks.text("name", &new.name, 2, 60);
        checks.require((1..=366).contains(&new.days), "days", "1 to 366");
        checks.require(!new.operations.is_empty(), "operations", "at least one operation");
        let held = self.caller(account.clone()).operations();
        for operation in &new.operations {
            if !held.contains(operation) {
                checks.fault(
                    "operations",
                    "not_a_choice",
                    format!("operations of the account, not {operation}"),
                );
            }
        }
        let inside = account
            .grants
            .iter()
            .any(|grant| grant.within(&new.area).is_some());
        let digits = new.area.bytes().all(|byte| byte.is_ascii_digit());
        checks.require(
            inside && digits,
            "area",
            "an area in which the account acts, or nothing",
        );
        Ok(checks.finish()?)
    }

    /// Withdraws a token; it is refused from the next request on.
    pub fn revoke_token(
        work: &mut Work<'_, '_>,
        caller: &Caller,
        (id, token): (&str, &str),
    ) -> Result<(), OrganisationError> {
        let account = Self::administered(work, caller, id)?.account;
        let found = store::tokens(work.tx, id)?
            .into_iter()
            .find(|known| known.id == token)
            .ok_or_else(|| OrganisationError::NotFound {
                what: "token",
                id: token.to_owned(),
            })?;
        if found.revoked_at.is_some() {
            return Ok(());
        }
        let fact = facts::TokenRevoked {
            id: found.id,
            account: id.to_owned(),
            name: found.name,
        };
        let stream = format!("account/{id}");
        work.record(&stream, facts::TOKEN_REVOKED, account.area(), &fact)?;
        Ok(())
    }

    /// The machine behind a token: its account's authority, narrowed to the token's operations and area.
    pub(super) async fn machine_of(&self, token: &str) -> Result<Option<Caller>, anlan_store::StoreError> {
        let (digest, now) = (hex_digest(token), self.ledger.clock().now());
        let found: Option<(MachineToken, Account)> = self
            .ledger
            .db()
            .read(move |tx| {
                let Some(token) = store::token_by_digest(tx, &digest, now)? else {
                    return Ok::<_, anlan_store::StoreError>(None);
                };
                let stored = store::account_by_id(tx, &token.account)?;
                Ok(stored.map(|stored| (token, stored.account)))
            })
            .await?;
        let Some((token, account)) = found.filter(|(_, account)| !account.disabled) else {
            return Ok(None);
        };
        let mut caller = self.caller(account);
        caller.person = None;
        caller.name = format!("{}({})", caller.name, token.name);
        caller.roles = Arc::new(self.roles.only(&token.operations));
        caller.grants = caller
            .grants
            .iter()
            .filter_map(|grant| grant.within(&token.area))
            .collect();
        Ok(Some(caller))
    }
}
