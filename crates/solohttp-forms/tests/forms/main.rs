//! Tests forms from the outside, through pages, browsers and requests.

#![allow(clippy::unwrap_used, reason = "test code")]

mod accessible;
mod api;
mod browser;
mod confirm;
mod constraints;
mod csv;
mod datebook;
mod drafts;
mod files;
mod form_page;
mod hidden;
mod html;
mod kept;
mod large;
mod laws;
mod life;
mod pieces;
mod problems;
mod record_pages;
mod round_trip;
mod rows;
mod secrets;
mod snapshots;
mod steps;
mod submissions;
mod two_tabs;
mod values;
