//! `anlan user`: accounts from the machine itself, for the first ones and for the day nobody can sign in.

use std::path::PathBuf;
use std::sync::Arc;

use anlan_access::{Caller, Grant};
use anlan_foundation::InvalidInput;
use anlan_ledger::{Actor, Ledger, Work};
use anlan_organisation::model::Account;
use anlan_organisation::service::{self, AccountChange, NewAccount};
use anlan_organisation::{Organisation, OrganisationError, store};
use anyhow::Context as _;
use clap::{Args, Subcommand};

use crate::config::{Config, Home};
use crate::law::Law;
use crate::{app, console, node};

/// What can be done with accounts; running node or not. Each change is an entry in the ledger.
#[derive(Debug, Subcommand)]
pub(crate) enum UserTask {
    /// All accounts.
    List {
        #[command(flatten)]
        home: Home,
    },
    /// Makes an account; its holder changes the password at the first log-in.
    Add(Box<NewUser>),
    /// Sets a new password, to be changed at the next log-in; all sessions end.
    Password {
        #[command(flatten)]
        user: User,
        /// File that holds the password on its first line; without it the password is asked for twice.
        #[arg(long)]
        password_file: Option<PathBuf>,
    },
    /// Lifts the lock after too many wrong passwords.
    Unlock {
        #[command(flatten)]
        user: User,
    },
    /// Switches an account off; its sessions end at once.
    Disable {
        #[command(flatten)]
        user: User,
    },
}

/// Whose account.
#[derive(Debug, Args)]
pub(crate) struct User {
    /// Log-in name.
    name: String,
    #[command(flatten)]
    home: Home,
}

/// A new account.
#[derive(Debug, Args)]
pub(crate) struct NewUser {
    #[command(flatten)]
    user: User,
    /// Name on the screen.
    #[arg(long)]
    display_name: Option<String>,
    /// Role, as in `rules/access.toml`: `duty_officer`, `security_admin`, …
    #[arg(long)]
    role: String,
    /// Division code of the area; nothing for everywhere.
    #[arg(long, default_value = "")]
    area: String,
    /// Id of the unit that the person acts for.
    #[arg(long)]
    unit: Option<String>,
    /// Id of the person behind the account; administrators need one each.
    #[arg(long)]
    person: Option<String>,
    /// File that holds the password on its first line; without it the password is asked for twice.
    #[arg(long)]
    password_file: Option<PathBuf>,
}

/// Runs a task on accounts.
pub(crate) fn run(task: &UserTask) -> anyhow::Result<()> {
    match task {
        UserTask::List { home } => list(&home.load()?),
        UserTask::Add(new) => add(new),
        UserTask::Password { user, password_file } => {
            let desk = Desk::open(&user.home.load()?)?;
            let password = new_password(password_file.as_ref())?;
            check_password(&user.name, &password)?;
            let hash = service::hash_password(&password)?;
            desk.change(
                &user.name,
                "口令已重设 (password set)",
                move |_, work, caller, account| {
                    Organisation::reset_password(work, caller, &account.id, &hash).map(drop)
                },
            )
        }
        UserTask::Unlock { user } => Desk::open(&user.home.load()?)?.change(
            &user.name,
            "已解锁 (unlocked)",
            |_, work, caller, account| Organisation::unlock(work, caller, &account.id, "命令行").map(drop),
        ),
        UserTask::Disable { user } => {
            Desk::open(&user.home.load()?)?.change(&user.name, "已停用 (disabled)", disable)
        }
    }
}

fn new_password(file: Option<&PathBuf>) -> anyhow::Result<String> {
    match file {
        Some(file) => console::secret_in(file),
        None => console::ask_new_secret("口令 (password)"),
    }
}

fn check_password(name: &str, password: &str) -> Result<(), InvalidInput> {
    let mut checks = anlan_foundation::Checks::new();
    anlan_organisation::rules::check_password(&mut checks, "password", name, password);
    checks.finish()
}

