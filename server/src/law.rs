//! The law in force: the packs that ship, and those of the city.

use std::path::Path;
use std::sync::Arc;

use anlan_law::{EventClass, Pack, RuleBook};
use anyhow::Context as _;

/// The folder `rules/` as it ships.
#[derive(rust_embed::RustEmbed)]
#[folder = "../rules"]
struct Shipped;

/// The table of event classes; a city's own folder may hold one that replaces it.
const CLASSES: &str = "event-classes.toml";
/// The same as a table of a spreadsheet.
const CLASSES_CSV: &str = "event-classes.csv";

/// The law in force on this node.
#[derive(Debug, Clone)]
pub(crate) struct Law {
    /// All rules, compiled.
    pub book: Arc<RuleBook>,
    /// The classes of events.
    pub classes: Vec<EventClass>,
}

impl Law {
    /// Reads what ships and, when a folder is given, the city's own packs; a broken one is refused with its file and
    /// line, and then the node does not start.
    pub(crate) fn load(own: Option<&Path>) -> anyhow::Result<Self> {
        let mut packs = Vec::new();
        for (file, text) in shipped()? {
            packs.push(Pack::parse(&file, &text)?);
        }
        let mut classes = anlan_law::event_classes(&format!("rules/{CLASSES}"), &shipped_text(CLASSES)?)?;
        for (file, text) in own.map(own_files).transpose()?.unwrap_or_default() {
            if file.ends_with(CLASSES) {
                classes = anlan_law::event_classes(&file, &text)?;
            } else if file.ends_with(CLASSES_CSV) {
                classes = anlan_law::event_classes_csv(&file, &text)?;
            } else {
                packs.push(Pack::parse(&file, &text)?);
            }
        }
        let book = Arc::new(RuleBook::compile(&packs.iter().collect::<Vec<_>>())?);
        Ok(Self { book, classes })
    }
}

/// The packs that ship: all below the folders of `rules/`, in the order of their names.
fn shipped() -> anyhow::Result<Vec<(String, String)>> {
    let is_pack = |name: &std::borrow::Cow<'static, str>| name.contains('/') && name.ends_with(".toml");
    let mut names: Vec<_> = Shipped::iter().filter(is_pack).collect();
    names.sort();
    let packs = names
        .iter()
        .map(|name| Ok((format!("rules/{name}"), shipped_text(name)?)));
    packs.collect()
}

fn shipped_text(name: &str) -> anyhow::Result<String> {
    let file = Shipped::get(name).with_context(|| format!("rules/{name} is not in the program"))?;
    Ok(String::from_utf8(file.data.into_owned())?)
}

/// The city's files, in the order of their names; what is neither a pack nor a table is passed over.
fn own_files(folder: &Path) -> anyhow::Result<Vec<(String, String)>> {
    let entries =
        std::fs::read_dir(folder).with_context(|| format!("reading rules_dir {}", folder.display()))?;
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry
            .with_context(|| format!("reading {}", folder.display()))?
            .path();
        let is_pack = path.extension().is_some_and(|ending| ending == "toml");
        if is_pack || path.ends_with(CLASSES_CSV) {
            paths.push(path);
        }
    }
    paths.sort();
    let read = |path: std::path::PathBuf| {
        let text = std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        Ok((path.display().to_string(), text))
    };
    paths.into_iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_city_adds_its_packs_and_its_classes_without_a_build() {
        let folder = std::env::temp_dir().join(format!("anlan-rules-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let pack = "[pack]\nid = \"own\"\ntitle = \"本市\"\n\n[[reporting]]\nid = \"own.first\"\n\
                    topic = \"report.area-to-emergency\"\nclause = \"本市规定\"\ntext = \"20分钟\"\n\
                    jurisdiction = \"1501\"\nvalid_from = \"2026-01-01\"\nconfidence = \"confirmed\"\n\
                    from = [\"county.government\"]\nto = [\"city.emergency\"]\nlimit_minutes = 20\n\
                    start_event = \"received\"\nladder = true\n";
        std::fs::write(folder.join("own.toml"), pack).unwrap();
        std::fs::write(
            folder.join(CLASSES_CSV),
            "code,name,initials,class,key\n20100,建筑火灾,jzhz,accident,1\n",
        )
        .unwrap();
        let law = Law::load(Some(&folder)).unwrap();
        assert_eq!(law.classes.len(), 1);
        assert_eq!(
            law.book
                .reporting("150125", "20100", "2026-02-01")
                .unwrap()
                .limit_minutes,
            20
        );

        std::fs::write(folder.join("own.toml"), pack.replace("= 20\n", "= \"soon\"\n")).unwrap();
        let refusal = format!("{:#}", Law::load(Some(&folder)).unwrap_err());
        assert!(
            refusal.contains("own.toml:15: ") && refusal.contains("invalid type"),
            "{refusal}"
        );
        std::fs::remove_dir_all(&folder).unwrap();
        assert!(Law::load(Some(&folder)).is_err());
    }
}
