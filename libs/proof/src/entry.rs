//! One legal fact as the ledger keeps it, and the text that is hashed for it.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::thread;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use serde_json::value::RawValue;

use crate::canonical::write_text;
use crate::{Digest, Suite};

/// Names who caused an entry: a person on a post, a machine, a rule or the node itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Actor {
    /// `person`, `machine`, `rule` or `node`.
    pub kind: String,
    /// Account id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Person id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// Post id: in whose office the person acted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<String>,
    /// Unit id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Name to show, as it was at that moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Rule id, when a rule acted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
}

/// Holds one entry of one node's feed.
///
/// In JSON `hlc` is a decimal string, since it exceeds 2⁵³, and `body` is JSON, not a string.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Id of the node that wrote the entry.
    pub origin: String,
    /// Number within the origin, gapless from 1; at most 2⁵³.
    pub seq: u64,
    /// `live`, or the name of one drill.
    pub realm: String,
    /// Hybrid logical clock: Unix milliseconds shifted left by 16, plus a counter.
    #[serde(serialize_with = "write_decimal", deserialize_with = "read_decimal")]
    pub hlc: u64,
    /// Microseconds since 1970 UTC by the node's own clock.
    pub recorded_at: i64,
    /// Who caused it.
    pub actor: Actor,
    /// Name of the stream the fact belongs to.
    pub stream: String,
    /// Version of the stream after this entry, from 1.
    pub version: u64,
    /// Kind of fact, for example `incident.reported.v1`.
    pub kind: String,
    /// Division code the fact concerns; a prefix of it decides who may see it.
    pub area: String,
    /// The fact itself, canonical JSON text.
    #[serde(serialize_with = "write_body", deserialize_with = "read_body")]
    pub body: String,
    /// Hash of the entry before; [`Digest::ZERO`] for the first.
    pub prev: Digest,
    /// Hash of this entry's [`Self::preimage`].
    pub hash: Digest,
}

impl Entry {
    /// Writes the text that is hashed: canonical JSON of every field but `hash`.
    ///
    /// The body is embedded as it stands and must be JSON; everything before and after it has a fixed grammar, so the
    /// text can be taken apart in one way only.
    pub fn preimage(&self) -> String {
        self.write_json(false)
    }

    /// Writes the entry as one line of canonical JSON with its `hash`, as exports and the API carry it.
    pub fn to_json(&self) -> String {
        self.write_json(true)
    }

    /// Computes the hash the entry should have.
    pub fn compute_hash(&self, suite: Suite) -> Digest {
        suite.digest(self.preimage().as_bytes())
    }

    /// Sets `hash` to what the other fields demand.
    #[must_use]
    pub fn seal(mut self, suite: Suite) -> Self {
        self.hash = self.compute_hash(suite);
        self
    }

    /// Gives the entry as it would be at another place.
    pub(crate) fn moved_to(&self, seq: u64, prev: Digest) -> Self {
        Self {
            seq,
            prev,
            ..self.clone()
        }
    }

    /// Returns the Unix milliseconds in the hybrid logical clock.
    pub fn hlc_ms(&self) -> u64 {
        self.hlc >> 16
    }

    fn write_json(&self, with_hash: bool) -> String {
        let mut out = String::with_capacity(512 + self.body.len());
        out.push_str("{\"actor\":");
        self.actor.write_json(&mut out);
        out.push_str(",\"area\":");
        write_text(&mut out, &self.area);
        out.push_str(",\"body\":");
        out.push_str(&self.body);
        if with_hash {
            out.push_str(",\"hash\":\"");
            self.hash.write_hex(&mut out);
            out.push('"');
        }
        out.push_str(",\"hlc\":\"");
        out.push_str(&self.hlc.to_string());
        out.push_str("\",\"kind\":");
        write_text(&mut out, &self.kind);
        out.push_str(",\"origin\":");
        write_text(&mut out, &self.origin);
        out.push_str(",\"prev\":\"");
        self.prev.write_hex(&mut out);
        out.push_str("\",\"realm\":");
        write_text(&mut out, &self.realm);
        out.push_str(",\"recorded_at\":");
        out.push_str(&self.recorded_at.to_string());
        out.push_str(",\"seq\":");
        out.push_str(&self.seq.to_string());
        out.push_str(",\"stream\":");
        write_text(&mut out, &self.stream);
        out.push_str(",\"version\":");
        out.push_str(&self.version.to_string());
        out.push('}');
        out
    }
}

impl Actor {
    fn write_json(&self, out: &mut String) {
        let fields = [
            ("account", self.account.as_deref()),
            ("kind", Some(self.kind.as_str())),
            ("name", self.name.as_deref()),
            ("person", self.person.as_deref()),
            ("post", self.post.as_deref()),
            ("rule", self.rule.as_deref()),
            ("unit", self.unit.as_deref()),
        ];
        let mut separator = '{';
        for (key, value) in fields {
            if let Some(value) = value {
                out.push(separator);
                write_text(out, key);
                out.push(':');
                write_text(out, value);
                separator = ',';
            }
        }
        out.push('}');
    }
}

/// Computes the hashes of many entries on all cores, in the order of the entries.
pub fn hash_batch(entries: &[Entry], suite: Suite) -> Vec<Digest> {
    let workers = thread::available_parallelism().map_or(1, NonZero::get);
    let chunk = entries.len().div_ceil(workers).max(64);
    thread::scope(|scope| {
        let hash_all = |part: &[Entry]| part.iter().map(|e| e.compute_hash(suite)).collect::<Vec<_>>();
        let running: Vec<_> = entries
            .chunks(chunk)
            .map(|part| scope.spawn(move || hash_all(part)))
            .collect();
        running
            .into_iter()
            .flat_map(|r| r.join().unwrap_or_else(|panic| resume_unwind(panic)))
            .collect()
    })
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes the field by reference"
)]
fn write_decimal<S: Serializer>(number: &u64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(number)
}

