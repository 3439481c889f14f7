//! What incidents need to know of the organisation and the law.

use std::sync::Arc;

use anlan_foundation::Timestamp;
use anlan_incident::{Directory, EventClass, Limit, UnitRef};
use anlan_law::RuleBook;
use anlan_organisation::store as organisation;
use anlan_store::{StoreError, Tx};

use crate::law::Law;

/// Organisation and law, joined.
pub(crate) struct CityDirectory {
    rules: Arc<RuleBook>,
    classes: Vec<EventClass>,
}

impl CityDirectory {
    /// Joins the organisation with the law.
    pub(crate) fn new(law: &Law) -> Self {
        let classes = law
            .classes
            .iter()
            .cloned()
            .map(|class| EventClass {
                code: class.code,
                name: class.name,
                class: class.class,
                initials: class.initials,
                key: class.key,
            })
            .collect();
        Self {
            rules: Arc::clone(&law.book),
            classes,
        }
    }
}

fn unit_ref(unit: anlan_organisation::model::Unit) -> UnitRef {
    UnitRef {
        id: unit.id,
        name: unit.name,
        division: unit.division,
    }
}

impl Directory for CityDirectory {
    fn unit(&self, tx: &mut Tx<'_>, id: &str) -> Result<Option<UnitRef>, StoreError> {
        Ok(organisation::load_unit(tx, id)?.map(unit_ref))
    }

    fn superior(&self, tx: &mut Tx<'_>, unit: &str) -> Result<Option<UnitRef>, StoreError> {
        match organisation::load_unit(tx, unit)?.and_then(|unit| unit.superior) {
            Some(superior) => self.unit(tx, &superior),
            None => Ok(None),
        }
    }

    fn division_name(&self, tx: &mut Tx<'_>, code: &str) -> Result<Option<String>, StoreError> {
        Ok(organisation::load_division(tx, code)?.map(|division| division.full_name))
    }

    fn event_classes(&self) -> &[EventClass] {
        &self.classes
    }

    fn first_report_limit(&self, division: &str, event_class: &str, at: Timestamp) -> Option<Limit> {
        let (year, month, day) = at.china_date();
        let rule = self
            .rules
            .reporting(division, event_class, &format!("{year:04}-{month:02}-{day:02}"))?;
        Some(Limit {
            id: rule.id.clone(),
            clause: rule.clause.clone(),
            minutes: rule.limit_minutes,
            start_event: rule.start_event.clone(),
        })
    }
}
