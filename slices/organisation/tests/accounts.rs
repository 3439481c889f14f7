//! Accounts: second factor, PIN, tokens for machines, and the three administrators who stay apart.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::collections::BTreeSet;
use std::sync::Arc;

use anlan_access::{Caller, Grant, Object, Roles};
use anlan_foundation::Fault as _;
use anlan_ledger::{Actor, View, Work};
use anlan_organisation::model::Account;
use anlan_organisation::service::{
    AccountChange, NewAccount, NewToken, PasswordChange, PinChange, SignIn, create_account, hash_password,
};
use anlan_organisation::{NodeShown, Organisation, OrganisationError, OrganisationView, facts, store};
use anlan_testkit::{TestNode, both_engines};
use anlan_web::Authenticator as _;

const PASSWORD: &str = "correct-horse-9";

fn views() -> Vec<Arc<dyn View>> {
    vec![Arc::new(OrganisationView)]
}

fn organisation(node: &TestNode) -> Organisation {
    Organisation {
        ledger: node.ledger.clone(),
        roles: Arc::new(Roles::parse(include_str!("../../../rules/access.toml")).unwrap()),
        node: NodeShown::default(),
        duties: Arc::default(),
    }
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(future)
}

fn new(name: &str, role: &str, person: Option<&str>) -> NewAccount {
    NewAccount {
        name: name.to_owned(),
        display_name: name.to_owned(),
        password: PASSWORD.to_owned(),
        person: person.map(str::to_owned),
        unit: None,
        post: None,
        grants: vec![Grant::new(role, "1501")],
    }
}

fn make(this: &Organisation, new: NewAccount) -> Result<String, OrganisationError> {
    let (roles, hash) = (Arc::clone(&this.roles), hash_password(&new.password).unwrap());
    this.ledger.command_blocking(Actor::default(), move |work| {
        create_account(work, &roles, &new, &hash)
    })
}

fn signing(name: &str, totp: Option<&str>) -> SignIn {
    SignIn {
        name: name.to_owned(),
        password: PASSWORD.to_owned(),
        totp: totp.map(str::to_owned),
        client: "test".to_owned(),
    }
}

fn code(this: &Organisation, base32: &str) -> String {
    let secret = totp_rs::Secret::try_from_base32(base32).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    let seconds = u64::try_from(this.ledger.clock().now().as_millis() / 1000).unwrap();
    totp.generate(seconds).to_string()
}

fn caller(this: &Organisation, name: &str) -> Caller {
    let token = wait(this.sign_in(signing(name, None))).unwrap().token;
    wait(this.authenticate(token)).unwrap()
}

/// A security administrator without the demand for a second factor: one who has enrolled it.
fn security(this: &Organisation) -> Caller {
    let id = make(this, new("anquan", "security_admin", Some("p-security"))).unwrap();
    Caller {
        account: id,
        name: "安全管理员".to_owned(),
        person: Some("p-security".to_owned()),
        unit: None,
        post: None,
        grants: vec![Grant::new("security_admin", "")],
        roles: Arc::clone(&this.roles),
    }
}

fn act<T: Send + 'static>(
    this: &Organisation,
    caller: &Caller,
    run: impl FnOnce(&Organisation, &mut Work<'_, '_>, &Caller) -> Result<T, OrganisationError> + Send + 'static,
) -> Result<T, OrganisationError> {
    let (acting, by) = (this.clone(), caller.clone());
    this.ledger
        .command_blocking(anlan_web::actor_of(caller), move |work| run(&acting, work, &by))
}

fn change(account: &Account) -> AccountChange {
    AccountChange {
        display_name: account.display_name.clone(),
        person: account.person.clone(),
        unit: account.unit.clone(),
        post: account.post.clone(),
        grants: account.grants.clone(),
        disabled: account.disabled,
        expected_version: Some(account.version),
    }
}

fn load(this: &Organisation, id: &str) -> Account {
    let id = id.to_owned();
    this.ledger
        .db()
        .read_blocking(move |tx| store::account_by_id(tx, &id))
        .unwrap()
        .unwrap()
        .account
}

