//! Work that takes long, on threads.

/// Long work of the program.
#[derive(Debug, Clone, Default)]
pub struct Work {}

/// One piece of work, as its thread sees it.
#[derive(Debug, Clone)]
pub struct Job {}
