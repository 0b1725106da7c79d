//! Puts the program into the system's menu.
