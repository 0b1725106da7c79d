//! Nested byte pieces, written out without joining them first.