fn read_decimal<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse()
        .map_err(|_| de::Error::custom(format!("{text:?} is not a decimal number below 2^64")))
}

fn write_body<S: Serializer>(body: &str, serializer: S) -> Result<S::Ok, S::Error> {
    serde_json::from_str::<&RawValue>(body)
        .map_err(ser::Error::custom)?
        .serialize(serializer)
}

fn read_body<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let raw = Box::<RawValue>::deserialize(deserializer)?;
    Ok(Box::<str>::from(raw).into_string())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;
    use crate::canonical;

    fn sample() -> Entry {
        Entry {
            origin: "n1".into(),
            seq: 7,
            realm: "live".into(),
            hlc: 1_795_000_000_000 << 16 | 3,
            recorded_at: 1_795_000_000_000_123,
            actor: Actor {
                kind: "person".into(),
                person: Some("p".into()),
                name: Some("其木格 \"小\"".into()),
                ..Actor::default()
            },
            stream: "incident/1".into(),
            version: 2,
            kind: "incident.reported.v1".into(),
            area: "150125".into(),
            body: r#"{"deaths":0,"text":"桥塌"}"#.into(),
            prev: Digest::ZERO,
            hash: Digest::ZERO,
        }
    }

    /// What canonicalising the serde form says, with nothing written by hand.
    fn slow_preimage(entry: &Entry) -> String {
        let mut value = serde_json::to_value(entry).unwrap();
        value.as_object_mut().unwrap().remove("hash");
        canonical::value_to_string(&value).unwrap()
    }

    #[test]
    fn the_preimage_is_the_canonical_json_of_all_fields_but_the_hash() {
        let zeros = "0".repeat(64);
        let expected = format!(
            "{}{zeros}{}",
            r#"{"actor":{"kind":"person","name":"其木格 \"小\"","person":"p"},"area":"150125","body":{"deaths":0,"text":"桥塌"},"hlc":"117637120000000003","kind":"incident.reported.v1","origin":"n1","prev":""#,
            r#"","realm":"live","recorded_at":1795000000000123,"seq":7,"stream":"incident/1","version":2}"#
        );
        assert_eq!(sample().preimage(), expected);
        assert_eq!(slow_preimage(&sample()), expected);
    }

    #[test]
    fn sealing_depends_on_every_field() {
        let sealed = sample().seal(Suite::Gm);
        assert_eq!(sealed.hash, sealed.compute_hash(Suite::Gm));
        assert_ne!(sealed.hash, sample().compute_hash(Suite::Intl));
        let renamed = Entry {
            area: "150126".into(),
            ..sealed.clone()
        };
        assert_ne!(renamed.compute_hash(Suite::Gm), sealed.hash);
    }

    #[test]
    fn an_entry_with_an_unknown_field_or_a_numeric_clock_is_refused() {
        let text = sample().to_json();
        assert!(serde_json::from_str::<Entry>(&text).is_ok());
        let extra = text.replacen("{\"actor\"", "{\"aside\":1,\"actor\"", 1);
        assert!(serde_json::from_str::<Entry>(&extra).is_err());
        let numeric = text.replacen("\"117637120000000003\"", "117637120000000003", 1);
        assert!(serde_json::from_str::<Entry>(&numeric).is_err());
    }

    #[test]
    fn a_batch_is_hashed_in_order() {
        let entries: Vec<_> = (0..1000).map(|seq| Entry { seq, ..sample() }).collect();
        let expected: Vec<_> = entries.iter().map(|e| e.compute_hash(Suite::Gm)).collect();
        assert_eq!(hash_batch(&entries, Suite::Gm), expected);
        assert!(hash_batch(&[], Suite::Gm).is_empty());
    }

    fn any_actor() -> impl Strategy<Value = Actor> {
        let option = || proptest::option::of(any::<String>());
        (
            any::<String>(),
            option(),
            option(),
            option(),
            option(),
            option(),
            option(),
        )
            .prop_map(|(kind, account, person, post, unit, name, rule)| Actor {
                kind,
                account,
                person,
                post,
                unit,
                name,
                rule,
            })
    }

    proptest! {
        #[test]
        fn the_hand_written_preimage_equals_the_canonical_serde_form(
            actor in any_actor(), texts in any::<[String; 5]>(), hlc in any::<u64>(), seq in 0..1_u64 << 53,
            recorded_at in -(1_i64 << 53)..1_i64 << 53, body in any::<(String, i32)>(), prev in any::<[u8; 32]>(),
        ) {
            let [origin, realm, stream, kind, area] = texts;
            let prev = Digest::new(prev);
            let body = canonical::to_string(&body).unwrap();
            let entry = Entry {
                origin, seq, realm, hlc, recorded_at, actor, stream, version: seq / 2, kind, area, body, prev,
                hash: Digest::ZERO,
            }.seal(Suite::Intl);
            prop_assert_eq!(entry.preimage(), slow_preimage(&entry));
            prop_assert_eq!(entry.to_json(), canonical::to_string(&entry).unwrap());
            prop_assert_eq!(&serde_json::from_str::<Entry>(&entry.to_json()).unwrap(), &entry);
            prop_assert!(serde_json::from_str::<Value>(&entry.preimage()).is_ok());
        }
    }
}
