//! Accounts, sessions and sealed numbers.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::sync::Arc;

use anlan_access::{Grant, Roles};
use anlan_foundation::Fault as _;
use anlan_ledger::{Actor, Suite, View};
use anlan_organisation::facts::{self, AccountSet, PeopleSet, PersonFact, UnitsSet};
use anlan_organisation::model::{Relation, Unit};
use anlan_organisation::service::{NewAccount, SignIn, create_account, hash_password};
use anlan_organisation::{NodeShown, Organisation, OrganisationError, OrganisationView, jobs, store};
use anlan_testkit::{TestNode, both_engines};
use anlan_web::Authenticator as _;

fn organisation(node: &TestNode) -> Organisation {
    let roles = Roles::parse(include_str!("../../../rules/access.toml")).unwrap();
    Organisation {
        ledger: node.ledger.clone(),
        roles: Arc::new(roles),
        node: NodeShown::default(),
        duties: Arc::default(),
    }
}

fn views() -> Vec<Arc<dyn View>> {
    vec![Arc::new(OrganisationView)]
}

fn node(name: &str) -> TestNode {
    TestNode::on_sqlite(name, Suite::Gm, views())
}

fn account(name: &str, role: &str) -> NewAccount {
    NewAccount {
        name: name.to_owned(),
        display_name: "某人".to_owned(),
        password: "correct-horse-9".to_owned(),
        person: None,
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

fn signing(name: &str, password: &str) -> SignIn {
    SignIn {
        name: name.to_owned(),
        password: password.to_owned(),
        ..SignIn::default()
    }
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(future)
}

#[test]
fn a_session_opens_with_the_right_password_and_ends_when_told() {
    let node = node("session");
    let this = organisation(&node);
    make(&this, account("zhiban", "duty_officer")).unwrap();
    let opened = wait(this.sign_in(signing("zhiban", "correct-horse-9"))).unwrap();
    assert_eq!(
        wait(this.account_of(&opened.token)).unwrap().unwrap().name,
        "zhiban"
    );
    wait(this.sign_out(&opened.token)).unwrap();
    assert!(wait(this.account_of(&opened.token)).unwrap().is_none());
}

#[test]
fn five_wrong_passwords_lock_the_account_for_a_quarter_of_an_hour() {
    let node = node("lock");
    let this = organisation(&node);
    make(&this, account("zhiban", "duty_officer")).unwrap();
    let codes: Vec<&str> = (0..5)
        .map(|_| wait(this.sign_in(signing("zhiban", "wrong"))).unwrap_err().code())
        .collect();
    assert_eq!(codes.last(), Some(&"session.locked"));
    let right = wait(this.sign_in(signing("zhiban", "correct-horse-9"))).unwrap_err();
    assert_eq!(right.code(), "session.locked");
    node.clock.advance_minutes(16);
    assert!(wait(this.sign_in(signing("zhiban", "correct-horse-9"))).is_ok());
}

#[test]
fn a_session_ends_by_itself_after_a_duty() {
    let node = node("expiry");
    let this = organisation(&node);
    make(&this, account("zhiban", "duty_officer")).unwrap();
    let opened = wait(this.sign_in(signing("zhiban", "correct-horse-9"))).unwrap();
    node.clock.advance_minutes(26 * 60);
    assert!(wait(this.account_of(&opened.token)).unwrap().is_none());
}

#[test]
fn a_name_is_given_once_and_administrations_do_not_mix() {
    let node = node("names");
    let this = organisation(&node);
    make(&this, account("zhiban", "duty_officer")).unwrap();
    assert_eq!(
        make(&this, account("zhiban", "observer")).unwrap_err().code(),
        "account.name_taken"
    );
    let mut both = account("both", "system_admin");
    both.grants.push(Grant::new("audit_admin", ""));
    assert_eq!(make(&this, both).unwrap_err().code(), "request.invalid");
}

#[test]
fn what_was_sealed_cannot_be_read_once_its_key_is_destroyed() {
    let node = node("erase");
    let ledger = node.ledger.clone();
    let sealed = ledger
        .command_blocking(Actor::default(), |work| work.seal("person/1", "13800001234"))
        .unwrap();
    let (opener, again) = (ledger.clone(), sealed.clone());
    let read = ledger
        .db()
        .read_blocking(move |tx| opener.sealer().open(tx, &sealed))
        .unwrap();
    assert_eq!(read.as_deref(), Some("13800001234"));
    ledger
        .command_blocking(Actor::default(), |work| work.destroy_key("person/1"))
        .unwrap();
    let opener = ledger.clone();
    assert_eq!(
        ledger
            .db()
            .read_blocking(move |tx| opener.sealer().open(tx, &again))
            .unwrap(),
        None
    );
}

/// Records a fact of the organisation as it stands.
fn set<F: serde::Serialize + Send + 'static>(this: &Organisation, kind: &'static str, fact: F) {
    this.ledger
        .command_blocking(Actor::default(), move |work| {
            work.record("organisation", kind, "1501", &fact).map(drop)
        })
        .unwrap();
}

fn unit(id: &str, name: &str, division: &str, superior: Option<&str>) -> Unit {
    Unit {
        id: id.to_owned(),
        name: name.to_owned(),
        short_name: name.to_owned(),
        kind: "duty_office".to_owned(),
        department: None,
        division: division.to_owned(),
        superior: superior.map(str::to_owned),
        ..Unit::default()
    }
}

fn relation(from: &str, to: &str, kind: &str) -> Relation {
    Relation {
        from_unit: from.to_owned(),
        to_unit: to.to_owned(),
        kind: kind.to_owned(),
        note: String::new(),
    }
}

/// Two units, one person with a telephone.
fn people(this: &Organisation) {
    let units = vec![
        unit("city", "市应急局", "1501", None),
        unit("county", "县应急局", "150125", Some("city")),
    ];
    let relations = vec![
        relation("county", "city", "subordinate"),
        relation("city", "county", "guidance"),
    ];
    set(this, facts::UNITS_SET, UnitsSet { units, relations });
    let mobile = this
        .ledger
        .command_blocking(Actor::default(), |work| work.seal("person/p1", "13800001234"))
        .unwrap();
    let person = PersonFact {
        id: "p1".to_owned(),
        name: "巴图".to_owned(),
        unit: "county".to_owned(),
        title: "值班主任".to_owned(),
        area: "150125".to_owned(),
        mobile: Some(mobile),
        ..PersonFact::default()
    };
    set(this, facts::PEOPLE_SET, PeopleSet { people: vec![person] });
}

/// Switches an account off, as the security administrator does.
fn disable(this: &Organisation, name: &'static str) {
    this.ledger
        .command_blocking(Actor::default(), move |work| {
            let stored = store::account_by_name(work.tx, name)?.unwrap();
            let (account, password) = (stored.account, stored.password);
            let fact = AccountSet {
                id: account.id.clone(),
                name: account.name,
                display_name: account.display_name,
                person: account.person,
                unit: account.unit,
                post: account.post,
                grants: account.grants,
                password,
                disabled: true,
                must_change: false,
            };
            let stream = format!("account/{}", account.id);
            work.record(&stream, facts::ACCOUNT_SET, "1501", &fact).map(drop)
        })
        .unwrap();
}

fn sign_in(this: &Organisation, password: &str) -> Result<String, OrganisationError> {
    wait(this.sign_in(signing("zhiban", password))).map(|opened| opened.token)
}

#[test]
fn a_token_authenticates_its_account_with_its_grants_on_both_engines() {
    both_engines(views, |node| {
        let this = organisation(node);
        let id = make(&this, account("zhiban", "duty_officer")).unwrap();
        let token = sign_in(&this, "correct-horse-9").unwrap();
        let caller = wait(this.authenticate(token.clone())).unwrap();
        assert_eq!((caller.account, caller.name), (id, "某人".to_owned()));
        assert_eq!(caller.grants, account("zhiban", "duty_officer").grants);
        assert!(wait(this.authenticate(format!("{token}0"))).is_err());
        assert!(wait(this.authenticate(String::new())).is_err());
    });
}

#[test]
fn a_disabled_account_neither_signs_in_nor_goes_on() {
    both_engines(views, |node| {
        let this = organisation(node);
        make(&this, account("zhiban", "duty_officer")).unwrap();
        let token = sign_in(&this, "correct-horse-9").unwrap();
        disable(&this, "zhiban");
        assert!(wait(this.account_of(&token)).unwrap().is_none());
        let refused = sign_in(&this, "correct-horse-9").unwrap_err();
        assert_eq!(refused.code(), "session.wrong_credentials");
    });
}

#[test]
fn a_lock_holds_for_fifteen_minutes_and_is_recorded_once() {
    both_engines(views, |node| {
        let this = organisation(node);
        make(&this, account("zhiban", "duty_officer")).unwrap();
        for _ in 0..7 {
            assert!(sign_in(&this, "wrong").is_err());
        }
        node.clock.advance_minutes(14);
        assert_eq!(
            sign_in(&this, "correct-horse-9").unwrap_err().code(),
            "session.locked"
        );
        node.clock.advance_minutes(1);
        assert!(sign_in(&this, "correct-horse-9").is_ok());
        let locks = this
            .ledger
            .db()
            .read_blocking(|tx| anlan_ledger::stream_entries(tx, "accounts", u64::MAX))
            .unwrap();
        assert_eq!(locks.len(), 1);
    });
}

#[test]
fn wrong_passwords_with_a_right_one_between_them_lock_nothing() {
    let node = node("between");
    let this = organisation(&node);
    make(&this, account("zhiban", "duty_officer")).unwrap();
    for _ in 0..2 {
        for _ in 0..4 {
            assert!(sign_in(&this, "wrong").is_err());
        }
        assert!(sign_in(&this, "correct-horse-9").is_ok());
    }
    for _ in 0..6 {
        let unknown = wait(this.sign_in(signing("nobody", "wrong"))).unwrap_err();
        assert_eq!(unknown.code(), "session.wrong_credentials");
    }
}

#[test]
fn ended_sessions_are_forgotten_and_running_ones_are_not() {
    both_engines(views, |node| {
        let this = organisation(node);
        make(&this, account("zhiban", "duty_officer")).unwrap();
        sign_in(&this, "correct-horse-9").unwrap();
        node.clock.advance_minutes(20 * 60);
        let token = sign_in(&this, "correct-horse-9").unwrap();
        node.clock.advance_minutes(6 * 60);
        let now = this.ledger.clock().now();
        let forget = || {
            this.ledger
                .db()
                .write_blocking(move |tx| jobs::forget_ended_sessions(tx, now))
                .unwrap()
        };
        assert_eq!([forget(), forget()], [1, 0]);
        assert!(wait(this.account_of(&token)).unwrap().is_some());
    });
}

#[test]
fn a_number_is_shown_masked_and_reading_it_whole_leaves_an_entry() {
    both_engines(views, |node| {
        let this = organisation(node);
        people(&this);
        let reading = this.clone();
        let shown = this
            .ledger
            .db()
            .read_blocking(move |tx| {
                let stored = store::load_person(tx, "p1")?.unwrap();
                reading.shown(tx, stored)
            })
            .unwrap();
        assert_eq!(shown.mobile_masked.as_deref(), Some("138****1234"));
        let reveal = |area: &str, reason: &'static str| {
            let mut new = account("zhiban", "duty_officer");
            new.grants[0].area = area.to_owned();
            let caller = this.caller(anlan_organisation::model::Account {
                id: "a".to_owned(),
                name: new.name,
                display_name: new.display_name,
                person: None,
                unit: None,
                post: None,
                grants: new.grants,
                disabled: false,
                must_change_password: false,
                totp_enabled: false,
                pin_set: false,
                locked_until: None,
                version: 1,
            });
            let acting = this.clone();
            this.ledger
                .command_blocking(anlan_web::actor_of(&caller), move |work| {
                    acting.reveal(work, &caller, ("p1", None), reason)
                })
        };
        assert_eq!(reveal("150124", "值班").unwrap_err().code(), "access.forbidden");
        assert_eq!(reveal("1501", "").unwrap_err().code(), "request.invalid");
        assert_eq!(reveal("1501", "事故联络").unwrap(), "13800001234");
        let entries = this
            .ledger
            .db()
            .read_blocking(|tx| anlan_ledger::stream_entries(tx, "person/p1", u64::MAX))
            .unwrap();
        assert_eq!(entries.len(), 1, "only the reading that was allowed");
        assert_eq!(entries[0].entry.kind, facts::CONTACT_REVEALED);
        assert!(entries[0].entry.body.contains("事故联络"));
        assert!(!entries[0].entry.body.contains("13800001234"));
    });
}

