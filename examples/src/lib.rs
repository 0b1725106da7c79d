//! The tutorial programs.
