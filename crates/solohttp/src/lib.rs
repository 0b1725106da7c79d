//! Web applications for one person, on their own machine, in their own browser.
