//! Tampering as root, two thousand times: everything is found and named, and an untouched ledger is never accused.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::path::Path;
use std::thread;

use anlan_tests::place::{Scratch, copy_demo, run_program};
use anlan_tests::random::Random;
use anlan_tests::tamper::{Feed, findings, tamper};

/// A stopped node, and what its ledger holds.
fn node(scratch: &Scratch) -> Feed {
    copy_demo(&scratch.join("data")).unwrap();
    export(scratch)
}

fn export(scratch: &Scratch) -> Feed {
    let (data, file) = (scratch.join("data"), scratch.join("honest.jsonl"));
    let (data, path) = (data.to_str().unwrap(), file.to_str().unwrap());
    run_program(&["ledger", "export", path, "--data", data]).unwrap();
    Feed::read(&file).unwrap()
}

/// What the program says about a ledger; `Err` when it finds something.
fn verify(words: &[&str]) -> Result<String, String> {
    let words: Vec<&str> = ["ledger", "verify"].iter().chain(words).copied().collect();
    run_program(&words).map_err(|error| error.to_string())
}

/// Tampers with the tables and asks the program, `times` times; returns what was not found or not named.
fn tamper_with_tables(name: &str, times: usize, seed: u64) -> Vec<String> {
    let scratch = Scratch::new(name).unwrap();
    let honest = node(&scratch);
    let data = scratch.join("data");
    let mut random = Random::new(seed);
    let mut missed = Vec::new();
    let mut done = 0;
    while done < times {
        let mut feed = honest.clone();
        let Some(deed) = tamper(&mut feed, &mut random).unwrap() else {
            continue;
        };
        if !feed.store(&data.join("anlan.db")).unwrap() {
            continue;
        }
        done += 1;
        match verify(&["--data", data.to_str().unwrap()]) {
            Ok(_) => missed.push(format!("{}: not found", deed.what)),
            Err(said) if !deed.is_named(&honest, &findings(&said)) => {
                missed.push(format!("{}: not named in {said}", deed.what));
            }
            Err(_) => {}
        }
    }
    assert!(honest.store(&data.join("anlan.db")).unwrap());
    assert!(
        verify(&["--data", data.to_str().unwrap()]).is_ok(),
        "an honest ledger is accused"
    );
    missed
}

#[test]
fn twelve_hundred_tamperings_with_the_tables_are_all_found_and_named() {
    let halves = [1, 2]
        .map(|seed| thread::spawn(move || tamper_with_tables(&format!("tamper-tables-{seed}"), 600, seed)));
    for half in halves {
        let missed = half.join().unwrap();
        assert!(
            missed.is_empty(),
            "{} missed: {:#?}",
            missed.len(),
            &missed[..missed.len().min(20)]
        );
    }
}

#[test]
fn eight_hundred_tamperings_with_an_exported_file_are_all_found_and_named() {
    let scratch = Scratch::new("tamper-file").unwrap();
    let honest = node(&scratch);
    let file = scratch.join("tampered.jsonl");
    let path = file.to_str().unwrap();
    honest.write(&file).unwrap();
    assert!(verify(&[path]).is_ok(), "an honest export is accused");
    let mut random = Random::new(3);
    let mut missed = Vec::new();
    let mut done = 0;
    while done < 800 {
        let mut feed = honest.clone();
        let Some(deed) = tamper(&mut feed, &mut random).unwrap() else {
            continue;
        };
        feed.write(&file).unwrap();
        done += 1;
        match verify(&[path]) {
            Ok(_) => missed.push(format!("{}: not found", deed.what)),
            Err(said) if !deed.is_named(&honest, &findings(&said)) => {
                missed.push(format!("{}: not named in {said}", deed.what));
            }
            Err(_) => {}
        }
    }
    assert!(
        missed.is_empty(),
        "{} missed: {:#?}",
        missed.len(),
        &missed[..missed.len().min(20)]
    );
}

#[test]
fn an_export_signed_anew_by_another_key_is_refused_by_whoever_knows_the_key() {
    let scratch = Scratch::new("tamper-key").unwrap();
    let honest = node(&scratch);
    let key = honest.header["public_key"].as_str().unwrap().to_owned();
    let file = scratch.join("forged.jsonl");
    let path = file.to_str().unwrap();
    honest.write(&file).unwrap();
    assert!(verify(&[path, "--key", &key]).is_ok());
    let mut forged = honest;
    forged.forge().unwrap();
    forged.write(&file).unwrap();
    let said = verify(&[path]).unwrap();
    assert!(
        !said.contains(&key),
        "the program says whose key it believed: {said}"
    );
    assert!(verify(&[path, "--key", &key]).is_err());
}

#[test]
fn a_spoilt_byte_anywhere_in_an_export_is_found() {
    let scratch = Scratch::new("tamper-byte").unwrap();
    node(&scratch);
    let honest = std::fs::read(scratch.join("honest.jsonl")).unwrap();
    let file = scratch.join("spoilt.jsonl");
    let mut random = Random::new(5);
    for _ in 0..60 {
        let mut spoilt = honest.clone();
        let at = random.below(spoilt.len());
        // When it was exported and how a line ends are said by nobody's signature.
        if around(&honest, at).contains("exported_at") || honest[at] == b'\n' {
            continue;
        }
        spoilt[at] ^= 1 << random.below(7);
        std::fs::write(&file, &spoilt).unwrap();
        assert!(
            verify(&[file.to_str().unwrap()]).is_err(),
            "byte {at}: {}",
            around(&spoilt, at)
        );
    }
}

fn around(bytes: &[u8], at: usize) -> String {
    let part = &bytes[at.saturating_sub(30)..(at + 30).min(bytes.len())];
    String::from_utf8_lossy(part).into_owned()
}

#[test]
fn a_ledger_cut_off_together_with_its_head_is_betrayed_by_the_tables() {
    let scratch = Scratch::new("tamper-head").unwrap();
    let mut feed = node(&scratch);
    let data = scratch.join("data");
    let cut = cut_after(&mut feed, 70);
    assert!(feed.store(&data.join("anlan.db")).unwrap());
    set_head(&data.join("anlan.db"), cut.0, &cut.1);
    let said = run_program(&["ledger", "rebuild", "--check", "--data", data.to_str().unwrap()]);
    assert!(said.is_err(), "{said:?}");
}

/// Cuts a feed off after an entry and returns that entry's number and hash.
fn cut_after(feed: &mut Feed, seq: u64) -> (u64, Vec<u8>) {
    use anlan_tests::tamper::Line;
    feed.lines.retain(|line| match line {
        Line::Entry(entry) => entry.seq <= seq,
        Line::Checkpoint(checkpoint) => checkpoint.size <= seq,
    });
    let last = feed.lines.iter().rev().find_map(|line| match line {
        Line::Entry(entry) => Some((entry.seq, entry.hash.as_bytes().to_vec())),
        Line::Checkpoint(_) => None,
    });
    last.unwrap()
}

fn set_head(database: &Path, seq: u64, hash: &[u8]) {
    let connection = rusqlite::Connection::open(database).unwrap();
    let seq = i64::try_from(seq).unwrap();
    connection
        .execute(
            "UPDATE ledger_heads SET seq = ?1, position = ?1, hash = ?2",
            rusqlite::params![seq, hash],
        )
        .unwrap();
}
