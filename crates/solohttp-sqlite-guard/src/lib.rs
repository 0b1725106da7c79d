//! Finds forgotten SQLite transactions after every request.
