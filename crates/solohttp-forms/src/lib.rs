//! Typed records to HTML forms and back.
