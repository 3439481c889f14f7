//! What the law says, as data and as answers.
#![expect(clippy::unwrap_used, reason = "helpers of tests may fail loudly")]

mod law {
    mod book;
    mod packs;
}
