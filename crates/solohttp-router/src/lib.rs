//! Routes requests to functions, servlets and folders.
