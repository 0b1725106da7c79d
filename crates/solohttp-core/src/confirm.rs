//! Asks the user before something happens: the question, its page, and the handler that asks.
//!
//! The page works without scripts. It submits the same form again, together with the question that
//! the user has answered.

mod handler;
mod kept;
mod question;

pub use self::handler::{Confirm, confirm};
pub use self::question::{Question, QuestionForm};

/// The page that a canceled question leads back to.
const BACK: &str = ":back";

#[cfg(test)]
mod tests;
