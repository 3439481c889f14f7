//! Use cases of the organisation: load, decide, record.

mod accounts;
mod answers;
mod directory;
mod own;
mod places;
mod registry;
mod roster;
mod sign_in;
mod tokens;

pub use accounts::{AccountChange, NewAccount, check_account, create_account, hash_password};
pub use answers::{Answering, AnsweringUnit, WhoAnswers};
pub use directory::{ContactInput, PersonInput};
pub use own::{PasswordChange, PinChange, Secret};
pub use places::{GridInput, HouseholdInput, ImportInput, ImportReport};
pub use registry::Saved;
pub use roster::{Roster, RosterInput, ShiftInput};
pub use sign_in::{Opened, SignIn};
pub use tokens::{NewToken, TOKEN_PREFIX};

use std::sync::Arc;

use anlan_access::{Caller, Roles};
use anlan_ledger::Ledger;
use anlan_store::StoreError;
use sha2::{Digest as _, Sha256};

use crate::model::Account;
use crate::rules::EventDuties;
use crate::store;

/// The organisation's use cases.
#[derive(Clone)]
pub struct Organisation {
    /// The ledger it records in.
    pub ledger: Ledger,
    /// The table of roles.
    pub roles: Arc<Roles>,
    /// What callers are told of the node they signed in to.
    pub node: NodeShown,
    /// Who prevents and who rescues.
    pub duties: Arc<EventDuties>,
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

/// SHA-256 of a token: tokens are random, so a plain digest tells nothing about them.
fn token_digest(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// The same in hexadecimal.
fn hex_digest(text: &str) -> String {
    hex::encode(token_digest(text))
}

impl Organisation {
    /// The account behind a session's token.
    pub async fn account_of(&self, token: &str) -> Result<Option<Account>, StoreError> {
        let (digest, now) = (token_digest(token), self.ledger.clock().now());
        self.ledger
            .db()
            .read(move |tx| store::account_by_token(tx, &digest, now))
            .await
    }

    /// Whether an account must enrol a second factor before anything else: the three administrators must, save in the
    /// demo city, whose accounts are there to be tried out.
    pub fn owes_totp(&self, account: &Account) -> bool {
        let administers = self.roles.administers(&account.grants).is_some();
        administers && !account.totp_enabled && !self.node.demo
    }

    /// The account as a caller with its authority in this realm. An account that has to change its password or to enrol
    /// its second factor first has none: it can do what concerns itself, and nothing else.
    pub fn caller(&self, account: Account) -> Caller {
        let barred = account.must_change_password || self.owes_totp(&account);
        let realm = self.ledger.realm();
        let holds = |grant: &anlan_access::Grant| !barred && grant.holds_in(realm);
        Caller {
            account: account.id,
            name: account.display_name,
            person: account.person,
            unit: account.unit,
            post: account.post,
            grants: account.grants.into_iter().filter(holds).collect(),
            roles: Arc::clone(&self.roles),
        }
    }
}

/// Knows callers by their session tokens, and machines by theirs.
impl anlan_web::Authenticator for Organisation {
    fn authenticate(
        &self,
        token: String,
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<Caller, anlan_web::AuthError>> + Send + '_>> {
        Box::pin(async move {
            if token.starts_with(TOKEN_PREFIX) {
                let machine = self.machine_of(&token).await?;
                return machine.ok_or(anlan_web::AuthError::Ended);
            }
            let account = self
                .account_of(&token)
                .await?
                .ok_or(anlan_web::AuthError::Ended)?;
            Ok(self.caller(account))
        })
    }
}
