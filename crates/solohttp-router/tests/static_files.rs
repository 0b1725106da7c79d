//! A folder's responses: types, listings, conditional and range requests, and files that are never
//! served.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use solohttp_core::{Handler, Method, Request, Response};
use solohttp_router::{EmbeddedFolder, Router, StaticFolder, embed};
use tempfile::TempDir;

/// This text must not appear in any response.
const CANARY: &str = "the canary is dead";

/// A folder `static/` with files, surrounded by private files.
fn farm() -> TempDir {
    let farm = TempDir::new().expect("a temporary folder");
    let root = farm.path();
    for folder in ["static/sub", "static/empty", "static/.git", "outside", "static-evil"] {
        fs::create_dir_all(root.join(folder)).expect("a folder");
    }
    for file in ["outside/canary.txt", "static-evil/canary.txt", "canary.txt"] {
        fs::write(root.join(file), CANARY).expect("a file");
    }
    for file in [".hidden", "_secret.txt", ".git/config", "sub/.hidden"] {
        fs::write(root.join("static").join(file), CANARY).expect("a file");
    }
    for (file, content) in [
        ("hello.txt", "0123456789"),
        ("sub/inner.txt", "inner"),
        ("sub/index.html", "<p>index"),
        ("100% #1 & 'é'.txt", "odd"),
        ("main.rs", "fn main() {}"),
    ] {
        fs::write(root.join("static").join(file), content).expect("a file");
    }
    links(root);
    farm
}

#[cfg(unix)]
fn links(root: &Path) {
    use std::os::unix::fs::symlink;
    for (target, link) in [
        ("../outside/canary.txt", "link-file"),
        ("../outside", "link-folder"),
        ("/etc/passwd", "link-far"),
        ("link-file", "link-chain"),
        (".hidden", "link-hidden"),
        ("link-loop", "link-loop"),
        ("nothing", "link-dangling"),
        ("../..", "sub/link-up"),
        ("hello.txt", "link-inside"),
    ] {
        symlink(target, root.join("static").join(link)).expect("a link");
    }
    symlink(root.join("outside/canary.txt"), root.join("static/link-absolute")).expect("a link");
}

/// Creating links requires a privilege on Windows.
#[cfg(windows)]
fn links(_: &Path) {}

fn app(folder: StaticFolder) -> impl Handler {
    let mut router = Router::<()>::new();
    router.mount_folder("/static/", folder);
    router
}

fn browsable(farm: &TempDir) -> impl Handler {
    app(StaticFolder::browsable(farm.path().join("static")))
}

fn ask(handler: impl Handler, target: &str, fields: &[(&str, &str)]) -> Response {
    let builder = Request::get(target);
    let builder = fields.iter().fold(builder, |builder, (name, value)| builder.header(name, value));
    builder.send_to(handler)
}

fn check(target: &str, status: u16, content_type: &str, text: &str) {
    let response = ask(browsable(&farm()), target, &[]);
    assert_eq!(response.status(), status, "{target}");
    let given = response.header("content-type").unwrap_or_default().to_owned();
    assert!(given.starts_with(content_type), "{target}: {given}");
    assert_eq!(response.into_text(), text, "{target}");
}

#[test]
fn a_file_has_its_type_and_version() {
    check("/static/hello.txt", 200, "text/plain; charset=utf-8", "0123456789");
    check("/static/main.rs", 200, "text/plain; charset=utf-8", "fn main() {}");
    check("/static/sub/", 200, "text/html; charset=utf-8", "<p>index");
    check("/static/100%25%20%231%20&%20'%C3%A9'.txt", 200, "text/plain", "odd");
    let response = ask(browsable(&farm()), "/static/hello.txt", &[]);
    assert_eq!(response.header("cache-control"), Some("no-cache"));
    assert_eq!(response.header("accept-ranges"), Some("bytes"));
    assert!(response.header("etag").is_some_and(|tag| tag.starts_with('"') && tag.ends_with('"')));
    let date = response.header("last-modified").expect("a date");
    assert!(httpdate::parse_http_date(date).is_ok(), "{date}");
}

