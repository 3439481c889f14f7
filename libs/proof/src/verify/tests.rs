pub(crate) mod sample;
mod stories;
mod tamper;
