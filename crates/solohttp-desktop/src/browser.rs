//! Finds the user's browsers, and opens windows and tabs in them.