#[test]
fn a_folder_without_its_slash_is_redirected_and_a_file_with_one_is_not_there() {
    let farm = farm();
    let location = |target| {
        let response = ask(browsable(&farm), target, &[]);
        (response.status().as_u16(), response.header("location").map(str::to_owned))
    };
    assert_eq!(location("/static?a=1"), (308, Some("/static/?a=1".to_owned())));
    assert_eq!(location("/static/sub"), (308, Some("/static/sub/".to_owned())));
    assert_eq!(location("/static/hello.txt/"), (404, None));
    assert_eq!(location("/static/none"), (404, None));
}

#[test]
fn only_get_and_head_are_answered() {
    let farm = farm();
    for (method, status) in [("HEAD", 200), ("POST", 405), ("OPTIONS", 204), ("BREW", 501)] {
        let method = Method::from_bytes(method.as_bytes()).expect("a token");
        let response = Request::with_method(method, "/static/hello.txt").send_to(browsable(&farm));
        assert_eq!(response.status(), status);
        let allow = (status != 200).then_some("GET, HEAD, OPTIONS");
        assert_eq!(response.header("allow"), allow);
    }
}

#[test]
fn a_known_version_is_not_sent_again() {
    let farm = farm();
    let app = || browsable(&farm);
    let first = ask(app(), "/static/hello.txt", &[]);
    let tag = first.header("etag").expect("a tag");
    let date = first.header("last-modified").expect("a date");
    for fields in [[("if-none-match", tag)], [("if-modified-since", date)]] {
        let response = ask(app(), "/static/hello.txt", &fields);
        assert_eq!(response.status(), 304);
        assert_eq!(response.header("etag"), Some(tag));
        assert_eq!(response.header("last-modified"), Some(date));
        assert_eq!(response.into_text(), "");
    }
    fs::write(farm.path().join("static/hello.txt"), "changed").expect("a file");
    let changed = ask(app(), "/static/hello.txt", &[("if-none-match", tag)]);
    assert_eq!(changed.into_text(), "changed");
}

fn check_part(range: &str, status: u16, shown: Option<&str>, text: &str) {
    let response = ask(browsable(&farm()), "/static/hello.txt", &[("range", range)]);
    assert_eq!(response.status(), status, "{range}");
    assert_eq!(response.header("content-range"), shown, "{range}");
    let whole = response.into_text();
    assert!(if status == 416 { whole.contains(text) } else { whole == text }, "{range}: {whole}");
}

#[test]
fn a_range_is_sent_alone() {
    check_part("bytes=0-3", 206, Some("bytes 0-3/10"), "0123");
    check_part("bytes=4-", 206, Some("bytes 4-9/10"), "456789");
    check_part("bytes=-2", 206, Some("bytes 8-9/10"), "89");
    check_part("bytes=8-100", 206, Some("bytes 8-9/10"), "89");
    check_part("bytes=10-", 416, Some("bytes */10"), "the file has 10 bytes");
    check_part("bytes=0-1,3-4", 200, None, "0123456789");
    check_part("lines=1-2", 200, None, "0123456789");
}

#[test]
fn a_range_of_another_version_gets_the_whole() {
    let farm = farm();
    let ask = |fields: &[(&str, &str)]| ask(browsable(&farm), "/static/hello.txt", fields);
    let tag = ask(&[]).header("etag").expect("a tag").to_owned();
    assert_eq!(ask(&[("range", "bytes=4-"), ("if-range", &tag)]).status(), 206);
    assert_eq!(ask(&[("range", "bytes=4-"), ("if-range", "\"other\"")]).status(), 200);
    assert_eq!(ask(&[("range", "bytes=4-"), ("if-match", "\"other\"")]).status(), 412);
}

#[test]
fn the_browser_saves_a_file_when_asked_to() {
    let farm = farm();
    let saved = |folder, target| {
        let response = ask(app(folder), target, &[]);
        response.header("content-disposition").map(str::to_owned)
    };
    let folder = || StaticFolder::new(farm.path().join("static"));
    let name = Some("attachment; filename=\"hello.txt\"".to_owned());
    assert_eq!(saved(folder(), "/static/hello.txt"), None);
    assert_eq!(saved(folder(), "/static/hello.txt?download"), name);
    assert_eq!(saved(folder().as_downloads(), "/static/hello.txt"), name);
}

