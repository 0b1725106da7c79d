//! A single-threaded HTTP/1.0 server for localhost: the loop, requests, responses and handlers.
