//! Whether `node_modules` holds what `package-lock.json` asks for.

use serde_json::{Map, Value};

/// Compares `package-lock.json` with npm's own list of what it installed (`node_modules/.package-lock.json`).
///
/// Packages for other machines are optional and may be absent. Text that is no such list counts as nothing installed.
pub(super) fn matches(lock: &str, installed: &str) -> bool {
    let (Some(wanted), Some(there)) = (packages(lock), packages(installed)) else {
        return false;
    };
    let all_there = wanted.iter().all(|(path, package)| match there.get(path) {
        Some(found) => found["version"] == package["version"] && found["integrity"] == package["integrity"],
        None => path.is_empty() || package["optional"] == true,
    });
    all_there && there.keys().all(|path| wanted.contains_key(path))
}

fn packages(text: &str) -> Option<Map<String, Value>> {
    let value: Value = serde_json::from_str(text).ok()?;
    value.get("packages")?.as_object().cloned()
}

#[cfg(test)]
mod tests {
    use super::matches;

    const LOCK: &str = r#"{"packages": {"": {"name": "web"}, "node_modules/vue": {"version": "3.5.1", "integrity": "a"},
        "node_modules/rolldown-win32": {"version": "1.0.0", "optional": true}}}"#;

    #[test]
    fn packages_for_other_machines_may_be_absent() {
        assert!(matches(
            LOCK,
            r#"{"packages": {"node_modules/vue": {"version": "3.5.1", "integrity": "a"}}}"#
        ));
    }

    #[test]
    fn another_version_a_missing_or_a_surplus_package_is_a_reason_to_install() {
        for installed in [
            r#"{"packages": {"node_modules/vue": {"version": "3.5.2", "integrity": "a"}}}"#,
            r#"{"packages": {"node_modules/vue": {"version": "3.5.1", "integrity": "b"}}}"#,
            r#"{"packages": {}}"#,
            r#"{"packages": {"node_modules/vue": {"version": "3.5.1", "integrity": "a"}, "node_modules/x": {}}}"#,
            "",
        ] {
            assert!(!matches(LOCK, installed), "{installed}");
        }
    }
}
