//! Static files: a page, and a folder of files below it.
//!
//! Run it with `cargo xtask demo static_content`, then read it from top to bottom.

use solohttp::{
    EmbeddedFolder, Error, Handler, IoList, Request, Router, Server, StaticFolder, embed, iolist,
};

fn main() -> Result<(), Error> {
    env_logger::Builder::from_env(env_logger::Env::default().default_filter_or("info")).init();
    Server::from_args()?.open_browser("/").run(app())
}

// A folder is mounted at a path that ends with a slash. Its handler sees the rest of the path.
//
// `StaticFolder::new` serves files only; `browsable` also lists the folder. A `StaticFolder` serves
// nothing outside the folder, and no file whose name starts with a dot.
fn app() -> impl Handler {
    let mut router: Router<()> = Router::new();
    router.get("/", home);
    router.mount_folder("/static/", StaticFolder::browsable(env!("CARGO_MANIFEST_DIR")));
    // `EmbeddedFolder` does the same for files that are embedded in the program, so that it can be
    // distributed as a single file.
    router.mount_folder("/style/", EmbeddedFolder::new(embed!(".", ["static_content.css"])));
    router
}

// `root_url` makes a link to a file in a mounted folder, and percent-encodes it.
fn home(request: &Request) -> IoList {
    iolist![
        "<!DOCTYPE html><html lang=\"en\"><title>Static content</title>",
        "<link rel=\"stylesheet\" href=\"/style/static_content.css\">",
        "<h1>Static content</h1>",
        "<p>Look into <a href=\"/static/\">the folder of the tutorials</a>, or read ",
        "<a href=\"",
        request.root_url(["static", "static_content.rs"]),
        "\">this program</a>, or ",
        "<a href=\"",
        request.root_url(["static", "intro.rs"]).with("download", ""),
        "\">save the first one</a>.</p>",
        "<p>The browser asks each time whether a file has changed, ",
        "and downloads it only if it has.</p>",
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(target: &str) -> (u16, String, String) {
        let response = Request::get(target).send_to(app());
        let kind = response.header("content-type").unwrap_or_default().to_owned();
        (response.status().as_u16(), kind, response.into_text())
    }

    #[test]
    fn shows_the_folder_and_its_files_as_text() {
        let (status, _, list) = get("/static/");
        assert!(status == 200 && list.contains("static_content.rs"), "{list}");
        let (status, kind, source) = get("/static/static_content.rs");
        assert_eq!((status, kind.as_str()), (200, "text/plain; charset=utf-8"));
        assert!(source.starts_with("//! Static files"));
    }

    #[test]
    fn carries_its_style_sheet_within_itself() {
        let (status, kind, _) = get("/style/static_content.css");
        assert_eq!((status, kind.as_str()), (200, "text/css; charset=utf-8"));
    }

    #[test]
    fn serves_nothing_from_outside() {
        for target in
            ["/static/..%2fCargo.toml", "/static/%2e%2e%2f%2e%2e/etc/passwd", "/static/.git"]
        {
            assert_eq!(get(target).0, 404, "{target}");
        }
    }
}
