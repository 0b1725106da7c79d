//! Our router and axum's, with handlers that do nothing.

use std::collections::HashMap;
use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use axum::body::Body;
use axum::http;
use axum::routing::get;
use solohttp_core::{Handler as _, Request};
use tower_service::Service as _;

use crate::paths::Routes;

pub(crate) fn compare(routes: &Routes) {
    let mut ours = solohttp_router::Router::<()>::new();
    let mut theirs = axum::Router::<()>::new();
    for pattern in &routes.patterns {
        ours.get(pattern, || ());
        theirs = theirs.route(pattern, get(|| async {}));
    }
    // Requests are made beforehand; ours can be asked again, axum's takes a fresh one each time.
    let mut requests: HashMap<String, Request> = HashMap::new();
    for path in &routes.paths {
        requests.insert(path.clone(), Request::get(path).build());
    }
    let mut found: Vec<Request> =
        routes.paths.iter().filter_map(|path| requests.remove(path)).collect();
    let mut next = 0;
    let mut ask_ours = |_: &str| {
        let request = &mut found[next];
        next = (next + 1) % routes.paths.len();
        request.set_mount(0, Vec::new());
        assert_eq!(black_box(ours.handle(&mut (), request)).status(), 204);
    };
    let mut context = Context::from_waker(Waker::noop());
    let mut ask_theirs = |path: &str| {
        let request = http::Request::get(path).body(Body::empty()).expect("a sound request");
        let mut answer = pin!(theirs.call(request));
        let Poll::Ready(Ok(response)) = answer.as_mut().poll(&mut context) else {
            panic!("the handlers never wait")
        };
        assert_eq!(black_box(response).status(), 200);
    };
    let [ours, theirs] = crate::race(&routes.paths, [&mut ask_ours, &mut ask_theirs]);
    crate::row(routes.patterns.len(), ours, theirs);
}
