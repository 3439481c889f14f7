//! Datums of coordinates: everything is kept in CGCS2000, and converted at the edge.
//!
//! WGS 84 and CGCS2000 differ by centimetres and count as one. GCJ-02 (电子地图) and BD-09 (百度) are shifted by hundreds of
//! metres; their formulae are the ones in public use. The way back is found by iteration, so that there and back again
//! differs by less than 0.1 m.

/// Degrees of longitude and latitude.
pub type Degrees = (f64, f64);

/// In what datum coordinates are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Datum {
    /// 2000国家大地坐标系.
    Cgcs2000,
    /// WGS 84, as GPS and 北斗 receivers give it.
    Wgs84,
    /// GCJ-02, as Chinese web maps give it.
    Gcj02,
    /// BD-09, as Baidu gives it.
    Bd09,
}

/// The names of datums that are understood.
pub const NAMES: [&str; 4] = ["cgcs2000", "wgs84", "gcj02", "bd09"];

impl Datum {
    /// The datum of that name, written in any case and with or without a hyphen.
    pub fn named(name: &str) -> Option<Self> {
        let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        Some(match plain.to_ascii_lowercase().as_str() {
            "cgcs2000" => Self::Cgcs2000,
            "wgs84" => Self::Wgs84,
            "gcj02" => Self::Gcj02,
            "bd09" => Self::Bd09,
            _ => return None,
        })
    }

    /// Its name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cgcs2000 => "cgcs2000",
            Self::Wgs84 => "wgs84",
            Self::Gcj02 => "gcj02",
            Self::Bd09 => "bd09",
        }
    }

    /// Coordinates in this datum, converted to CGCS2000.
    pub fn to_cgcs2000(self, at: Degrees) -> Degrees {
        match self {
            Self::Cgcs2000 | Self::Wgs84 => at,
            Self::Gcj02 => from_gcj(at),
            Self::Bd09 => from_gcj(bd_to_gcj(at)),
        }
    }

    /// Coordinates in CGCS2000, converted to this datum.
    pub fn of_cgcs2000(self, at: Degrees) -> Degrees {
        match self {
            Self::Cgcs2000 | Self::Wgs84 => at,
            Self::Gcj02 => to_gcj(at),
            Self::Bd09 => gcj_to_bd(to_gcj(at)),
        }
    }
}

/// Metres between two points of CGCS2000, on a sphere; within half a per cent over a city.
pub fn metres(from: Degrees, to: Degrees) -> f64 {
    const MEAN_RADIUS: f64 = 6_371_008.8;
    let (lat, other) = (from.1.to_radians(), to.1.to_radians());
    let half_lat = ((other - lat) / 2.0).sin();
    let half_lon = ((to.0 - from.0).to_radians() / 2.0).sin();
    let part = half_lat.mul_add(half_lat, lat.cos() * other.cos() * half_lon * half_lon);
    2.0 * MEAN_RADIUS * part.clamp(0.0, 1.0).sqrt().asin()
}

// Krasovsky 1940, which the shift is computed on.
const AXIS: f64 = 6_378_245.0;
const ECCENTRICITY: f64 = 0.006_693_421_622_965_943;

fn waves(value: f64, steps: [f64; 3], weights: [f64; 3]) -> f64 {
    let wave = |index: usize| weights[index] * (value * steps[index]).sin();
    (wave(0) + wave(1) + wave(2)) * 2.0 / 3.0
}

fn shift((lon, lat): Degrees) -> Degrees {
    use std::f64::consts::PI;
    let (x, y) = (lon - 105.0, lat - 35.0);
    let fine = waves(x, [6.0 * PI, 2.0 * PI, 0.0], [20.0, 20.0, 0.0]);
    let root = x.abs().sqrt();
    let north = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * root
        + fine
        + waves(y, [PI, PI / 3.0, 0.0], [20.0, 40.0, 0.0])
        + waves(y, [PI / 12.0, PI / 30.0, 0.0], [160.0, 320.0, 0.0]);
    let east = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * root
        + fine
        + waves(x, [PI, PI / 3.0, 0.0], [20.0, 40.0, 0.0])
        + waves(x, [PI / 12.0, PI / 30.0, 0.0], [150.0, 300.0, 0.0]);
    let angle = lat.to_radians();
    let magic = 1.0 - ECCENTRICITY * angle.sin() * angle.sin();
    let root = magic.sqrt();
    (
        east * 180.0 / (AXIS / root * angle.cos() * PI),
        north * 180.0 / (AXIS * (1.0 - ECCENTRICITY) / (magic * root) * PI),
    )
}

/// Outside of China nothing is shifted.
fn shifted((lon, lat): Degrees) -> bool {
    (72.004..=137.8347).contains(&lon) && (0.8293..=55.8271).contains(&lat)
}

fn to_gcj(at: Degrees) -> Degrees {
    if !shifted(at) {
        return at;
    }
    let (lon, lat) = shift(at);
    (at.0 + lon, at.1 + lat)
}

fn from_gcj(at: Degrees) -> Degrees {
    if !shifted(at) {
        return at;
    }
    let mut guess = at;
    // Each step divides the error by some hundreds; four are plenty.
    for _ in 0..6 {
        let there = to_gcj(guess);
        guess = (guess.0 + at.0 - there.0, guess.1 + at.1 - there.1);
    }
    guess
}

const BD_STEP: f64 = std::f64::consts::PI * 3_000.0 / 180.0;

fn gcj_to_bd((lon, lat): Degrees) -> Degrees {
    let length = lon.hypot(lat) + 0.000_02 * (lat * BD_STEP).sin();
    let angle = lat.atan2(lon) + 0.000_003 * (lon * BD_STEP).cos();
    (length * angle.cos() + 0.0065, length * angle.sin() + 0.006)
}

fn bd_to_gcj(at: Degrees) -> Degrees {
    let mut guess = (at.0 - 0.0065, at.1 - 0.006);
    for _ in 0..6 {
        let there = gcj_to_bd(guess);
        guess = (guess.0 + at.0 - there.0, guess.1 + at.1 - there.1);
    }
    guess
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_shift_over_hohhot_is_the_one_of_the_public_formula() {
        // Computed apart from this code, with the formula in public use.
        let at = Datum::Gcj02.of_cgcs2000((111.6708, 40.8183));
        assert!(metres((111.677_579_800, 40.819_629_754), at) < 0.01);
    }

    #[test]
    fn outside_of_china_nothing_moves() {
        assert_eq!(Datum::Gcj02.of_cgcs2000((2.35, 48.85)), (2.35, 48.85));
    }

    #[test]
    fn names_are_read_as_people_write_them() {
        assert_eq!(Datum::named("GCJ-02"), Some(Datum::Gcj02));
        assert_eq!(Datum::named("cgcs2000"), Some(Datum::Cgcs2000));
        assert_eq!(Datum::named("beijing54"), None);
    }

    proptest! {
        #[test]
        fn there_and_back_again_differs_by_less_than_a_tenth_of_a_metre(lon in 100.0f64..125.0, lat in 37.0f64..53.0) {
            for name in NAMES {
                let datum = Datum::named(name).unwrap();
                let back = datum.to_cgcs2000(datum.of_cgcs2000((lon, lat)));
                prop_assert!(metres((lon, lat), back) < 0.1, "{name}: {} m", metres((lon, lat), back));
            }
        }
    }
}
