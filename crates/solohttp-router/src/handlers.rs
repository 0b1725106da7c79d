//! Handlers that create a value for each request.

pub(crate) mod service;
pub(crate) mod servlets;
