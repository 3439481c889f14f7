use proptest::prelude::*;

use super::*;

const SUITE: Suite = Suite::Intl;

fn leaves(count: u64) -> Vec<Digest> {
    (0..count).map(|n| SUITE.digest(&n.to_be_bytes())).collect()
}

/// MTH(D[n]) word for word as RFC 6962 §2.1 defines it.
fn naive_root(leaves: &[Digest]) -> Digest {
    match leaves {
        [] => SUITE.digest(b""),
        [leaf] => SUITE.leaf_hash(leaf),
        _ => {
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            SUITE.node_hash(&naive_root(left), &naive_root(right))
        }
    }
}

/// PATH(m, D[n]) word for word as RFC 6962 §2.1.1 defines it.
fn naive_path(index: usize, leaves: &[Digest]) -> Vec<Digest> {
    if leaves.len() <= 1 {
        return Vec::new();
    }
    let cut = leaves.len().next_power_of_two() / 2;
    let (left, right) = leaves.split_at(cut);
    let (mut path, other) = if index < cut {
        (naive_path(index, left), right)
    } else {
        (naive_path(index - cut, right), left)
    };
    path.push(naive_root(other));
    path
}

fn frontier(leaves: &[Digest]) -> Frontier {
    let mut frontier = Frontier::new(SUITE);
    for leaf in leaves {
        frontier.push(leaf);
    }
    frontier
}

#[test]
fn an_empty_tree_has_the_digest_of_nothing_as_root() {
    let root = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(Frontier::new(SUITE).root().to_hex(), root);
}

#[test]
fn a_stored_frontier_is_taken_up_where_it_was_left() {
    let all = leaves(100);
    let (head, tail) = all.split_at(37);
    let stored = frontier(head);
    let mut again = Frontier::from_parts(SUITE, stored.size(), stored.parts().to_vec()).unwrap();
    for leaf in tail {
        again.push(leaf);
    }
    assert_eq!(again, frontier(&all));
    let wrong = Frontier::from_parts(SUITE, 37, vec![Digest::ZERO]);
    assert_eq!(
        wrong,
        Err(MerkleError::Peaks {
            size: 37,
            expected: 3,
            found: 1
        })
    );
}

#[test]
fn what_cannot_be_proved_is_not() {
    let all = leaves(5);
    assert_eq!(prove_inclusion(SUITE, &all, 5, 5), None);
    assert_eq!(prove_inclusion(SUITE, &all, 0, 6), None);
    assert_eq!(prove_consistency(SUITE, &all, 0, 5), None);
    assert_eq!(prove_consistency(SUITE, &all, 4, 3), None);
    let failing = prove_with(SUITE, 0, 5, &mut |_, _| Err("disk"));
    assert_eq!(failing, Err("disk"));
}

#[test]
fn a_proof_for_no_tree_at_all_is_refused() {
    let proof = InclusionProof {
        index: 0,
        size: 0,
        hashes: Vec::new(),
    };
    assert_eq!(
        verify_inclusion(SUITE, &Digest::ZERO, &proof, &Digest::ZERO),
        Err(MerkleError::Shape)
    );
    let proof = ConsistencyProof {
        first: 0,
        second: 3,
        hashes: Vec::new(),
    };
    assert_eq!(
        verify_consistency(SUITE, &proof, &Digest::ZERO, &Digest::ZERO),
        Err(MerkleError::Shape)
    );
    let huge = InclusionProof {
        index: u64::MAX - 1,
        size: u64::MAX,
        hashes: vec![Digest::ZERO; 3],
    };
    assert_eq!(
        verify_inclusion(SUITE, &Digest::ZERO, &huge, &Digest::ZERO),
        Err(MerkleError::Shape)
    );
}

proptest! {
    #[test]
    fn the_frontier_agrees_with_the_recursive_definition(count in 0..300_u64) {
        let all = leaves(count);
        let grown = frontier(&all);
        prop_assert_eq!(grown.root(), naive_root(&all));
        prop_assert_eq!(grown.parts().len(), usize::try_from(count.count_ones()).unwrap());
    }

    #[test]
    fn an_inclusion_proof_is_the_rfc_path_and_holds(count in 1..200_u64, pick in any::<u64>(), more in 0..5_u64) {
        let index = pick % count;
        let all = leaves(count + more);
        let (tree, _) = all.split_at(usize::try_from(count).unwrap());
        let place = usize::try_from(index).unwrap();
        let proof = prove_inclusion(SUITE, &all, index, count).unwrap();
        prop_assert_eq!(&proof.hashes, &naive_path(place, tree));
        prop_assert_eq!(verify_inclusion(SUITE, &tree[place], &proof, &naive_root(tree)), Ok(()));
    }

    #[test]
    fn a_spoilt_inclusion_proof_fails(count in 2..100_u64, pick in any::<u64>(), fault in 0..6_u8, at in any::<usize>()) {
        let all = leaves(count);
        let index = pick % count;
        let mut proof = prove_inclusion(SUITE, &all, index, count).unwrap();
        let mut leaf = all[usize::try_from(index).unwrap()];
        let length = proof.hashes.len();
        match fault {
            0 => leaf = SUITE.digest(b"other"),
            1 => proof.hashes[at % length] = SUITE.digest(b"other"),
            2 => { proof.hashes.pop(); }
            3 => proof.hashes.push(SUITE.digest(b"more")),
            4 => proof.index = (index + 1) % count,
            _ => proof.size = proof.index,
        }
        prop_assert!(verify_inclusion(SUITE, &leaf, &proof, &naive_root(&all)).is_err());
    }

    #[test]
    fn a_consistency_proof_holds_for_the_two_roots_alone(second in 1..200_u64, pick in any::<u64>(), at in any::<usize>()) {
        let first = pick % second + 1;
        let all = leaves(second);
        let (head, _) = all.split_at(usize::try_from(first).unwrap());
        let (old, new) = (naive_root(head), naive_root(&all));
        let mut proof = prove_consistency(SUITE, &all, first, second).unwrap();
        prop_assert_eq!(verify_consistency(SUITE, &proof, &old, &new), Ok(()));
        prop_assert!(verify_consistency(SUITE, &proof, &SUITE.digest(b"o"), &new).is_err());
        prop_assert!(verify_consistency(SUITE, &proof, &old, &SUITE.digest(b"n")).is_err());
        if !proof.hashes.is_empty() {
            let length = proof.hashes.len();
            proof.hashes[at % length] = SUITE.digest(b"other");
            prop_assert!(verify_consistency(SUITE, &proof, &old, &new).is_err());
            proof.hashes.pop();
            prop_assert!(verify_consistency(SUITE, &proof, &old, &new).is_err());
        }
    }
}