#[test]
fn a_second_factor_is_asked_for_and_each_code_opens_once() {
    both_engines(views, |node| {
        let this = organisation(node);
        make(&this, new("zhiban", "duty_officer", None)).unwrap();
        let officer = caller(&this, "zhiban");
        let secret = wait(this.begin_totp(&officer)).unwrap();
        assert!(secret.url.contains(&secret.base32));
        let wrong = wait(this.confirm_totp(&officer, "000000".into())).unwrap_err();
        assert_eq!(wrong.fields()[0].field, "code");
        let recovery = wait(this.confirm_totp(&officer, code(&this, &secret.base32))).unwrap();
        assert_eq!(recovery.len(), 10);
        let sign_in = |totp: Option<&str>| wait(this.sign_in(signing("zhiban", totp))).map(drop);
        assert_eq!(sign_in(None).unwrap_err().code(), "session.totp_required");
        let used = code(&this, &secret.base32);
        assert_eq!(sign_in(Some(&used)).unwrap_err().code(), "session.totp_wrong");
        node.clock.advance_minutes(1);
        let fresh = code(&this, &secret.base32);
        assert!(sign_in(Some(&fresh)).is_ok());
        assert_eq!(sign_in(Some(&fresh)).unwrap_err().code(), "session.totp_wrong");
        let stands_in = recovery[3].to_uppercase();
        assert!(sign_in(Some(&stands_in)).is_ok());
        assert_eq!(
            sign_in(Some(&stands_in)).unwrap_err().code(),
            "session.totp_wrong"
        );
    });
}

#[test]
fn wrong_codes_lock_the_account_like_wrong_passwords() {
    let node = TestNode::new(views());
    let this = organisation(&node);
    make(&this, new("zhiban", "duty_officer", None)).unwrap();
    let officer = caller(&this, "zhiban");
    let secret = wait(this.begin_totp(&officer)).unwrap();
    wait(this.confirm_totp(&officer, code(&this, &secret.base32))).unwrap();
    let codes: Vec<&str> = (0..5)
        .map(|_| {
            wait(this.sign_in(signing("zhiban", Some("1"))))
                .unwrap_err()
                .code()
        })
        .collect();
    assert_eq!(codes.last(), Some(&"session.locked"));
}

#[test]
fn an_administrator_can_do_nothing_before_the_second_factor_and_cannot_drop_it() {
    let node = TestNode::new(views());
    let this = organisation(&node);
    let id = make(&this, new("anquan", "security_admin", Some("p1"))).unwrap();
    let bare = caller(&this, "anquan");
    assert!(!bare.may("accounts.write", Object::in_area("1501")));
    assert!(this.owes_totp(&load(&this, &id)));
    let secret = wait(this.begin_totp(&bare)).unwrap();
    wait(this.confirm_totp(&bare, code(&this, &secret.base32))).unwrap();
    node.clock.advance_minutes(1);
    let token = wait(this.sign_in(signing("anquan", Some(&code(&this, &secret.base32)))))
        .unwrap()
        .token;
    let full = wait(this.authenticate(token)).unwrap();
    assert!(full.may("accounts.write", Object::in_area("1501")));
    node.clock.advance_minutes(1);
    let refused = wait(this.end_totp(&full, code(&this, &secret.base32))).unwrap_err();
    assert_eq!(refused.code(), "account.totp_owed");
}

#[test]
fn nobody_administers_two_things_not_even_with_two_accounts() {
    both_engines(views, |node| {
        let this = organisation(node);
        make(&this, new("xitong", "system_admin", Some("p1"))).unwrap();
        let second = make(&this, new("shenji", "audit_admin", Some("p1"))).unwrap_err();
        assert_eq!(second.code(), "account.separation");
        let nameless = make(&this, new("shenji", "audit_admin", None)).unwrap_err();
        assert_eq!(nameless.fields()[0].field, "person");
        make(&this, new("shenji", "audit_admin", Some("p2"))).unwrap();
        make(&this, new("xitong2", "system_admin", Some("p1"))).unwrap();
        let admin = security(&this);
        let plain = make(&this, new("guancha", "observer", Some("p1"))).unwrap();
        // Nor by a later change of grants.
        let mut turned = change(&load(&this, &plain));
        turned.person = None;
        turned.grants = vec![Grant::new("audit_admin", "")];
        let refused = act(&this, &admin, move |this, work, by| {
            this.update_account(work, by, &plain, &turned)
        });
        assert_eq!(refused.unwrap_err().fields()[0].field, "person");
    });
}

