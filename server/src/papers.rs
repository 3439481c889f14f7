//! What papers need to know of the organisation, and the printing press.

use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;

use anlan_foundation::Timestamp;
use anlan_incident::{Incidents, UnitRef};
use anlan_organisation::{Organisation, store as organisation};
use anlan_paper::{Confirm, PaperDirectory, Papers, Templates};
use anlan_store::{StoreError, Tx};
use anlan_web::Failure;

use crate::config::Config;

/// Units that a circular is looked for among, the ones of the higher divisions first.
const MOST_UNITS: u64 = 1_000;

/// Organisation and incidents, as papers see them.
struct CityPapers {
    organisation: Organisation,
}

/// The folders of a city's own templates and fonts.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Stationery<'c> {
    /// Templates that replace those of the program.
    templates: Option<&'c Path>,
    /// Official fonts that the city has a licence for.
    #[cfg_attr(not(feature = "pdf"), expect(dead_code, reason = "only printing needs fonts"))]
    fonts: Option<&'c Path>,
}

impl<'c> Stationery<'c> {
    /// The folders that the settings name.
    pub(crate) fn of(config: &'c Config) -> Self {
        Self {
            templates: config.settings.templates_dir.as_deref(),
            fonts: config.settings.fonts_dir.as_deref(),
        }
    }
}

/// Puts the papers together; a broken template is refused with its file and line.
pub(crate) fn papers(
    organisation: &Organisation,
    incidents: &Incidents,
    stationery: Stationery<'_>,
) -> anyhow::Result<Papers> {
    let city = Arc::new(CityPapers {
        organisation: organisation.clone(),
    });
    Ok(Papers {
        ledger: incidents.ledger.clone(),
        incidents: incidents.clone(),
        directory: Arc::<CityPapers>::clone(&city),
        confirm: city,
        templates: Arc::new(Templates::load(stationery.templates)?),
        #[cfg(feature = "pdf")]
        press: anlan_documents::Press::open(stationery.fonts)?,
    })
}

impl PaperDirectory for CityPapers {
    fn below(&self, tx: &mut Tx<'_>, unit: &UnitRef) -> Result<Vec<UnitRef>, StoreError> {
        let all = organisation::units(tx, &unit.division, "", None, MOST_UNITS)?;
        Ok(all
            .into_iter()
            .filter(|below| below.superior.as_deref() == Some(unit.id.as_str()))
            .map(|unit| UnitRef {
                id: unit.id,
                name: unit.name,
                division: unit.division,
            })
            .collect())
    }

    fn divisions(&self, tx: &mut Tx<'_>, area: &str) -> Result<Vec<(String, String)>, StoreError> {
        let below = organisation::divisions(tx, Some(area), None, "", 300)?;
        let mut named: Vec<(String, String)> =
            below.into_iter().map(|below| (below.code, below.name)).collect();
        named.sort();
        Ok(named)
    }

    fn duty(
        &self,
        tx: &mut Tx<'_>,
        unit: &UnitRef,
        at: Timestamp,
    ) -> Result<Vec<(String, String)>, StoreError> {
        let duty = organisation::duty_at(tx, &unit.division, at)?;
        let own = duty
            .into_iter()
            .map(|(duty, _)| duty)
            .filter(|duty| duty.unit_id == unit.id);
        let mut own: Vec<(String, String)> = own.map(|duty| (duty.duty_role, duty.person_name)).collect();
        let rank = |role: &str| {
            ["leader", "main", "deputy"]
                .iter()
                .position(|known| *known == role)
        };
        own.sort_by_key(|(role, _)| rank(role));
        Ok(own)
    }
}

impl Confirm for CityPapers {
    fn confirm(
        &self,
        account: String,
        pin: String,
    ) -> Pin<Box<dyn Future<Output = Result<(), Failure>> + Send + '_>> {
        Box::pin(async move { Ok(self.organisation.verify_pin(&account, &pin).await?) })
    }
}
