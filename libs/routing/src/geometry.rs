//! Positions and distances on the earth.

/// A position in degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position {
    /// Longitude.
    pub lon: f64,
    /// Latitude.
    pub lat: f64,
}

/// Mean radius of the earth, in metres (IUGG).
const RADIUS: f64 = 6_371_008.8;

/// Great-circle distance, in metres.
pub fn metres_between(a: Position, b: Position) -> f64 {
    let (lat_a, lat_b) = (a.lat.to_radians(), b.lat.to_radians());
    let half_lat = ((lat_b - lat_a) / 2.0).sin();
    let half_lon = ((b.lon - a.lon).to_radians() / 2.0).sin();
    let h = half_lat * half_lat + lat_a.cos() * lat_b.cos() * half_lon * half_lon;
    2.0 * RADIUS * h.sqrt().min(1.0).asin()
}

/// Whole non-negative number nearest to `value`, at most `most`.
pub(crate) fn whole(value: f64, most: u32) -> u32 {
    if value.is_nan() || value <= 0.0 {
        return 0;
    }
    #[expect(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a float becomes an integer only so; the range is checked here"
    )]
    let number = value.round().min(f64::from(most)) as u32;
    number.min(most)
}

/// Twice the signed area of the triangle a, b, c: which side of a–b the point c lies on.
fn side(a: Position, b: Position, c: Position) -> f64 {
    (b.lon - a.lon) * (c.lat - a.lat) - (b.lat - a.lat) * (c.lon - a.lon)
}

/// Whether the segments a–b and c–d touch or cross.
pub(crate) fn cross(a: Position, b: Position, c: Position, d: Position) -> bool {
    let (s1, s2) = (side(a, b, c), side(a, b, d));
    let (s3, s4) = (side(c, d, a), side(c, d, b));
    if s1 * s2 < 0.0 && s3 * s4 < 0.0 {
        return true;
    }
    let on = |p: Position, q: Position, r: Position, s: f64| {
        s == 0.0
            && r.lon >= p.lon.min(q.lon)
            && r.lon <= p.lon.max(q.lon)
            && r.lat >= p.lat.min(q.lat)
            && r.lat <= p.lat.max(q.lat)
    };
    on(a, b, c, s1) || on(a, b, d, s2) || on(c, d, a, s3) || on(c, d, b, s4)
}

/// Whether a point lies in a polygon given by its corners (even-odd rule).
pub(crate) fn inside(corners: &[Position], point: Position) -> bool {
    let mut within = false;
    let mut previous = corners.last().copied();
    for &corner in corners {
        if let Some(before) = previous {
            let spans = (corner.lat > point.lat) != (before.lat > point.lat);
            let at =
                (before.lon - corner.lon) * (point.lat - corner.lat) / (before.lat - corner.lat) + corner.lon;
            if spans && point.lon < at {
                within = !within;
            }
        }
        previous = Some(corner);
    }
    within
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(lon: f64, lat: f64) -> Position {
        Position { lon, lat }
    }

    #[test]
    fn a_degree_of_latitude_is_111_kilometres() {
        let metres = metres_between(at(111.0, 40.0), at(111.0, 41.0));
        assert!((metres - 111_195.0).abs() < 10.0, "{metres}");
    }

    #[test]
    fn segments_cross_touch_or_miss() {
        assert!(cross(at(0.0, 0.0), at(2.0, 2.0), at(0.0, 2.0), at(2.0, 0.0)));
        assert!(cross(at(0.0, 0.0), at(2.0, 0.0), at(1.0, 0.0), at(1.0, 5.0)));
        assert!(!cross(at(0.0, 0.0), at(1.0, 0.0), at(2.0, 0.0), at(3.0, 0.0)));
    }

    #[test]
    fn a_point_is_inside_or_not() {
        let square = [at(0.0, 0.0), at(2.0, 0.0), at(2.0, 2.0), at(0.0, 2.0)];
        assert!(inside(&square, at(1.0, 1.0)));
        assert!(!inside(&square, at(3.0, 1.0)));
    }
}
