use proptest::prelude::*;

use super::*;
use crate::FindingKind;
use crate::verify::tests::sample::{Feed, Line, even_feed};

fn export(feed: &Feed) -> Vec<u8> {
    let header = ExportHeader::new("node-a", &feed.key.verifying_key(), "live", feed.last_seq());
    let mut writer = ExportWriter::try_new(Vec::new(), &header).unwrap();
    for line in &feed.lines {
        match line {
            Line::Entry(entry) => writer.entry(entry).unwrap(),
            Line::Checkpoint(checkpoint) => writer.checkpoint(checkpoint).unwrap(),
        }
    }
    writer.finish().unwrap()
}

fn named(report: &Report) -> Vec<(FindingKind, u64, u64)> {
    report
        .findings
        .iter()
        .map(|f| (f.kind, f.seq, f.to_seq.unwrap_or(f.seq)))
        .collect()
}

fn count_lines(bytes: &[u8]) -> usize {
    bytes.split_inclusive(|b| *b == b'\n').count()
}

fn without_line(bytes: &[u8], nth: usize) -> Vec<u8> {
    let lines = bytes.split_inclusive(|b| *b == b'\n').enumerate();
    lines
        .filter(|(i, _)| *i != nth)
        .flat_map(|(_, line)| line.to_vec())
        .collect()
}

#[test]
fn an_export_verifies_anywhere() {
    for suite in [Suite::Gm, Suite::Intl] {
        let feed = even_feed(suite, 9, 3);
        let report = verify_export(export(&feed).as_slice()).unwrap();
        assert!(report.is_clean(), "{:?}", report.findings);
        assert_eq!((report.entries, report.checkpoints, report.last_seq), (27, 9, 27));
        assert_eq!(report, feed.verify());
    }
}

#[test]
fn an_export_has_the_lines_it_is_documented_with() {
    let text = String::from_utf8(export(&even_feed(Suite::Intl, 1, 2))).unwrap();
    let starts: Vec<_> = text.lines().map(|l| l.split_at(l.len().min(14)).0).collect();
    assert_eq!(
        starts,
        [
            r#"{"anlan_ledger"#,
            r#"{"entry":{"act"#,
            r#"{"entry":{"act"#,
            r#"{"checkpoint":"#,
            r#"{"end":{"check"#
        ]
    );
    assert!(
        text.ends_with("{\"end\":{\"checkpoints\":1,\"entries\":2}}\n"),
        "{text}"
    );
}

#[test]
fn an_export_longer_than_a_batch_is_read_through() {
    let feed = even_feed(Suite::Intl, 180, 100);
    let bytes = export(&feed);
    assert!(verify_export(bytes.as_slice()).unwrap().is_clean());
    let spoilt = String::from_utf8(bytes)
        .unwrap()
        .replacen("\"deaths\":17000,", "\"deaths\":17001,", 1);
    assert_eq!(
        named(&verify_export(spoilt.as_bytes()).unwrap()),
        [(FindingKind::Changed, 17_000, 17_000)]
    );
}

#[test]
fn a_line_that_cannot_be_read_is_named_and_the_rest_verified() {
    let feed = even_feed(Suite::Intl, 5, 2);
    let text = String::from_utf8(export(&feed)).unwrap();
    let spoilt = text
        .replacen("\"seq\":4", "\"seq\":four", 1)
        .replacen("\"deaths\":9", "\"deaths\":8", 1);
    let report = verify_export(spoilt.as_bytes()).unwrap();
    assert_eq!(
        named(&report),
        [(FindingKind::Malformed, 4, 4), (FindingKind::Changed, 9, 9)]
    );
    assert!(
        report.findings[0].detail.contains("line 6 cannot be read"),
        "{}",
        report.findings[0].detail
    );
    let spoilt = text.replacen("\"size\":4", "\"size\":four", 1);
    let report = verify_export(spoilt.as_bytes()).unwrap();
    assert_eq!(named(&report), [(FindingKind::Malformed, 4, 4)]);
}

#[test]
fn an_export_that_was_cut_off_is_truncated() {
    let bytes = export(&even_feed(Suite::Intl, 5, 2));
    let lines = count_lines(&bytes);
    let without_end = without_line(&bytes, lines - 1);
    assert_eq!(
        named(&verify_export(without_end.as_slice()).unwrap()),
        [(FindingKind::Truncated, 10, 10)]
    );
    let (half, _) = bytes.split_at(bytes.len() / 2);
    let report = verify_export(half).unwrap();
    assert!(
        report
            .findings
            .iter()
            .any(|f| f.kind == FindingKind::Truncated && f.covers(10)),
        "{:?}",
        report.findings
    );
}

#[test]
fn a_last_checkpoint_that_was_taken_away_is_missed_in_the_count() {
    let bytes = export(&even_feed(Suite::Intl, 5, 2));
    let lines = count_lines(&bytes);
    let report = verify_export(without_line(&bytes, lines - 2).as_slice()).unwrap();
    assert_eq!(named(&report), [(FindingKind::Malformed, 10, 10)]);
    assert_eq!(report.uncovered, 2);
}

#[test]
fn what_is_no_export_is_refused() {
    assert!(matches!(verify_export(&b""[..]), Err(ExportError::Header(_))));
    assert!(matches!(verify_export(&b"{}\n"[..]), Err(ExportError::Header(_))));
    let text = String::from_utf8(export(&even_feed(Suite::Intl, 1, 1))).unwrap();
    let later = text.replacen("\"anlan_ledger\":1", "\"anlan_ledger\":2", 1);
    assert!(matches!(
        verify_export(later.as_bytes()),
        Err(ExportError::Format(2))
    ));
    let keyless = text.replacen("\"public_key\":\"", "\"public_key\":\"ff", 1);
    assert!(matches!(
        verify_export(keyless.as_bytes()),
        Err(ExportError::Key(_))
    ));
}

#[test]
fn an_export_under_another_key_is_refused_when_the_key_is_known() {
    let feed = even_feed(Suite::Intl, 2, 2);
    let bytes = export(&feed);
    assert!(
        verify_export_with_key(bytes.as_slice(), &feed.key.verifying_key())
            .unwrap()
            .is_clean()
    );
    let stranger = crate::SigningKey::generate(Suite::Intl, [1; 32])
        .unwrap()
        .verifying_key();
    assert!(matches!(
        verify_export_with_key(bytes.as_slice(), &stranger),
        Err(ExportError::OtherKey { .. })
    ));
}

#[test]
fn a_reader_that_fails_is_an_error_and_no_finding() {
    struct Failing;
    impl io::Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("disk"))
        }
    }
    let bytes = export(&even_feed(Suite::Intl, 2, 2));
    let broken = io::BufReader::new(io::Read::chain(bytes.as_slice(), Failing));
    assert!(matches!(verify_export(broken), Err(ExportError::Read(_))));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn no_bit_of_the_file_after_the_header_can_be_flipped_unnoticed(pick in any::<usize>(), bit in 0..8_u8) {
        let mut bytes = export(&even_feed(Suite::Intl, 4, 3));
        let header = bytes.iter().position(|b| *b == b'\n').unwrap() + 1;
        // The very last byte is a line end that may as well be missing.
        let place = header + pick % (bytes.len() - 1 - header);
        bytes[place] ^= 1 << bit;
        let report = verify_export(bytes.as_slice()).unwrap();
        prop_assert!(!report.is_clean());
        prop_assert!(report.findings.len() <= 4, "{:#?}", report.findings);
    }
}
