//! Template data must derive `Serialize`.
use solohttp::Template;

struct Page {
    title: String,
}

fn main() {
    let _ = Template::new("{title}").render(&Page { title: String::new() });
}
