use std::io::Cursor;

use super::*;
use crate::{Actor, Frontier, prove_inclusion};

/// Nine entries of two streams; every third belongs to `incident/1`.
fn pack(suite: Suite) -> Evidence {
    let key = SigningKey::generate(suite, [5; 32]).unwrap();
    let mut prev = Digest::ZERO;
    let mut entries = Vec::new();
    for seq in 1..=9_u64 {
        let mine = seq % 3 == 0;
        let entry = Entry {
            origin: "n1".into(),
            seq,
            realm: "live".into(),
            hlc: seq << 16,
            recorded_at: 1_000_000 + i64::try_from(seq).unwrap(),
            actor: Actor::default(),
            stream: if mine { "incident/1" } else { "incident/2" }.into(),
            version: if mine { seq / 3 } else { seq },
            kind: "incident.received.v1".into(),
            area: "1501".into(),
            body: format!("{{\"deaths\":{seq}}}"),
            prev,
            hash: Digest::ZERO,
        }
        .seal(suite);
        prev = entry.hash;
        entries.push(entry);
    }
    let leaves: Vec<_> = entries.iter().map(|entry| entry.hash).collect();
    let mut tree = Frontier::new(suite);
    for leaf in &leaves {
        tree.push(leaf);
    }
    let checkpoint = Checkpoint {
        origin: "n1".into(),
        size: 9,
        root: tree.root(),
        head: prev,
        signed_at: 7,
        previous: Digest::ZERO,
        signature: String::new(),
    }
    .sign(&key);
    let items = entries
        .into_iter()
        .filter(|entry| entry.stream == "incident/1")
        .map(|entry| Proven {
            proof: prove_inclusion(suite, &leaves, entry.seq - 1, 9).unwrap(),
            entry,
        });
    Evidence::sign(&key, "incident/1", checkpoint, items.collect(), 8)
}

fn found(evidence: &Evidence) -> Vec<(FindingKind, u64)> {
    let text = serde_json::to_vec_pretty(evidence).unwrap();
    let report = verify_file(Cursor::new(text)).unwrap();
    report.findings.iter().map(|f| (f.kind, f.seq)).collect()
}

#[test]
fn an_untouched_pack_is_whole_in_both_suites() {
    for suite in [Suite::Gm, Suite::Intl] {
        assert_eq!(found(&pack(suite)), []);
    }
}

#[test]
fn an_altered_entry_is_named_even_when_its_hash_is_made_to_fit() {
    let mut evidence = pack(Suite::Gm);
    evidence.items[1].entry.body = "{\"deaths\":0}".into();
    assert_eq!(found(&evidence), [(FindingKind::Changed, 6)]);
    evidence.items[1].entry = evidence.items[1].entry.clone().seal(Suite::Gm);
    assert_eq!(found(&evidence), [(FindingKind::Inserted, 6)]);
}

#[test]
fn a_dropped_entry_is_named_at_the_beginning_in_the_middle_and_at_the_end() {
    for (at, kind, seq) in [
        (0, FindingKind::Dropped, 1),
        (1, FindingKind::Dropped, 4),
        (2, FindingKind::Truncated, 6),
    ] {
        let mut evidence = pack(Suite::Intl);
        evidence.items.remove(at);
        assert_eq!(found(&evidence), [(kind, seq)]);
    }
}

#[test]
fn an_exchange_of_two_entries_is_named() {
    let mut evidence = pack(Suite::Intl);
    evidence.items.swap(0, 1);
    assert!(found(&evidence).contains(&(FindingKind::Reordered, 3)));
}

#[test]
fn a_checkpoint_of_another_key_is_refused() {
    let mut evidence = pack(Suite::Intl);
    let other = SigningKey::generate(Suite::Intl, [6; 32]).unwrap();
    evidence.checkpoint = evidence.checkpoint.clone().sign(&other);
    assert_eq!(found(&evidence), [(FindingKind::Checkpoint, 9)]);
}

#[test]
fn a_pack_that_is_no_pack_says_so() {
    let broken = verify_file(Cursor::new(b"{\"anlan_evidence\":1,\"origin\":2}".to_vec()));
    assert!(matches!(broken, Err(ExportError::Evidence(_))));
    let later = Evidence {
        anlan_evidence: 2,
        ..pack(Suite::Intl)
    };
    assert!(matches!(later.verify(), Err(ExportError::Format(2))));
}
