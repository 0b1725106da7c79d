//! Every engine behind the same interface: data in, byte count out.

use std::hint::black_box;

use serde::Serialize;

use crate::data::{Datebook, Long, Table, Teams};

#[derive(askama::Template)]
#[template(path = "askama/datebook.html")]
pub struct AskamaDatebook<'a> {
    pub page: &'a Datebook,
}

#[derive(askama::Template)]
#[template(path = "askama/teams.html")]
pub struct AskamaTeams<'a> {
    pub page: &'a Teams,
}

#[derive(askama::Template)]
#[template(path = "askama/table.html")]
pub struct AskamaTable<'a> {
    pub page: &'a Table,
}

#[derive(askama::Template)]
#[template(path = "askama/long.html")]
pub struct AskamaLong<'a> {
    pub page: &'a Long,
}

pub const OURS: &[(&str, &str)] = &[
    ("layout", include_str!("../templates/ours/layout.tpl")),
    ("datebook", include_str!("../templates/ours/datebook.tpl")),
    ("teams", include_str!("../templates/ours/teams.tpl")),
    ("table", include_str!("../templates/ours/table.tpl")),
    ("long", include_str!("../templates/ours/long.tpl")),
];

const JINJA: &[(&str, &str)] = &[
    ("layout.html", include_str!("../templates/jinja/layout.html")),
    ("datebook.html", include_str!("../templates/jinja/datebook.html")),
    ("teams.html", include_str!("../templates/jinja/teams.html")),
    ("table.html", include_str!("../templates/jinja/table.html")),
    ("long.html", include_str!("../templates/jinja/long.html")),
];

const HANDLEBARS: &[(&str, &str)] = &[
    ("layout", include_str!("../templates/handlebars/layout.hbs")),
    ("datebook", include_str!("../templates/handlebars/datebook.hbs")),
    ("teams", include_str!("../templates/handlebars/teams.hbs")),
    ("table", include_str!("../templates/handlebars/table.hbs")),
    ("long", include_str!("../templates/handlebars/long.hbs")),
];

/// The engines that load templates at run time.
pub struct Engines {
    pub ours: solohttp_template::TemplateFolder,
    pub minijinja: minijinja::Environment<'static>,
    pub tera: tera::Tera,
    pub handlebars: handlebars::Handlebars<'static>,
}

impl Engines {
    pub fn new() -> Self {
        let mut tera = tera::Tera::default();
        tera.add_raw_templates(JINJA.iter().copied()).expect("tera parses");
        let mut handlebars = handlebars::Handlebars::new();
        for (name, text) in HANDLEBARS {
            handlebars.register_template_string(name, text).expect("handlebars parses");
        }
        let ours = solohttp_template::TemplateFolder::embedded(OURS);
        Self { ours, minijinja: minijinja_with(JINJA), tera, handlebars }
    }

    pub fn minijinja<T: Serialize>(&self, page: &str, data: &T) -> String {
        let template = self.minijinja.get_template(page).expect("it is there");
        template.render(minijinja::value::Serde(data)).expect("minijinja renders")
    }

    pub fn tera<T: Serialize>(&self, page: &str, data: &T) -> String {
        let context = tera::Context::from_serialize(data).expect("a record");
        self.tera.render(page, &context).expect("tera renders")
    }

    pub fn handlebars<T: Serialize>(&self, page: &str, data: &T) -> String {
        self.handlebars.render(page, data).expect("handlebars renders")
    }
}

fn minijinja_with(templates: &[(&'static str, &'static str)]) -> minijinja::Environment<'static> {
    let mut environment = minijinja::Environment::new();
    for (name, text) in templates {
        environment.add_template(name, text).expect("minijinja parses");
    }
    environment
}

pub fn load_minijinja() {
    black_box(minijinja_with(&JINJA[..2]));
}

pub fn load_ours() {
    let folder = solohttp_template::TemplateFolder::embedded(OURS);
    black_box(folder.template("datebook").expect("it parses"));
}

pub fn askama<T: askama::Template>(page: T) -> String {
    page.render().expect("askama renders")
}
