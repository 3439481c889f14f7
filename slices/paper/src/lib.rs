//! Papers: official documents drawn from the facts, signed, issued, and then frozen.
//!
//! Words: 专报 *special report* with 初报 *first*, 续报 *follow-up*, 终报 *final*; 值班快报 *flash*; 值班日报 *daily*; 灾情快报
//! *disaster table*; 情况通报 *circular*; 签发 *sign*; 印发 *issue*; 签收 *receive*. Invariants:
//! - every number in a draft names the fact it states; what nobody has stated is 正在核实, never 0;
//! - what was signed is what is issued; an issued paper never changes, and a correction is a new paper that says so;
//! - issuing a first report is the report upward, to every addressee, in one command;
//! - a paper that comes by two routes is taken in once.

pub mod carry;
pub mod draft;
pub mod error;
pub mod facts;
pub mod http;
pub mod jobs;
pub mod lint;
pub mod model;
pub mod rules;
pub mod service;
pub mod sheet;
pub mod store;
pub mod templates;

pub use error::PaperError;
pub use service::{Confirm, PaperDirectory, Papers};
pub use store::PaperView;
pub use templates::{TemplateError, Templates};
