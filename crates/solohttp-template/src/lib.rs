//! Small HTML templates that render to an IoList.
