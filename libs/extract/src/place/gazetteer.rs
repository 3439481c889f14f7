//! Names of divisions: all provinces, cities and counties of the country, and what a city adds of its own.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

/// Provinces, cities and counties of 2023, from the National Bureau of Statistics.
const DIVISIONS: &str = include_str!("../../data/divisions.txt");
/// Short names people use, with the full names they stand for.
const SHORT_NAMES: &str = include_str!("../../data/short-names.txt");
/// The peoples whose names stand inside the names of autonomous prefectures.
const PEOPLES: &[&str] = &[
    "土家族",
    "苗族",
    "藏族",
    "彝族",
    "羌族",
    "傣族",
    "景颇族",
    "白族",
    "傈僳族",
    "哈尼族",
    "壮族",
    "布依族",
    "侗族",
    "回族",
    "朝鲜族",
    "蒙古族",
    "蒙古",
    "哈萨克",
    "柯尔克孜",
    "满族",
    "瑶族",
    "土族",
];

/// Names that are common words in most texts.
const COMMON: &[&str] = &["城区", "郊区", "矿区", "城关", "平安", "和平", "安定", "永安"];

/// What kind of division a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    Province,
    City,
    County,
    /// A county without its last word; a name only beside other names.
    ShortCounty,
    /// Township, village or a place a city named itself.
    Local,
}

/// Names to know places by.
#[derive(Debug, Clone)]
pub struct Gazetteer {
    national: &'static HashMap<String, Level>,
    local: Arc<HashMap<String, Level>>,
    /// The city of every county whose name is the only one of its kind.
    city_of: &'static HashMap<String, String>,
}

static NATIONAL: LazyLock<HashMap<String, Level>> = LazyLock::new(national);

static CITY_OF: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let mut cities: HashMap<String, String> = HashMap::new();
    let mut twice = Vec::new();
    for line in DIVISIONS.lines() {
        let mut parts = line.splitn(3, ' ');
        let (Some(_), Some(city), Some(counties)) = (parts.next(), parts.next(), parts.next()) else {
            continue;
        };
        for county in counties.split(',').filter(|_| city != "-") {
            if cities.insert(county.to_owned(), city.to_owned()).is_some() {
                twice.push(county.to_owned());
            }
        }
    }
    for county in twice {
        cities.remove(&county);
    }
    cities
});

impl Default for Gazetteer {
    fn default() -> Self {
        Self {
            national: &NATIONAL,
            local: Arc::default(),
            city_of: &CITY_OF,
        }
    }
}

impl Gazetteer {
    /// Knows the whole country down to the counties, and these names of townships, villages and places besides.
    pub fn with<N: AsRef<str>>(names: impl IntoIterator<Item = N>) -> Self {
        let mut local = HashMap::new();
        for name in names {
            let name = name.as_ref();
            if name.chars().count() >= 3 {
                local.insert(name.to_owned(), Level::Local);
            }
        }
        Self {
            local: Arc::new(local),
            ..Self::default()
        }
    }

    /// The city a county lies in, when only one county has its name.
    pub(crate) fn city_of(&self, county: &str) -> Option<&str> {
        self.city_of.get(county).map(String::as_str)
    }

    /// The longest name a text begins with: its bytes and its level.
    pub(crate) fn begins(&self, text: &str) -> Option<(usize, Level)> {
        let ends = text.char_indices().map(|(at, c)| at + c.len_utf8()).take(12);
        let mut found = None;
        for end in ends.skip(1) {
            let Some(name) = text.get(..end) else { break };
            if let Some(level) = self.national.get(name).or_else(|| self.local.get(name)) {
                found = Some((end, *level));
            }
        }
        found
    }
}

fn national() -> HashMap<String, Level> {
    let mut names = HashMap::new();
    let mut add = |name: &str, level: Level| {
        if name.chars().count() >= 2 && !COMMON.contains(&name) {
            let known = names.entry(name.to_owned()).or_insert(level);
            *known = (*known).min(level);
        }
    };
    for line in SHORT_NAMES.lines() {
        let level = |full: &str| {
            if full.ends_with('市') {
                Level::City
            } else {
                Level::County
            }
        };
        if let Some((short, full)) = line
            .split_once(' ')
            .filter(|(short, _)| short.chars().count() > 1)
        {
            add(short, level(full));
        }
    }
    for line in DIVISIONS.lines() {
        let mut parts = line.splitn(3, ' ');
        let (province, city) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        add(province, Level::Province);
        add(short_province(province), Level::Province);
        if city != "-" {
            add(city, Level::City);
            let short = short_city(city);
            add(&short, Level::City);
            if city.ends_with("自治州") {
                add(&format!("{short}州"), Level::City);
            }
        }
        for county in parts.next().unwrap_or_default().split(',') {
            add(county, Level::County);
            let cut = without(county, &["自治县", "自治旗", "县", "区", "市", "旗"]);
            let cut = before_people(cut);
            if cut.chars().count() >= 2 && cut != county {
                add(cut, Level::ShortCounty);
            }
            if county.ends_with("自治县") {
                add(&format!("{cut}县"), Level::County);
            }
        }
    }
    names
}

fn without<'n>(name: &'n str, endings: &[&str]) -> &'n str {
    endings
        .iter()
        .find_map(|ending| name.strip_suffix(ending))
        .unwrap_or(name)
}

fn before_people(name: &str) -> &str {
    let cut = PEOPLES
        .iter()
        .filter_map(|people| name.find(people))
        .filter(|at| *at >= 6)
        .min();
    cut.and_then(|at| name.get(..at)).unwrap_or(name)
}

fn short_province(name: &str) -> &str {
    for (full, short) in [
        ("内蒙古", "内蒙古"),
        ("广西", "广西"),
        ("新疆", "新疆"),
        ("宁夏", "宁夏"),
        ("西藏", "西藏"),
        ("香港", "香港"),
        ("澳门", "澳门"),
    ] {
        if name.starts_with(full) {
            return short;
        }
    }
    without(name, &["省", "市"])
}

fn short_city(name: &str) -> String {
    let cut = without(name, &["自治州", "地区", "盟", "市"]);
    before_people(cut).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_and_short_names_are_known() {
        let gazetteer = Gazetteer::with(["可可以力更镇", "三合泉"]);
        for (text, level) in [
            ("内蒙古呼和浩特市", Level::Province),
            ("呼和浩特市玉泉区", Level::City),
            ("凉山州冕宁县", Level::City),
            ("甘孜藏族自治州丹巴县", Level::City),
            ("锡林郭勒盟", Level::City),
            ("丹巴县", Level::County),
            ("肥东撮镇", Level::ShortCounty),
            ("三合泉村", Level::Local),
        ] {
            assert_eq!(
                gazetteer.begins(text).map(|(_, level)| level),
                Some(level),
                "{text}"
            );
        }
        assert_eq!(gazetteer.begins("一个地方"), None);
    }
}