fn list(config: &Config) -> anyhow::Result<()> {
    let desk = Desk::open(config)?;
    let found = desk.ledger.db().read_blocking(|tx| store::accounts(tx, ""));
    let found: Result<Vec<Account>, anlan_store::StoreError> = found;
    for account in found? {
        let grants: Vec<_> = account
            .grants
            .iter()
            .map(|grant| format!("{}@{}", grant.role, grant.area))
            .collect();
        let now = desk.ledger.clock().now();
        let state = if account.disabled {
            "停用 disabled"
        } else if account.locked_until.is_some_and(|until| until > now) {
            "锁定 locked"
        } else {
            "正常 active"
        };
        println!(
            "{}\t{}\t{}\t{state}",
            account.name,
            account.display_name,
            grants.join(",")
        );
    }
    Ok(())
}

fn add(new: &NewUser) -> anyhow::Result<()> {
    let desk = Desk::open(&new.user.home.load()?)?;
    let password = new_password(new.password_file.as_ref())?;
    let name = new.user.name.clone();
    let account = NewAccount {
        display_name: new.display_name.clone().unwrap_or_else(|| name.clone()),
        name,
        password,
        person: new.person.clone(),
        unit: new.unit.clone(),
        post: None,
        grants: vec![Grant::new(&new.role, &new.area)],
    };
    service::check_account(&account)?;
    let hash = service::hash_password(&account.password)?;
    let organisation = desk.organisation.clone();
    desk.ledger.command_blocking(console_actor(), move |work| {
        organisation.create(work, &account, &hash)
    })?;
    println!("账号已建立 (account made): {}", new.user.name);
    Ok(())
}

fn disable(
    organisation: &Organisation,
    work: &mut Work<'_, '_>,
    caller: &Caller,
    account: &Account,
) -> Result<(), OrganisationError> {
    let change = AccountChange {
        display_name: account.display_name.clone(),
        person: account.person.clone(),
        unit: account.unit.clone(),
        post: account.post.clone(),
        grants: account.grants.clone(),
        disabled: true,
        expected_version: None,
    };
    organisation
        .update_account(work, caller, &account.id, &change)
        .map(drop)
}

/// Whoever has the data directory in hand acts as the security administrator.
struct Desk {
    ledger: Ledger,
    organisation: Organisation,
}

fn console_actor() -> Actor {
    Actor {
        kind: "node".to_owned(),
        rule: Some("console".to_owned()),
        name: Some("节点命令行".to_owned()),
        ..Actor::default()
    }
}

impl Desk {
    fn open(config: &Config) -> anyhow::Result<Self> {
        let identity = node::load(&config.data)?;
        let ledger = node::open(config)?;
        let law = Law::load(config.settings.rules_dir.as_deref())?;
        let (organisation, _) = app::slices(&ledger, &identity, &law, &config.data)?;
        Ok(Self { ledger, organisation })
    }

    fn caller(&self) -> Caller {
        Caller {
            account: "console".to_owned(),
            name: "节点命令行".to_owned(),
            person: None,
            unit: None,
            post: None,
            grants: vec![Grant::new("security_admin", "")],
            roles: Arc::clone(&self.organisation.roles),
        }
    }

    fn change<F>(&self, name: &str, done: &str, change: F) -> anyhow::Result<()>
    where
        F: FnOnce(&Organisation, &mut Work<'_, '_>, &Caller, &Account) -> Result<(), OrganisationError>
            + Send
            + 'static,
    {
        let (wanted, caller, organisation) = (name.to_owned(), self.caller(), self.organisation.clone());
        self.ledger
            .command_blocking(console_actor(), move |work| {
                let missing = || OrganisationError::NotFound {
                    what: "account",
                    id: wanted.clone(),
                };
                let stored = store::account_by_name(work.tx, &wanted)?.ok_or_else(missing)?;
                change(&organisation, work, &caller, &stored.account)
            })
            .with_context(|| name.to_owned())?;
        println!("{done}: {name}");
        Ok(())
    }
}