#[test]
fn units_know_their_superior_and_their_relations() {
    both_engines(views, |node| {
        let this = organisation(node);
        people(&this);
        let (county, relations, below) = this
            .ledger
            .db()
            .read_blocking(|tx| {
                let county = store::load_unit(tx, "county")?.unwrap();
                let relations = store::relations(tx, "county")?;
                let below = store::units(tx, "150125", "应急", None, 10)?;
                Ok::<_, anlan_store::StoreError>((county, relations, below))
            })
            .unwrap();
        assert_eq!(county.superior.as_deref(), Some("city"));
        let kinds: Vec<_> = relations
            .iter()
            .map(|(relation, other)| (relation.kind.as_str(), other.as_str()))
            .collect();
        assert_eq!(kinds, [("guidance", "市应急局"), ("subordinate", "市应急局")]);
        assert_eq!(below, [county]);
    });
}

#[test]
fn an_account_whose_key_was_destroyed_cannot_sign_in_again() {
    both_engines(views, |node| {
        let this = organisation(node);
        let id = make(&this, account("zhiban", "duty_officer")).unwrap();
        let subject = format!("account/{id}");
        let destroyed = this
            .ledger
            .command_blocking(Actor::default(), move |work| work.destroy_key(&subject))
            .unwrap();
        assert!(destroyed);
        let refused = sign_in(&this, "correct-horse-9").unwrap_err();
        assert_eq!(refused.code(), "session.wrong_credentials");
    });
}

#[test]
fn the_tables_of_the_organisation_are_a_pure_view_of_the_entries() {
    both_engines(views, |node| {
        let this = organisation(node);
        people(&this);
        make(&this, account("zhiban", "duty_officer")).unwrap();
        disable(&this, "zhiban");
        let replica = TestNode::new(views());
        anlan_ledger::replay(&node.ledger, &replica.ledger, 0).unwrap();
        let (tables, differences) = anlan_ledger::compare(&node.target, &replica.target, &views()).unwrap();
        assert_eq!((tables, differences), (12, Vec::new()));
    });
}
