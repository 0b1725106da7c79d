//! What answers at a route: functions, services, servlets.

pub(crate) mod calls;
pub(crate) mod service;
pub(crate) mod servlets;