#[test]
fn nobody_changes_the_own_account_and_a_stale_change_is_refused() {
    let node = TestNode::new(views());
    let this = organisation(&node);
    let admin = security(&this);
    let own = admin.account.clone();
    let mine = change(&load(&this, &own));
    let refused = act(&this, &admin, move |this, work, by| {
        this.update_account(work, by, &own, &mine)
    });
    assert_eq!(refused.unwrap_err().code(), "account.own");
    let id = make(&this, new("guancha", "observer", None)).unwrap();
    let first = change(&load(&this, &id));
    let (again, wanted) = (first.clone(), id.clone());
    act(&this, &admin, move |this, work, by| {
        this.update_account(work, by, &wanted, &first)
    })
    .unwrap();
    let stale = act(&this, &admin, move |this, work, by| {
        this.update_account(work, by, &id, &again)
    });
    assert_eq!(stale.unwrap_err().code(), "ledger.version_conflict");
}

#[test]
fn an_account_that_is_switched_off_loses_its_sessions_and_tokens_at_once() {
    both_engines(views, |node| {
        let this = organisation(node);
        let admin = security(&this);
        let id = make(&this, new("zhiban", "duty_officer", None)).unwrap();
        let token = wait(this.sign_in(signing("zhiban", None))).unwrap().token;
        let (account, wanted) = (id.clone(), machine(&["incident.read"], ""));
        let (_, machine) = act(&this, &admin, move |this, work, by| {
            this.issue_token(work, by, &account, &wanted)
        })
        .unwrap();
        assert!(wait(this.authenticate(machine.clone())).is_ok());
        let mut off = change(&load(&this, &id));
        off.disabled = true;
        act(&this, &admin, move |this, work, by| {
            this.update_account(work, by, &id, &off)
        })
        .unwrap();
        assert!(wait(this.authenticate(token)).is_err());
        assert!(wait(this.authenticate(machine)).is_err());
    });
}

fn machine(operations: &[&str], area: &str) -> NewToken {
    NewToken {
        name: "接警系统".to_owned(),
        operations: operations
            .iter()
            .map(|o| (*o).to_owned())
            .collect::<BTreeSet<_>>(),
        area: area.to_owned(),
        days: 30,
    }
}

#[test]
fn a_machine_can_do_what_its_token_says_where_and_as_long_as_it_says() {
    both_engines(views, |node| {
        let this = organisation(node);
        let admin = security(&this);
        let id = make(&this, new("jiekou", "duty_officer", None)).unwrap();
        let issue = |wanted: NewToken| {
            let account = id.clone();
            act(&this, &admin, move |this, work, by| {
                this.issue_token(work, by, &account, &wanted)
            })
        };
        assert_eq!(
            issue(machine(&["accounts.write"], "")).unwrap_err().fields()[0].field,
            "operations"
        );
        assert_eq!(
            issue(machine(&["incident.read"], "1502")).unwrap_err().fields()[0].field,
            "area"
        );
        let (token_id, token) = issue(machine(&["incident.read"], "150125")).unwrap();
        let reader = wait(this.authenticate(token.clone())).unwrap();
        assert!(reader.may("incident.read", Object::in_area("150125100")));
        assert!(!reader.may("incident.read", Object::in_area("150124")));
        assert!(!reader.may("incident.take", Object::in_area("150125100")));
        assert_eq!(anlan_web::actor_of(&reader).kind, "machine");
        let (account, wanted) = (id.clone(), token_id);
        act(&this, &admin, move |_, work, by| {
            Organisation::revoke_token(work, by, (&account, &wanted))
        })
        .unwrap();
        assert!(wait(this.authenticate(token)).is_err());
        let (_, short) = issue(machine(&["incident.read"], "")).unwrap();
        node.clock.advance_minutes(31 * 24 * 60);
        assert!(wait(this.authenticate(short)).is_err());
    });
}

#[test]
fn a_password_that_somebody_else_chose_is_changed_before_anything_else() {
    let node = TestNode::new(views());
    let this = organisation(&node);
    let admin = security(&this);
    let id = make(&this, new("zhiban", "duty_officer", None)).unwrap();
    let hash = hash_password(PASSWORD).unwrap();
    act(&this, &admin, move |_, work, by| {
        Organisation::reset_password(work, by, &id, &hash)
    })
    .unwrap();
    let token = wait(this.sign_in(signing("zhiban", None))).unwrap().token;
    let barred = wait(this.authenticate(token.clone())).unwrap();
    assert!(barred.grants.is_empty());
    let attempt = |current: &str, fresh: &str| {
        wait(this.change_password(
            &barred,
            PasswordChange {
                current: current.to_owned(),
                fresh: fresh.to_owned(),
                token: token.clone(),
            },
        ))
    };
    assert_eq!(
        attempt("wrong-horse-9", "another-horse-7").unwrap_err().fields()[0].field,
        "current"
    );
    assert_eq!(attempt(PASSWORD, PASSWORD).unwrap_err().fields()[0].field, "new");
    attempt(PASSWORD, "another-horse-7").unwrap();
    assert!(!wait(this.authenticate(token)).unwrap().grants.is_empty());
}

