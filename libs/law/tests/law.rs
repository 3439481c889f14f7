//! What the law says, as data and as answers.

mod law {
    mod book;
    mod packs;
}
