//! What the law says, as data and as answers.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod law {
    mod answers;
    mod book;
    mod bounds;
    mod mutation;
    mod packs;
    mod props;
    mod vectors;
}
