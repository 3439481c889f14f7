//! Lists: filtered, counted, paged, searched, and as of every earlier position.

use anlan_incident::store::{Cursor, Filter, Order};

use super::*;

fn take_in(node: &TestNode, division: &str, text: &str) -> Incident {
    let (place, text) = (division.to_owned(), text.to_owned());
    act(node, "1501", move |all, work, caller| {
        let mut report = taken();
        report.division = place;
        report.call.text = text;
        all.take(work, caller, &report)
    })
    .unwrap()
}

fn everything() -> Filter {
    Filter::all(officer("1501").scopes("incident.read").remove(0), 100)
}

fn found(node: &TestNode, filter: Filter, order: Order) -> Vec<String> {
    let (listed, counted) = node
        .ledger
        .db()
        .read_blocking(move |tx| {
            let counted = store::count(
                tx,
                &Filter {
                    after: None,
                    ..filter.clone()
                },
            )?;
            Ok::<_, StoreError>((store::list(tx, &filter, order)?, counted))
        })
        .unwrap();
    assert!(usize::try_from(counted).unwrap() >= listed.len());
    listed.into_iter().map(|incident| incident.id).collect()
}

fn searched(node: &TestNode, typed: &str) -> usize {
    let filter = Filter {
        words: store::words_of(typed),
        ..everything()
    };
    found(node, filter, Order::Recent).len()
}

#[test]
fn chinese_words_are_found_anywhere_in_text_title_place_and_unit() {
    both_engines(views, |node| {
        take_in(node, VILLAGE, "液化气站卸车软管泄漏 100%");
        take_in(node, "150125", "山坡冒烟");
        for (typed, times) in [
            ("软管", 1),
            ("液化气 泄漏", 1),
            ("山坡 泄漏", 0),
            ("建筑火灾", 2),
            ("单位1501", 2),
            (VILLAGE, 1),
            ("100%", 1),
            ("100_", 0),
            ("", 2),
            ("  ", 2),
        ] {
            assert_eq!(searched(node, typed), times, "{typed}");
        }
    });
}

#[test]
fn pages_follow_each_other_without_gap_or_double_even_at_equal_times() {
    both_engines(views, |node| {
        for number in 0..7 {
            take_in(node, VILLAGE, &format!("第{number}起"));
        }
        for order in [Order::Recent, Order::Deadline] {
            let whole = found(node, everything(), order);
            let (mut paged, mut after) = (Vec::new(), None);
            loop {
                let filter = Filter {
                    after,
                    limit: 3,
                    ..everything()
                };
                let (page, next) = node
                    .ledger
                    .db()
                    .read_blocking(move |tx| {
                        let page = store::list(tx, &filter, order)?;
                        let next = page.last().map(|last| Cursor {
                            at: match order {
                                Order::Recent => last.received_at().unwrap().as_micros(),
                                Order::Deadline => last.next_due().map_or(store::NEVER, Timestamp::as_micros),
                            },
                            id: last.id.clone(),
                        });
                        Ok::<_, StoreError>((page, next))
                    })
                    .unwrap();
                if page.is_empty() {
                    break;
                }
                paged.extend(page.into_iter().map(|incident| incident.id));
                after = next;
            }
            assert_eq!(paged, whole, "{order:?}");
        }
    });
}

fn with(change: impl FnOnce(&mut Filter)) -> Filter {
    let mut filter = everything();
    change(&mut filter);
    filter
}

/// An early incident that was graded, and a late one that was closed.
fn graded_and_closed(node: &TestNode) -> [String; 2] {
    let first = take_in(node, VILLAGE, "早").id;
    node.clock.advance_minutes(60);
    let second = take_in(node, "150124", "晚").id;
    let (graded, closed) = (first.clone(), second.clone());
    act(node, "1501", move |all, work, caller| {
        let grading = anlan_incident::service::Grading {
            grade: "large".to_owned(),
            reason: "死亡3人".to_owned(),
            rule: None,
        };
        all.grade(work, caller, &graded, &grading)
    })
    .unwrap();
    act(node, "1501", move |all, work, caller| {
        all.close(work, caller, &closed, &end())
    })
    .unwrap();
    [first, second]
}

#[test]
fn a_filter_shows_what_fits_and_nothing_else() {
    both_engines(views, |node| {
        let [first, second] = graded_and_closed(node);
        let noon = START.plus_minutes(30);
        let (one, other) = (vec![first.clone()], vec![second.clone()]);
        let cases: [(Filter, Vec<String>); 8] = [
            (with(|f| f.open = Some(true)), one.clone()),
            (with(|f| f.status = Some("closed".to_owned())), other.clone()),
            (with(|f| f.grade = Some("large".to_owned())), one.clone()),
            (with(|f| f.grade = Some("unknown".to_owned())), other.clone()),
            (with(|f| f.event_class = "2".to_owned()), vec![second, first]),
            (with(|f| f.event_class = "3".to_owned()), Vec::new()),
            (with(|f| f.from = noon), other),
            (with(|f| f.before = noon), one),
        ];
        for (filter, fits) in cases {
            let case = format!("{filter:?}");
            assert_eq!(found(node, filter, Order::Recent), fits, "{case}");
        }
    });
}

#[test]
fn what_is_overdue_depends_on_the_instant_alone() {
    both_engines(views, |node| {
        let id = act(node, VILLAGE, |all, work, caller| {
            all.take(work, caller, &taken())
        })
        .unwrap()
        .id;
        let overdue = |minutes: i64, seconds: i64| {
            let at = START.plus_minutes(minutes).plus_seconds(seconds);
            found(
                node,
                Filter {
                    overdue_at: Some(at),
                    ..everything()
                },
                Order::Deadline,
            )
        };
        assert!(
            overdue(30, 0).is_empty(),
            "at its very instant a deadline still stands"
        );
        assert_eq!(overdue(30, 1), [id]);
    });
}

#[test]
fn the_list_as_of_every_earlier_position_is_the_list_as_it_was_then() {
    both_engines(views, |node| {
        let mut then: Vec<(u64, Vec<String>)> = Vec::new();
        let open = || Filter {
            open: Some(true),
            ..everything()
        };
        for number in 0..3 {
            let incident = take_in(node, VILLAGE, &format!("第{number}起"));
            then.push((incident.position, found(node, open(), Order::Recent)));
            node.clock.advance_minutes(1);
            if number == 1 {
                let id = incident.id.clone();
                let closed = act(node, "1501", move |all, work, caller| {
                    all.close(work, caller, &id, &end())
                });
                then.push((closed.unwrap().position, found(node, open(), Order::Recent)));
            }
        }
        for (position, was) in then {
            let (ids, counted) = node
                .ledger
                .db()
                .read_blocking(move |tx| {
                    let ids = store::ids_at(tx, &open(), Order::Recent, position)?;
                    Ok::<_, StoreError>((ids, store::count_at(tx, &open(), position)?))
                })
                .unwrap();
            let ids: Vec<String> = ids.into_iter().map(|cursor| cursor.id).collect();
            assert_eq!(ids, was, "as of {position}");
            assert_eq!(usize::try_from(counted).unwrap(), was.len());
        }
    });
}
