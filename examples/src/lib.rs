//! The tutorial programs in the parent folder, in reading order:
//!
//! - `intro`: state, routes, typed arguments, error pages;
//! - `static_content`: folders of files;
//! - `todo`: templates, servlets, services;
//! - `guard`: the guard against forgotten transactions;
//! - `datebook`: a complete application.