#[test]
fn a_pin_is_checked_locked_after_five_and_unlocked_by_the_administrator() {
    both_engines(views, |node| {
        let this = organisation(node);
        let admin = security(&this);
        let id = make(&this, new("daiban", "leader_on_duty", None)).unwrap();
        let leader = caller(&this, "daiban");
        let check = |pin: &str| wait(this.verify_pin(&id, pin)).map_err(|error| error.code());
        assert_eq!(check("280391"), Err("account.pin_not_set"));
        let set = |pin: &str| {
            wait(this.change_pin(
                &leader,
                PinChange {
                    password: PASSWORD.to_owned(),
                    pin: Some(pin.to_owned()),
                },
            ))
        };
        for weak in ["111111", "123456", "654321", "12345", "12345a", "1234567"] {
            assert_eq!(set(weak).unwrap_err().code(), "request.invalid", "{weak}");
        }
        set("280391").unwrap();
        assert_eq!(check("280391"), Ok(()));
        for _ in 0..4 {
            assert_eq!(check("000001"), Err("account.pin_wrong"));
        }
        assert_eq!(check("000001"), Err("account.pin_locked"));
        assert_eq!(check("280391"), Err("account.pin_locked"));
        let account = id.clone();
        act(&this, &admin, move |_, work, by| {
            Organisation::unlock(work, by, &account, "本人到场核实")
        })
        .unwrap();
        assert_eq!(check("280391"), Ok(()));
        assert!(wait(this.sign_in(signing("daiban", None))).is_ok());
    });
}

#[test]
fn sessions_are_listed_and_one_of_them_can_be_ended() {
    let node = TestNode::new(views());
    let this = organisation(&node);
    let id = make(&this, new("zhiban", "duty_officer", None)).unwrap();
    let first = wait(this.sign_in(signing("zhiban", None))).unwrap().token;
    let second = wait(this.sign_in(signing("zhiban", None))).unwrap().token;
    let open = wait(this.sessions(&id, &second)).unwrap();
    assert_eq!((open.len(), open.iter().filter(|s| s.current).count()), (2, 1));
    let other = open.iter().find(|s| !s.current).unwrap().id.clone();
    wait(this.end_session(&id, other)).unwrap();
    assert!(wait(this.authenticate(first)).is_err());
    assert!(wait(this.authenticate(second)).is_ok());
}

#[test]
fn a_county_administrator_of_security_does_not_reach_the_city() {
    let node = TestNode::new(views());
    let this = organisation(&node);
    let mut admin = security(&this);
    admin.grants = vec![Grant::new("security_admin", "150125")];
    let city = make(&this, new("zhiban", "duty_officer", None)).unwrap();
    let refused = act(&this, &admin, move |_, work, by| {
        Organisation::unlock(work, by, &city, "越权试一试")
    });
    assert_eq!(refused.unwrap_err().code(), "organisation.not_found");
    assert!(wait(this.accounts(admin, String::new())).unwrap().is_empty());
}

#[test]
fn secrets_of_accounts_stand_in_no_entry_in_the_clear() {
    let node = TestNode::new(views());
    let this = organisation(&node);
    let id = make(&this, new("zhiban", "duty_officer", None)).unwrap();
    let officer = caller(&this, "zhiban");
    let secret = wait(this.begin_totp(&officer)).unwrap();
    wait(this.confirm_totp(&officer, code(&this, &secret.base32))).unwrap();
    let entries = this
        .ledger
        .db()
        .read_blocking(move |tx| anlan_ledger::stream_entries(tx, &format!("account/{id}"), u64::MAX))
        .unwrap();
    assert!(entries.iter().any(|entry| entry.entry.kind == facts::TOTP_SET));
    for entry in entries {
        assert!(!entry.entry.body.contains("argon2"));
        assert!(!entry.entry.body.contains(&secret.base32));
    }
}
