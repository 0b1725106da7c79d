//! Arbitrary bytes as a `Range` field. A successful response is the whole file or exactly the part
//! that its `Content-Range` names.

#![no_main]

use libfuzzer_sys::fuzz_target;
use solohttp_core::{Handler as _, Rejection, fuzzing};
use solohttp_router::EmbeddedFolder;

const CONTENT: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";
const FILES: &[(&str, &[u8])] = &[("file", CONTENT)];

fuzz_target!(|input: &[u8]| {
    let Some(mut request) = fuzzing::request(b"file", "range", input) else { return };
    let response = EmbeddedFolder::new(FILES).handle(&mut (), &mut request);
    let status = response.status().as_u16();
    // The handler returns only the rejection. The page and header fields are added later.
    let refusal = response.failure().and_then(|failure| failure.error());
    let refused = refusal.and_then(|error| error.downcast_ref::<Rejection>()?.header());
    let refused = refused.and_then(|(_, value)| value.to_str().ok());
    let range = refused.or(response.header("content-range")).map(str::to_owned);
    let body = response.into_bytes().expect("it is in memory");
    match (status, range) {
        (200, None) => assert_eq!(body, CONTENT),
        (206, Some(range)) => {
            let (part, len) = range.strip_prefix("bytes ").unwrap().split_once('/').unwrap();
            let (first, last) = part.split_once('-').unwrap();
            let (first, last): (usize, usize) = (first.parse().unwrap(), last.parse().unwrap());
            assert_eq!((len, &*body), ("36", &CONTENT[first..=last]));
        }
        (416, Some(range)) => assert_eq!(range, "bytes */36"),
        other => panic!("{other:?}"),
    }
});
