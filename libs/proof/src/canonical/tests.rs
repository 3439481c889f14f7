use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn canonical(text: &str) -> String {
    value_to_string(&serde_json::from_str(text).unwrap()).unwrap()
}

#[test]
fn the_example_of_rfc_8785_section_3_2_comes_out_as_printed() {
    let input = r#"{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }"#;
    let expected = concat!(
        r#"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"#,
        r#""string":"€$\u000f\nA'B\"\\\\\"/"}"#
    );
    assert_eq!(canonical(input), expected);
}

#[test]
fn keys_are_sorted_by_utf_16_as_in_rfc_8785_section_3_2_3() {
    let input = r#"{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh",
        "1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}"#;
    let text = canonical(input);
    let order = ["Carriage", "One", "Control", "Latin", "Euro", "Emoji", "Hebrew"];
    let places: Vec<_> = order.iter().map(|word| text.find(word).unwrap()).collect();
    assert!(places.is_sorted(), "{text}");
}

#[test]
fn numbers_come_out_as_in_rfc_8785_appendix_b() {
    let samples: [(u64, &str); 25] = [
        (0x0000_0000_0000_0000, "0"),
        (0x8000_0000_0000_0000, "0"),
        (0x0000_0000_0000_0001, "5e-324"),
        (0x8000_0000_0000_0001, "-5e-324"),
        (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
        (0xffef_ffff_ffff_ffff, "-1.7976931348623157e+308"),
        (0x4340_0000_0000_0000, "9007199254740992"),
        (0xc340_0000_0000_0000, "-9007199254740992"),
        (0x4430_0000_0000_0000, "295147905179352830000"),
        (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"),
        (0x44b5_2d02_c7e1_4af6, "1e+23"),
        (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"),
        (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
        (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"),
        (0x444b_1ae4_d6e2_ef50, "1e+21"),
        (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"),
        (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
        (0x41b3_de43_5555_5553, "333333333.3333332"),
        (0x41b3_de43_5555_5554, "333333333.33333325"),
        (0x41b3_de43_5555_5555, "333333333.3333333"),
        (0x41b3_de43_5555_5556, "333333333.3333334"),
        (0x41b3_de43_5555_5557, "333333333.33333343"),
        (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
        (0x4340_0000_0000_0001, "9007199254740994"),
        (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
    ];
    for (bits, expected) in samples {
        assert_eq!(to_string(&f64::from_bits(bits)).unwrap(), expected, "{bits:016x}");
    }
}

#[test]
fn what_json_cannot_say_is_refused() {
    assert!(matches!(to_string(&f64::NAN), Err(CanonicalError::Unbounded(_))));
    assert!(matches!(
        to_string(&vec![Some(1.0), Some(f64::INFINITY)]),
        Err(CanonicalError::Unbounded(_))
    ));
    let nested = BTreeMap::from([("a", (1, f64::NEG_INFINITY))]);
    assert!(matches!(to_string(&nested), Err(CanonicalError::Unbounded(_))));
    assert!(matches!(to_string(&u64::MAX), Err(CanonicalError::Inexact(_))));
    assert!(matches!(
        value_to_string(&json!(9_007_199_254_740_993_u64)),
        Err(CanonicalError::Inexact(_))
    ));
}

#[test]
fn plain_values_come_out_plainly() {
    assert_eq!(
        to_string(&(1, "呼和浩特", None::<u8>, true)).unwrap(),
        r#"[1,"呼和浩特",null,true]"#
    );
    assert_eq!(
        canonical(r#" {"b" : -0.0, "a":[ ], "":{}} "#),
        r#"{"":{},"a":[],"b":0}"#
    );
    assert_eq!(canonical("9007199254740992"), "9007199254740992");
    assert_eq!(
        canonical("\"\\u007f\\u0001\\b\\f\\t\""),
        "\"\u{7f}\\u0001\\b\\f\\t\""
    );
}

proptest! {
    #[test]
    fn a_double_reads_back_as_itself(bits in any::<u64>()) {
        let number = f64::from_bits(bits);
        prop_assume!(number.is_finite());
        let text = to_string(&number).unwrap();
        let back = text.parse::<f64>().unwrap();
        prop_assert!(back.to_bits() == number.to_bits() || number.to_bits() == (-0.0_f64).to_bits());
        prop_assert!(serde_json::from_str::<Value>(&text).is_ok());
    }

    #[test]
    fn text_reads_back_as_itself_and_is_stable(text in any::<String>(), n in any::<i32>(), x in -1e9..1e9_f64) {
        let value = json!({ "t": text, "n": n, "x": x });
        let once = value_to_string(&value).unwrap();
        prop_assert_eq!(canonical(&once), once.clone());
        let back: Value = serde_json::from_str(&once).unwrap();
        prop_assert_eq!(&back["t"], &value["t"]);
        prop_assert_eq!(&back["n"], &value["n"]);
    }
}