#[test]
fn a_listing_links_to_every_file_and_to_nothing_else() {
    let farm = farm();
    let page = ask(browsable(&farm), "/static/", &[]).into_text();
    for part in [
        "<a href=\"/static/100%25%20%231%20%26%20%27%C3%A9%27.txt\">100% #1 &amp; &#x27;é&#x27;.txt</a>",
        "<a href=\"/static/sub/\">sub/</a>",
        "<a href=\"/static/hello.txt\">hello.txt</a></td><td align=\"right\">10 B</td><td>",
        "<a href=\"/\">.. (parent folder)</a></p>",
        " UTC</td>",
    ] {
        assert!(page.contains(part), "no {part} in {page}");
    }
    for name in ["hidden", "secret", ".git", "link-f", "link-l", "link-d", "link-a", "canary"] {
        assert!(!page.contains(name), "{name} in {page}");
    }
    assert_eq!(page.contains("link-inside"), cfg!(unix), "{page}");
    let links = page.match_indices("href=\"").map(|(at, start)| &page[at + start.len()..]);
    let links: Vec<&str> = links.filter_map(|rest| rest.split('"').next()).collect();
    assert!(links.len() >= 6, "{links:?}");
    for link in links.iter().filter(|link| link.starts_with("/static/")) {
        assert_eq!(ask(browsable(&farm), link, &[]).status(), 200, "{link}");
    }
    let empty = ask(browsable(&farm), "/static/empty/", &[]).into_text();
    assert!(empty.contains("This folder is empty."), "{empty}");
}

#[test]
fn a_folder_tells_its_files_only_if_the_program_says_so() {
    let farm = farm();
    let folder = || StaticFolder::new(farm.path().join("static"));
    assert_eq!(ask(app(folder()), "/static/", &[]).status(), 404);
    assert_eq!(ask(app(folder().listing(true)), "/static/", &[]).status(), 200);
    assert_eq!(ask(app(folder()), "/static/sub/", &[]).into_text(), "<p>index");
}

#[test]
fn hidden_names_and_outer_links_need_the_programs_word() {
    let farm = farm();
    let folder = || StaticFolder::new(farm.path().join("static"));
    let hidden = || app(folder().with_hidden());
    assert_eq!(ask(hidden(), "/static/.git/config", &[]).status(), 200);
    assert_eq!(ask(hidden(), "/static/_secret.txt", &[]).status(), 200);
    assert_eq!(ask(hidden(), "/static/..%2fcanary.txt", &[]).status(), 404);
    if cfg!(unix) {
        assert_eq!(ask(app(folder()), "/static/link-inside", &[]).status(), 200);
        let outer = ask(app(folder().follow_links()), "/static/link-folder/canary.txt", &[]);
        assert_eq!(outer.into_text(), CANARY);
    }
}

#[test]
fn a_name_in_another_case_is_not_found() {
    let farm = farm();
    for target in
        ["/static/HELLO.TXT", "/static/Hello.txt", "/static/SUB/", "/static/Sub/index.html"]
    {
        assert_eq!(ask(browsable(&farm), target, &[]).status(), 404, "{target}");
        let folder = StaticFolder::new(farm.path().join("static")).follow_links().with_hidden();
        assert_eq!(ask(app(folder), target, &[]).status(), 404, "{target}");
    }
    assert_eq!(ask(browsable(&farm), "/Static/hello.txt", &[]).status(), 404);
}

#[test]
fn a_read_only_file_is_served() {
    let farm = farm();
    let file = farm.path().join("static/hello.txt");
    let mut permissions = fs::metadata(&file).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&file, permissions).unwrap();
    assert_eq!(ask(browsable(&farm), "/static/hello.txt", &[]).into_text(), "0123456789");
}

