//! Tests for sign-in decisions, which depend only on request heads, and for the files in the data
//! folder.

use std::fs;
use std::net::Ipv4Addr;
use std::time::Duration;

use http::header::SET_COOKIE;
use http::{HeaderMap, StatusCode};

use super::*;
use crate::url::Target;

const ADDRESS: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);

fn launch_in(folder: &tempfile::TempDir) -> Launch {
    launch(folder, None)
}

fn launch(folder: &tempfile::TempDir, running: Option<Running>) -> Launch {
    let app = folder.path().join("app");
    Launch::new(Some(app), false, running, ADDRESS, "today?a=1&b=2").unwrap()
}

fn first(instance: &InstanceFolder) -> Running {
    let Claim::First(running) = instance.claim().unwrap() else { panic!("another is first") };
    running
}

fn head(method: &str, target: &str, fields: &[(&'static str, String)]) -> Head {
    let fields = fields.iter().map(|(name, value)| (*name, value.as_str()));
    let fields = [("host", "127.0.0.1:8080")].into_iter().chain(fields);
    let mut headers = HeaderMap::new();
    for (name, value) in fields {
        headers.append(name, HeaderValue::try_from(value).unwrap());
    }
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    Head {
        method,
        target: Target::new(target),
        authority: None,
        is_http11: true,
        headers: headers.into(),
    }
}

fn status(launch: &Launch, head: &Head) -> u16 {
    launch.intercept(head, Instant::now()).map_or(0, |page| page.status().as_u16())
}

/// Returns the response to a browser that opens this link.
fn visit(launch: &Launch, address: &str, now: Instant) -> Response {
    let target = address.strip_prefix("http://127.0.0.1:8080").unwrap();
    launch.intercept(&head("GET", target, &[]), now).unwrap()
}

#[test]
fn a_link_from_elsewhere_never_leads_to_another_host() {
    let folder = tempfile::tempdir().unwrap();
    let launch = launch_in(&folder);
    let site = [("sec-fetch-site", "cross-site".to_owned())];
    for (target, link) in [
        ("/a?b=1&c", "/a?b=1&amp;c"),
        ("//evil.example/x", "/evil.example/x"),
        ("/\\evil.example", "/%5Cevil.example"),
        ("/%2F%2Fevil.example", "/%2F%2Fevil.example"),
        ("///?//evil", "/?//evil"),
    ] {
        let page = launch.intercept(&head("GET", target, &site), Instant::now()).unwrap();
        let page = page.into_text();
        assert!(page.contains(&format!("href=\"{link}\"")), "{target}: {page}");
    }
}

#[test]
fn a_ticket_is_exchanged_for_a_cookie_that_signs_in() {
    let folder = tempfile::tempdir().unwrap();
    let launch = launch_in(&folder);
    let now = Instant::now();
    let address = launch.sign_in_link(now).unwrap();
    let page = visit(&launch, &address, now + Duration::from_secs(59));
    assert_eq!(page.status(), StatusCode::OK);
    assert_eq!(page.header("cache-control"), Some("no-store"));
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    let cookie = page.headers()[SET_COOKIE].to_str().unwrap().to_owned();
    let (pair, attributes) = cookie.split_once("; ").unwrap();
    assert_eq!(attributes, "Path=/; HttpOnly; SameSite=Strict; Max-Age=31536000");
    assert_eq!(pair, format!("solo_8080={}", launch.token()));
    assert!(page.into_text().contains("0;url=/today?a=1&amp;b=2\""), "redirects to the start page");
    assert_eq!(status(&launch, &head("POST", "/x", &[("cookie", pair.to_owned())])), 0);
    let again = visit(&launch, &address, now);
    assert_eq!((again.status().as_u16(), again.header("set-cookie")), (401, None), "used up");
    assert!(!again.into_text().contains(launch.token()));
}

#[test]
fn a_ticket_is_valid_for_a_minute_and_for_get_only() {
    let folder = tempfile::tempdir().unwrap();
    let launch = launch_in(&folder);
    let now = Instant::now();
    let address = launch.sign_in_link(now).unwrap();
    assert_eq!(visit(&launch, &address, now + Duration::from_secs(61)).status(), 401);
    let target = address.strip_prefix("http://127.0.0.1:8080").unwrap();
    for method in ["HEAD", "POST", "OPTIONS"] {
        assert_eq!(status(&launch, &head(method, target, &[])), 401, "{method}");
    }
    for wrong in ["", "t=", "t=0", &format!("{target}0")[10..], &target[10..target.len() - 1]] {
        assert_eq!(status(&launch, &head("GET", &format!("{PATH}?{wrong}"), &[])), 401, "{wrong}");
    }
    assert_eq!(visit(&launch, &address, now).status(), 200, "none of these has used it up");
}

#[test]
fn a_second_start_signs_a_browser_in_until_the_first_ends() {
    let folder = tempfile::tempdir().unwrap();
    let instance = InstanceFolder::new(&folder.path().join("app"), 8080, "");
    let launch = launch(&folder, Some(first(&instance)));
    let left = || {
        let ticket = instance.leave_ticket().unwrap();
        let file = launch_file_for(&instance, ADDRESS, &ticket).unwrap();
        let address = sign_in_link_to(ADDRESS, &ticket);
        assert!(fs::read_to_string(&file).unwrap().contains(&address));
        (file, address)
    };
    let (file, address) = left();
    let page = visit(&launch, &address, Instant::now());
    let cookie = page.header("set-cookie").unwrap();
    assert!(page.status() == 200 && cookie.contains(launch.token()), "{cookie}");
    assert_eq!(visit(&launch, &address, Instant::now()).status(), 401, "used up");
    assert!(!file.exists());

    let (file, address) = left();
    launch.end();
    assert_eq!(visit(&launch, &address, Instant::now()).status(), 401);
    assert!(!file.exists());
}

#[test]
fn at_most_eight_links_are_valid_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let launch = launch_in(&folder);
    let now = Instant::now();
    let links: Vec<String> = (0..9).map(|_| launch.sign_in_link(now).unwrap()).collect();
    let statuses = links.iter().rev().map(|link| visit(&launch, link, now).status().as_u16());
    assert_eq!(statuses.collect::<Vec<_>>(), [200, 200, 200, 200, 200, 200, 200, 200, 401]);
}

#[test]
fn the_token_is_accepted_as_cookie_and_as_bearer() {
    let folder = tempfile::tempdir().unwrap();
    let launch = launch_in(&folder);
    let token = launch.token().to_owned();
    let check = |name: &'static str, value: String, expect: u16| {
        assert_eq!(status(&launch, &head("GET", "/", &[(name, value.clone())])), expect, "{value}");
    };
    check("authorization", format!("Bearer {token}"), 0);
    check("authorization", format!("bearer {token}"), 0);
    check("cookie", format!("a=b; solo_8080=stale;solo_8080={token}; c"), 0);
    for (name, value) in [
        ("authorization", token.clone()),
        ("authorization", format!("Bearer {}", &token[1..])),
        ("authorization", "Bearer ".to_owned()),
        ("authorization", format!("Basic {token}")),
        ("cookie", format!("solo_8081={token}")),
        ("cookie", format!("xsolo_8080={token}")),
        ("cookie", format!("solo_8080={token}0")),
        ("cookie", "solo_8080=".to_owned()),
        ("x-token", token.clone()),
    ] {
        check(name, value, 401);
    }
    let mut without_host = head("GET", "/", &[("authorization", format!("Bearer {token}"))]);
    let mut headers = without_host.headers.map().clone();
    headers.remove(HOST);
    without_host.headers = headers.into();
    assert_eq!(status(&launch, &without_host), 400);
}

