//! solohttp's router and axum's, with empty handlers.

use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use axum::body::Body;
use axum::http;
use axum::routing::get;
use race::{Bar, Contender, Row, race};
use solohttp_core::{Handler as _, Request};
use tower_service::Service as _;

use crate::paths::Routes;

/// Whole dispatch, from the making of a request to an empty response.
pub(crate) fn compare(routes: &Routes) -> Row {
    let mut ours = solohttp_router::Router::<()>::new();
    let mut theirs = axum::Router::<()>::new();
    for pattern in &routes.patterns {
        ours.get(pattern, || ());
        theirs = theirs.route(pattern, get(|| async {}));
    }
    // Both take a new request each time.
    let ask_ours = || {
        for path in &routes.paths {
            let mut request = Request::get(path).build();
            assert_eq!(black_box(ours.handle(&mut (), &mut request)).status(), 204);
        }
    };
    let ask_theirs = || {
        let mut context = Context::from_waker(Waker::noop());
        for path in &routes.paths {
            let request = http::Request::get(path).body(Body::empty()).expect("a sound request");
            let mut answer = pin!(theirs.call(request));
            let Poll::Ready(Ok(response)) = answer.as_mut().poll(&mut context) else {
                panic!("the handlers never wait")
            };
            assert_eq!(black_box(response).status(), 200);
        }
    };
    let what = format!("dispatch among {} routes, to an empty response", routes.patterns.len());
    let count = routes.paths.len();
    let entrants = race(
        &what,
        vec![
            Contender::new("solohttp", ask_ours).of(count),
            Contender::new("axum", ask_theirs).of(count),
        ],
    );
    Row::new(what, "ns", entrants).with_bar(Bar::Times("axum", 1.0))
}
