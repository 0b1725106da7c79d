//! A small style sheet and a small script to start with; nobody needs to use them.

/// A style sheet for forms as they render themselves: put it into a `<style>` or serve it.
pub const STYLE: &str = include_str!("forms.css");

/// A script that asks before a half-filled form is left: put it at the end of the page, in a
/// `<script>`. Forms work without it.
pub const UNSAVED_WARNING: &str = include_str!("unsaved.js");
