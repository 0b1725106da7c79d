//! Typical routes of an application, with a path for each.

pub(crate) struct Routes {
    pub(crate) patterns: Vec<String>,
    /// In an order unrelated to the patterns.
    pub(crate) paths: Vec<String>,
}

const NAMES: [&str; 10] =
    ["task", "contact", "appt", "invoice", "note", "photo", "label", "project", "user", "report"];

impl Routes {
    /// Five routes for each kind of record, with ten kinds to an area. However many there are, all
    /// routes are equally deep.
    pub(crate) fn new(count: usize) -> Self {
        let mut patterns = Vec::new();
        let mut paths = Vec::new();
        for index in 0..count {
            let kind = index / 5;
            let base = format!("/area{}/{}", kind / 10, NAMES[kind % 10]);
            let (pattern, path) = match index % 5 {
                0 => (String::new(), String::new()),
                1 => ("/new".to_owned(), "/new".to_owned()),
                2 => ("/{id}".to_owned(), format!("/{index}")),
                3 => ("/{id}/edit".to_owned(), format!("/{index}/edit")),
                _ => ("/{id}/line/{line}".to_owned(), format!("/{index}/line/{kind}")),
            };
            patterns.push(base.clone() + &pattern);
            paths.push(base + &path);
        }
        // A stride coprime to the counts visits every path once.
        let paths = (0..count).map(|index| paths[index * 7919 % count].clone()).collect();
        Self { patterns, paths }
    }
}
