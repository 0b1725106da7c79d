//! Arbitrary bytes as the path of a request to a static folder. Nothing outside the folder may be
//! sent.

#![no_main]

use std::cell::RefCell;
use std::fs;

use libfuzzer_sys::fuzz_target;
use solohttp_core::{Handler as _, fuzzing};
use solohttp_router::{Router, StaticFolder};

struct Served {
    handler: Box<dyn solohttp_core::Handler>,
    _folder: tempfile::TempDir,
}

fn serve() -> Served {
    let folder = tempfile::tempdir().unwrap();
    let inside = folder.path().join("in");
    fs::create_dir_all(inside.join("sub")).unwrap();
    fs::create_dir_all(folder.path().join("in-too")).unwrap();
    for path in ["canary", "in-too/canary", "in/.hidden", "in/sub/.canary"] {
        fs::write(folder.path().join(path), "canary").unwrap();
    }
    for path in ["in/a.txt", "in/sub/b.html", "in/sub/index.html", "in/\u{e9} x"] {
        fs::write(folder.path().join(path), "fine").unwrap();
    }
    #[cfg(unix)]
    std::os::unix::fs::symlink(folder.path(), inside.join("out")).unwrap();
    let mut router: Router<()> = Router::new();
    router.mount_folder("/", StaticFolder::browsable(&inside));
    Served { handler: Box::new(router), _folder: folder }
}

thread_local! {
    static SERVED: RefCell<Served> = RefCell::new(serve());
}

fuzz_target!(|input: &[u8]| {
    let Some(mut request) = fuzzing::request(input, "x", b"") else { return };
    SERVED.with_borrow_mut(|served| {
        let response = served.handler.handle(&mut (), &mut request);
        let location = response.header("location").unwrap_or("/");
        assert!(location.starts_with('/') && !location[1..].starts_with(['/', '\\']), "{location}");
        assert!(matches!(response.status().as_u16(), 200 | 308 | 404 | 405), "{response:?}");
        assert!(!response.into_text().contains("canary"), "{}", request.target());
    });
});
