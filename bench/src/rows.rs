//! The rows, by their numbers in the table of hot paths.

pub(crate) mod durable;
pub(crate) mod footprint;
pub(crate) mod post;
pub(crate) mod push;
pub(crate) mod reading;
pub(crate) mod reads;
pub(crate) mod roads;
pub(crate) mod sending;
