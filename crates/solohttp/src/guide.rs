#![doc = include_str!("../docs/guide.md")]

#[doc = include_str!("../docs/first_program.md")]
pub mod first_program {}

#[doc = include_str!("../docs/record_keeping.md")]
pub mod record_keeping {}

#[doc = include_str!("../docs/state.md")]
pub mod state {}

#[doc = include_str!("../docs/routing.md")]
pub mod routing {}

#[doc = include_str!("../docs/templates.md")]
pub mod templates {}

#[doc = include_str!("../docs/forms.md")]
pub mod forms {}

#[doc = include_str!("../docs/database.md")]
pub mod database {}

#[doc = include_str!("../docs/files.md")]
pub mod files {}

#[doc = include_str!("../docs/uploads.md")]
pub mod uploads {}

#[doc = include_str!("../docs/printing.md")]
pub mod printing {}

#[doc = include_str!("../docs/long_work.md")]
pub mod long_work {}

#[doc = include_str!("../docs/desktop.md")]
pub mod desktop {}

#[doc = include_str!("../docs/errors.md")]
pub mod errors {}

#[doc = include_str!("../docs/language.md")]
pub mod language {}

#[doc = include_str!("../docs/testing.md")]
pub mod testing {}

#[doc = include_str!("../docs/security.md")]
pub mod security {}

#[doc = include_str!("../docs/shipping.md")]
pub mod shipping {}

#[doc = include_str!("../docs/moving.md")]
pub mod moving {}

#[doc = include_str!("../docs/proxy.md")]
pub mod proxy {}

#[doc = include_str!("../docs/performance.md")]
pub mod performance {}

#[doc = include_str!("../docs/outgrown.md")]
pub mod outgrown {}