#[test]
fn pages_say_how_to_sign_in_and_how_to_follow_a_link() {
    let folder = tempfile::tempdir().unwrap();
    let instance = InstanceFolder::new(&folder.path().join("app"), 8080, "");
    let launch = launch(&folder, Some(first(&instance)));
    let page = |fields: &[(&'static str, String)]| {
        launch.intercept(&head("GET", "/a?b=1&c", fields), Instant::now()).unwrap()
    };
    let signed_out = page(&[]);
    assert_eq!(signed_out.header("www-authenticate"), Some("Bearer"));
    assert!(signed_out.into_text().contains("Start the program again"));
    let late = visit(&launch, "http://127.0.0.1:8080/__launch?t=0", Instant::now()).into_text();
    assert!(late.contains("expired. Start the program again"), "{late}");
    let linked = page(&[("sec-fetch-site", "cross-site".to_owned())]);
    assert_eq!(linked.status(), 401);
    assert!(linked.into_text().contains("<a href=\"/a?b=1&amp;c\""));
}

#[test]
fn the_token_survives_a_restart_until_it_is_rotated_or_deleted() {
    let folder = tempfile::tempdir().unwrap();
    let token = |rotates| {
        let path = Some(folder.path().join("app"));
        Launch::new(path, rotates, None, ADDRESS, "").unwrap().token().to_owned()
    };
    let first = token(false);
    assert_eq!((first.len(), token(false)), (64, first.clone()));
    let second = token(true);
    assert_ne!(first, second);
    assert_eq!(token(false), second);
    let path = folder.path().join("app").join("launch-token");
    fs::remove_file(&path).unwrap();
    assert_ne!(token(false), second);
    for odd in ["", "short", "é"] {
        fs::write(&path, odd).unwrap();
        assert_eq!(token(false).len(), 64, "{odd:?} is not a token");
    }
}

#[test]
fn without_a_folder_the_token_is_valid_for_one_run() {
    let folder = tempfile::tempdir().unwrap();
    let taken = folder.path().join("a file");
    fs::write(&taken, "").unwrap();
    for path in [None, Some(taken)] {
        let launch = Launch::new(path, false, None, ADDRESS, "").unwrap();
        let address = launch.sign_in_link(Instant::now()).unwrap();
        assert!(launch.launch_file(&address).is_err());
        assert_eq!(visit(&launch, &address, Instant::now()).status(), 200);
        let page = launch.intercept(&head("GET", "/", &[]), Instant::now()).unwrap().into_text();
        assert!(page.contains("Stop the program and start it again"), "{page}");
    }
}

#[test]
fn the_launch_file_contains_the_link_and_is_removed_with_its_ticket() {
    let folder = tempfile::tempdir().unwrap();
    let launch = launch_in(&folder);
    let address = launch.sign_in_link(Instant::now()).unwrap();
    let file = launch.launch_file(&address).unwrap();
    let page = fs::read_to_string(&file).unwrap();
    assert!(page.contains(&format!("0;url={address}\"")), "{page}");
    assert!(!page.contains(launch.token()));
    assert_eq!(visit(&launch, &address, Instant::now()).status(), 200);
    assert!(!file.exists());
}

/// Virus scanners open every new file, and Windows doesn't remove open files.
#[cfg(windows)]
#[test]
fn a_launch_file_that_another_program_has_open_is_removed_later() {
    use std::os::windows::fs::OpenOptionsExt as _;
    const FILE_SHARE_READ: u32 = 1;
    let folder = tempfile::tempdir().unwrap();
    let launch = launch_in(&folder);
    let address = launch.sign_in_link(Instant::now()).unwrap();
    let file = launch.launch_file(&address).unwrap();
    let held = fs::OpenOptions::new().read(true).share_mode(FILE_SHARE_READ).open(&file).unwrap();
    assert_eq!(visit(&launch, &address, Instant::now()).status(), 200);
    assert!(file.exists(), "the test needs a removal that fails at first");
    drop(held);
    let until = Instant::now() + std::time::Duration::from_secs(20);
    while file.exists() && Instant::now() < until {
        std::thread::yield_now();
    }
    assert!(!file.exists());
}

#[test]
fn the_log_never_shows_a_secret() {
    let folder = tempfile::tempdir().unwrap();
    let launch = launch_in(&folder);
    let address = launch.sign_in_link(Instant::now()).unwrap();
    let shown = format!("{launch:?}");
    assert!(
        !shown.contains(launch.token()) && !shown.contains(address.rsplit('=').next().unwrap())
    );
}

#[cfg(unix)]
#[test]
fn other_users_can_read_neither_token_nor_launch_file() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let folder = tempfile::tempdir().unwrap();
    let launch = launch_in(&folder);
    let app = folder.path().join("app");
    let file = launch.launch_file(&launch.sign_in_link(Instant::now()).unwrap()).unwrap();
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let path = app.join("launch-token");
    assert_eq!((mode(&app), mode(&path), mode(&file)), (0o700, 0o600, 0o600));

    let first = launch.token().to_owned();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let second = launch_in(&folder);
    assert_ne!(second.token(), first, "a token that others could read is replaced");
    assert_eq!(mode(&path), 0o600);

    let elsewhere = folder.path().join("elsewhere");
    fs::remove_file(&path).unwrap();
    symlink(&elsewhere, &path).unwrap();
    launch_in(&folder);
    assert!(!elsewhere.exists(), "an existing symlink is not followed");
}
