//! Resources: everything that can help, and how it is found, counted and kept.
//!
//! Words: 队伍 *team*, 专家 *expert*, 避难场所 *shelter*, 物资库 *depot*, 青城驿站 *street station*, 待命 *standby*, 执勤 *on task*,
//! 休整 *resting*, 停用 *out of use*, 规划 *planned*. One register mechanism holds all of them; what a register asks for is
//! data in `rules/resource-registers.toml`. Invariants:
//! - every record says from what source it is and how old; nobody's silence renews it;
//! - a point is kept in CGCS2000, and says in what datum it was given;
//! - code and kind name a record once; a second import of the same rows changes nothing;
//! - telephone numbers of people are sealed; reading one whole is an entry.

pub mod error;
pub mod facts;
pub mod http;
pub mod jobs;
pub mod model;
pub mod rules;
pub mod service;
pub mod store;

pub use error::ResourceError;
pub use service::Resources;
pub use store::ResourceView;
