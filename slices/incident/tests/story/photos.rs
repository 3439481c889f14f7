//! Photos: sent ahead, held by entries, shown only to those who may see the incident.

use std::io::Cursor;

use anlan_incident::IncidentError;
use anlan_incident::facts::Attachment;
use image::{ImageFormat, Rgb, RgbImage};

use super::*;

/// Sends a photo of a shade as the officer of a division, without the form around it.
fn send(node: &TestNode, division: &str, shade: u8) -> Attachment {
    let mut bytes = Cursor::new(Vec::new());
    RgbImage::from_pixel(40, 30, Rgb([shade * 20, 90, 90]))
        .write_to(&mut bytes, ImageFormat::Png)
        .unwrap();
    let kept = incidents(node).files.keep_photo(&bytes.into_inner()).unwrap();
    let photo = Attachment {
        digest: kept.name.to_string(),
        name: "现场.png".to_owned(),
        media_type: kept.media_type.to_owned(),
        bytes: kept.bytes,
        width: kept.width,
        height: kept.height,
    };
    let (account, sent, now) = (officer(division).account, photo.clone(), START);
    node.ledger
        .db()
        .write_blocking(move |tx| store::keep_upload(tx, &account, &sent, now))
        .unwrap();
    photo
}

fn take_with(node: &TestNode, division: &str, digests: Vec<String>) -> Result<Incident, IncidentError> {
    act(node, division, move |all, work, caller| {
        let mut report = taken();
        report.call.attachments = digests;
        all.take(work, caller, &report)
    })
}

fn sees(node: &TestNode, caller: Caller, digest: &str) -> bool {
    let (all, digest) = (incidents(node), digest.to_owned());
    node.ledger
        .db()
        .read_blocking(move |tx| all.photo(tx, &caller, &digest).map(|_| ()))
        .is_ok()
}

#[test]
fn a_photo_sent_before_the_report_is_named_by_its_entry() {
    both_engines(views, |node| {
        let photo = send(node, VILLAGE, 1);
        let digests = vec![photo.digest.clone(), photo.digest.clone()];
        let incident = take_with(node, VILLAGE, digests).unwrap();
        let held: Vec<_> = incident.attachments.iter().map(|held| &held.attachment).collect();
        assert_eq!(held, [&photo], "the same photo twice is one photo");
        let (id, position) = (incident.id.clone(), incident.position);
        let entries = node
            .ledger
            .db()
            .read_blocking(move |tx| store::entries(tx, &id, position))
            .unwrap();
        assert!(entries[0].entry.body.contains(&photo.digest));
    });
}

#[test]
fn only_those_who_may_see_the_incident_see_its_photos() {
    both_engines(views, |node| {
        let photo = send(node, VILLAGE, 2);
        assert!(sees(node, officer(VILLAGE), &photo.digest), "who sent it sees it");
        assert!(
            !sees(node, officer("150125"), &photo.digest),
            "nobody else does yet"
        );
        take_with(node, VILLAGE, vec![photo.digest.clone()]).unwrap();
        for (division, seen) in [("150125", true), ("1501", true), ("150124", false)] {
            assert_eq!(sees(node, officer(division), &photo.digest), seen, "{division}");
        }
        let mut liaison = officer("1501");
        liaison.account = "liaison".to_owned();
        liaison.grants[0].department = Some("weather".to_owned());
        assert!(!sees(node, liaison, &photo.digest));
    });
}

#[test]
fn a_photo_that_the_caller_neither_sent_nor_sees_is_refused_by_its_place() {
    both_engines(views, |node| {
        let foreign = send(node, "150124", 3);
        let own = send(node, VILLAGE, 4);
        let refused = take_with(node, VILLAGE, vec![own.digest, foreign.digest]).unwrap_err();
        assert_eq!(refused.fields()[0].field, "attachments.1");
        assert_eq!(refused.fields()[0].code, "unknown");
        let many = vec!["sm3-00".to_owned(); 21];
        assert_eq!(
            take_with(node, VILLAGE, many).unwrap_err().fields()[0].field,
            "attachments"
        );
    });
}

#[test]
fn photos_can_be_added_later_and_come_with_calls_and_follow_ups() {
    both_engines(views, |node| {
        let id = take(node).id;
        let [later, called, news] = [5, 6, 7].map(|shade| send(node, "150125", shade).digest);
        let attaching = id.clone();
        act(node, "150125", move |all, work, caller| {
            all.attach(work, caller, &attaching, &[later])
        })
        .unwrap();
        let calling = id.clone();
        act(node, "150125", move |all, work, caller| {
            let call = Called {
                text: "又一个电话".to_owned(),
                attachments: vec![called],
                ..Called::default()
            };
            all.add_call(work, caller, &calling, &call)
        })
        .unwrap();
        let held = act(node, "150125", move |all, work, caller| {
            let follow_up = FollowUp {
                text: "现场照片".to_owned(),
                attachments: vec![news],
                ..FollowUp::default()
            };
            all.follow_up(work, caller, &id, &follow_up)
        })
        .unwrap();
        assert_eq!(held.attachments.len(), 3);
    });
}

#[test]
fn photos_that_nobody_used_are_forgotten_after_a_month_and_used_ones_stay() {
    both_engines(views, |node| {
        let (used, unused) = (send(node, VILLAGE, 8), send(node, VILLAGE, 9));
        take_with(node, VILLAGE, vec![used.digest.clone()]).unwrap();
        let all = incidents(node);
        let kept = |photo: &Attachment| all.files.has(&photo.digest.parse().unwrap());
        let runner = Runner::come_up(&node.ledger, jobs::jobs(&all)).unwrap();
        runner.round_blocking().unwrap();
        assert!(kept(&used) && kept(&unused));
        node.clock.advance_minutes(31 * 24 * 60);
        runner.round_blocking().unwrap();
        assert!(kept(&used) && !kept(&unused));
    });
}

#[test]
fn a_lost_photo_is_named_by_the_check() {
    both_engines(views, |node| {
        let [kept, lost] = [10, 11].map(|shade| send(node, VILLAGE, shade).digest);
        take_with(node, VILLAGE, vec![kept, lost.clone()]).unwrap();
        let all = incidents(node);
        assert_eq!(all.check_photos().unwrap(), (2, Vec::new()));
        all.files.remove(&lost.parse().unwrap()).unwrap();
        let (number, unsound) = all.check_photos().unwrap();
        assert_eq!(number, 2);
        assert!(unsound.len() == 1 && unsound[0].name.as_str() == lost && !unsound[0].present);
    });
}