/// `fs::canonicalize` returns verbatim paths, and Windows passes verbatim paths to programs when
/// files are dropped on them.
#[cfg(windows)]
#[test]
fn a_folder_may_be_named_by_a_verbatim_path() {
    let farm = farm();
    let verbatim = fs::canonicalize(farm.path()).unwrap().join("static");
    assert!(verbatim.to_str().unwrap().starts_with(r"\\?\"), "{verbatim:?}");
    let short = std::path::PathBuf::from(&verbatim.to_str().unwrap()[4..]);
    for folder in [verbatim, short] {
        let ask = |target| ask(app(StaticFolder::browsable(&folder)), target, &[]);
        assert_eq!(ask("/static/hello.txt").into_text(), "0123456789");
        for target in
            ["/static/..%5Coutside%5Ccanary.txt", "/static/sub%5Cindex.html", "/static/NUL"]
        {
            assert_eq!(ask(target).status(), 404, "{target}");
        }
    }
}

/// While the file is being served, another program can read and remove it.
#[cfg(windows)]
#[test]
fn a_file_that_is_being_sent_can_be_removed() {
    use std::os::windows::fs::OpenOptionsExt as _;
    let farm = farm();
    let file = farm.path().join("static/hello.txt");
    fs::write(&file, vec![b'x'; 1 << 20]).unwrap();
    const FILE_SHARE_READ: u32 = 1;
    let reader = fs::OpenOptions::new().read(true).share_mode(FILE_SHARE_READ).open(&file).unwrap();
    assert_eq!(ask(browsable(&farm), "/static/hello.txt", &[]).status(), 200);
    drop(reader);
    let response = ask(browsable(&farm), "/static/hello.txt", &[]);
    fs::remove_file(&file).unwrap();
    drop(response);
    assert!(!file.exists());
}

/// Files with these names can't exist on Windows, where the option has no effect.
#[cfg(unix)]
#[test]
fn names_that_windows_forbids_are_served_on_demand() {
    let names = ["12:30.txt", "con.txt", "aux.png", "star*.txt", "trail.", "back\\slash"];
    let folder = TempDir::new().unwrap();
    for name in names {
        std::fs::write(folder.path().join(name), "x").unwrap();
    }
    let asked = |folder: StaticFolder, name: &str| {
        let url = Request::get("/").build().root_url(["static", name]).to_string();
        ask(app(folder), &url, &[]).status().as_u16()
    };
    let listed = |folder: StaticFolder| ask(app(folder), "/static/", &[]).into_text();
    let folder = || StaticFolder::browsable(folder.path());
    let page = listed(folder());
    let full_page = listed(folder().with_unportable_names());
    for name in names {
        assert_eq!(asked(folder(), name), 404, "{name}");
        assert_eq!(asked(folder().with_unportable_names(), name), 200, "{name}");
        assert!(!page.contains(name) && full_page.contains(name), "{name} in {full_page}");
    }
}

#[test]
fn no_spelling_leads_out_of_the_folder() {
    let farm = farm();
    let list = include_str!("traversal.txt");
    let spellings = list.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut count = 0;
    for spelling in spellings {
        count += 1;
        check_refused(&farm, &format!("/static/{spelling}"), 0);
        check_refused(&farm, &format!("/static/sub/{spelling}"), 0);
    }
    assert!(count >= 50, "only {count} spellings");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn no_mix_of_parts_leads_out_of_the_folder(
        parts in prop::collection::vec(prop::sample::select(PARTS), 1..8),
    ) {
        thread_local! {
            static FARM: TempDir = farm();
        }
        FARM.with(|farm| {
            let mut app = browsable(farm);
            let response = Request::get(&format!("/static/{}", parts.concat())).send_to(&mut app);
            let text = response.into_text();
            prop_assert!(!text.contains(CANARY) && !text.contains("root:"), "{:?}: {}", parts, text);
            Ok(())
        })?;
    }
}

/// Each is valid UTF-8, so that the parser accepts any combination.
const PARTS: &[&str] = &[
    "/",
    "/",
    "/",
    "..",
    "..",
    ".",
    "%2e",
    "%2e%2e",
    "%2f",
    "%5c",
    "\\",
    "%00",
    ":",
    "%20",
    "~",
    "sub",
    "static",
    "outside",
    "static-evil",
    "canary.txt",
    "hello.txt",
    ".hidden",
    "_secret.txt",
    ".git",
    "config",
    "link-file",
    "link-folder",
    "link-chain",
    "link-up",
    "etc",
    "passwd",
    "C:",
];

/// Sends the request to a router and to the folder alone. Follows redirects within the site.
fn check_refused(farm: &TempDir, target: &str, followed: u32) {
    assert!(followed < 5, "redirected without end to {target}");
    // `Request::get` panics on targets that the parser rejects.
    let Ok(request) = std::panic::catch_unwind(|| Request::get(target).build()) else { return };
    drop(request);
    for is_routed in [true, false] {
        for any_names in [false, true] {
            let folder = StaticFolder::browsable(farm.path().join("static"));
            let folder = if any_names { folder.with_unportable_names() } else { folder };
            let response = match target.strip_prefix("/static") {
                Some(alone) if !is_routed && alone.starts_with('/') => {
                    Request::get(alone).send_to(folder)
                }
                _ => Request::get(target).send_to(app(folder)),
            };
            let status = response.status().as_u16();
            let location = response.header("location").map(str::to_owned);
            let text = response.into_text();
            assert!(!text.contains(CANARY) && !text.contains("root:"), "{target}: {text}");
            match location {
                Some(url) if is_routed => {
                    assert!(url.starts_with('/') && !url[1..].starts_with(['/', '\\']), "{url}");
                    check_refused(farm, &url, followed + 1);
                }
                Some(_) => {}
                None => assert!(
                    matches!(status, 400 | 403 | 404) || (status == 200 && is_inside(target)),
                    "{target}: {status}"
                ),
            }
        }
    }
}

/// Returns whether redirects, or `..` within the folder, may lead to this file.
fn is_inside(target: &str) -> bool {
    ["/static/", "/static/sub/", "/static/hello.txt"].contains(&target)
}

#[cfg(unix)]
#[test]
fn a_pipe_is_no_file() {
    let farm = farm();
    let pipe = farm.path().join("static/pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo is there");
    assert!(made.success());
    assert_eq!(ask(browsable(&farm), "/static/pipe", &[]).status(), 404);
    assert!(!ask(browsable(&farm), "/static/", &[]).into_text().contains("pipe"));
}

#[cfg(unix)]
#[test]
fn a_socket_or_a_device_is_no_file() {
    let farm = farm();
    let _socket =
        std::os::unix::net::UnixListener::bind(farm.path().join("static/socket")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", farm.path().join("static/zero")).unwrap();
    let folder = || StaticFolder::browsable(farm.path().join("static")).follow_links();
    for name in ["socket", "zero"] {
        assert_eq!(ask(app(folder()), &format!("/static/{name}"), &[]).status(), 404, "{name}");
        assert!(!ask(app(folder()), "/static/", &[]).into_text().contains(name), "{name}");
    }
}

#[test]
fn embedded_files_are_served_alike() {
    let folder = || EmbeddedFolder::new(embed!("tests", ["traversal.txt", "routes.rs"]));
    let app = |folder| {
        let mut router = Router::<()>::new();
        router.mount_folder("/", folder);
        router
    };
    let response = ask(app(folder()), "/traversal.txt", &[]);
    assert_eq!(response.header("content-type"), Some("text/plain; charset=utf-8"));
    let tag = response.header("etag").expect("a tag").to_owned();
    assert_eq!(response.into_text(), include_str!("traversal.txt"));
    assert_eq!(ask(app(folder()), "/traversal.txt", &[("if-none-match", &tag)]).status(), 304);
    let part = ask(app(folder()), "/traversal.txt", &[("range", "bytes=2-6")]);
    assert_eq!(part.status(), 206);
    assert_eq!(part.into_text(), "Paths");
    assert_eq!(ask(app(folder()), "/", &[]).status(), 404);
    let page = ask(app(folder().listing(true)), "/", &[]).into_text();
    assert!(page.contains("<a href=\"/routes.rs\">routes.rs</a>"), "{page}");
}

#[test]
fn embedded_folders_are_made_of_the_names_of_files() {
    const FILES: &[(&str, &[u8])] = &[("a/b/c.css", b"c"), ("a/index.html", b"<p>a"), ("d", b"d")];
    let ask = |target| ask(EmbeddedFolder::new(FILES).listing(true), target, &[]);
    assert_eq!(ask("/a/b/c.css").into_text(), "c");
    assert_eq!(ask("/a/").into_text(), "<p>a");
    assert_eq!(ask("/a/b").header("location"), Some("/a/b/"));
    let page = ask("/").into_text();
    assert!(page.contains(">a/</a>") && page.contains(">d</a>") && !page.contains("c.css"));
    assert!(ask("/a/b/").into_text().contains(">c.css</a>"));
}
