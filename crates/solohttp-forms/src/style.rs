//! An optional style sheet and an optional script.

/// A style sheet for rendered forms. Put it in a `<style>` element, or serve it as a file.
pub const STYLE: &str = include_str!("forms.css");

/// A script that asks for confirmation before the user leaves a half-filled form. Put it in a
/// `<script>` element at the end of the page. Forms work without it.
pub const UNSAVED_WARNING: &str = include_str!("unsaved.js");
