//! Checks that programming errors panic at the right line, with messages that suggest a fix.

use std::collections::HashMap;
use std::panic::{self, AssertUnwindSafe, Location};
use std::sync::OnceLock;

use solohttp_core::{Form, Query};
use solohttp_router::{EmbeddedFolder, Path, Router, Service, StaticFolder, path_to, query_of};

/// Checks the message and location of the panic that `mistake` causes.
#[track_caller]
fn check(mistake: impl FnOnce(&mut Router), expect: &str) {
    static HOOK: OnceLock<()> = OnceLock::new();
    thread_local! {
        static PLACE: std::cell::RefCell<String> = const { std::cell::RefCell::new(String::new()) };
    }
    HOOK.get_or_init(|| {
        panic::set_hook(Box::new(|info| {
            let place = info.location().map(Location::file).unwrap_or_default();
            PLACE.set(place.to_owned());
        }));
    });
    let mut router = Router::new();
    let caught = panic::catch_unwind(AssertUnwindSafe(|| mistake(&mut router)));
    let Err(payload) = caught else { panic!("no panic, expected: {expect}") };
    let text = payload.downcast_ref::<String>().cloned();
    let text = text.or_else(|| payload.downcast_ref::<&str>().map(ToString::to_string));
    let text = text.expect("the panic payload is a string");
    assert!(text.contains(expect), "{text:?} does not say {expect:?}");
    assert!(PLACE.take().ends_with("mistakes.rs"), "{text:?} is not at the caller's line");
}

fn page() -> &'static str {
    "page"
}

#[test]
fn malformed_paths_name_their_fix() {
    check(|router| _ = router.get("about", page), "route \"about\": a path starts with a slash");
    check(|router| _ = router.get("/a//b", page), "empty segment");
    check(|router| _ = router.get("/a/../b", page), "can't start with a dot");
    check(|router| _ = router.post("/{id", page), "unmatched brace");
    check(|router| _ = router.put("/{id}/{id}", page), "two wildcards are named {id}");
    check(|router| _ = router.mount("/a/", page), "use `mount_folder`");
    check(|router| _ = router.mount_folder("/a", page), "must end in a slash: add it");
    check(
        |router| _ = router.service("/a", Service::<_, ()>::new(|| ())),
        "must end in a slash: add it",
    );
}

#[test]
fn the_same_path_twice_is_found() {
    check(
        |router| _ = router.get("/a/*", page).post("/a/*", page).get("/a/{id}", page),
        "GET was already added to this path",
    );
    check(|router| _ = router.mount("/a", page).mount("/a", page), "already added");
    check(|router| _ = router.mount("/a", page).get("/a", page), "already added");
    check(|router| _ = router.get("/a", page).mount_folder("/a/", page), "already added");
    check(|router| _ = router.mount("/", page).mount_folder("/", page), "already added");
    check(|router| _ = router.get(["/a", "/a"], page), "already added to this path");
    check(|router| _ = router.fallback(page).fallback(page), "already has a fallback");
}

#[test]
fn values_that_do_not_fit_the_wildcards_are_found() {
    let single = |Path(_): Path<u32>| "";
    check(|router| _ = router.get("/add/*/*", single), "takes 1 value, but the pattern has 2");
    check(|router| _ = router.mount("/add", single), "takes 1 value, but the pattern has 0");
    check(|router| _ = router.get(["/a/*", "/b"], single), "route \"/b\": its `Path` takes 1");
    let named = |_: Query<HashMap<String, String>>, _: Form<()>, _: Path<HashMap<String, u8>>| "";
    check(|router| _ = router.post("/a/{b}/*", named), "has no name: write {name}");
    let service = Service::<_, ()>::new(|Path(_): Path<u32>| ());
    check(|router| _ = router.service("/a/", service), "takes 1 value");
    let service = Service::new(|| ()).get("x", |(), Path(_): Path<(u8, u8)>| "");
    check(|router| _ = router.service("/*/", service), "takes 2 values");
}

#[test]
fn actions_and_folders_name_their_fix() {
    let service = || Service::<(), ()>::new(|| ());
    check(|_| drop(service().get("a/b", |()| "")), "use a single literal segment");
    check(|_| drop(service().get("a", |()| "").get("a", |()| "")), "already has this method");
    check(|_| drop(StaticFolder::new("no such folder")), "static folder no such folder");
    check(|_| drop(StaticFolder::new("Cargo.toml")), "static folder Cargo.toml");
    check(|_| drop(EmbeddedFolder::new(&[("a//b", b"")])), "rename it");
    check(|_| drop(EmbeddedFolder::new(&[("a", b""), ("a", b"")])), "duplicate path");
    check(|_| drop(EmbeddedFolder::new(&[("a", b""), ("a/b", b"")])), "is also a file");
    check(|_| drop(EmbeddedFolder::new(&[("a/b", b""), ("a", b"")])), "duplicate path");
}

#[test]
fn links_need_what_their_pattern_says() {
    check(|_| drop(path_to("/task/{id}", ())), "expected 1 values for its wildcards, got 0");
    check(|_| drop(path_to("/task", [1])), "expected 0 values");
    check(|_| drop(path_to("task", ())), "starts with a slash");
    check(|_| drop(query_of(&[("tags", [1, 2])])), "plain values");
}
