//! Kills a program at random moments: whatever it reported as saved must be there afterwards.

use std::hash::{BuildHasher, RandomState};
use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

use solohttp_core::Fields;

use crate::other_program::OtherProgram;
use crate::together::open;
use crate::wire;

/// The number of runs; an environment variable overrides it.
const RUNS: (&str, u64) = ("SOLOHTTP_GUARD_KILLS", 200);

/// The notes that the pages of one run reported as saved and as not saved.
#[derive(Default)]
struct Said {
    saved: Vec<String>,
    not_saved: Vec<String>,
}

/// Posts until the server is killed.
fn load(address: &str, run: u64, is_serving: &mpsc::Sender<()>) -> Said {
    let mut said = Said::default();
    for number in 0_usize.. {
        let path = match number % 20 {
            3 | 9 => "/forget",
            6 | 16 => "/leave-open",
            // Capturing a backtrace takes longer than everything else.
            19 => "/panic",
            _ => "/count",
        };
        let text = format!("{run} {number}");
        let fields = Fields::from_iter([("text", text.clone())]);
        // An incomplete page doesn't count.
        let Ok(page) = wire::post(address, path, &fields) else { break };
        match page.status {
            200 => said.saved.push(text),
            500 => said.not_saved.push(text),
            status => panic!("{status}: {}", page.text),
        }
        // Only the first message is received.
        let _ = is_serving.send(());
    }
    said
}

fn check_one_run(file: &Path, run: u64) -> Said {
    let mut server = OtherProgram::server(file);
    let address = server.answer();
    let (sender, is_serving) = mpsc::channel();
    std::thread::scope(|scope| {
        let client = scope.spawn(|| load(&address, run, &sender));
        is_serving.recv().unwrap();
        // Waits for up to 80 ms, the time that several dozen requests take.
        let moment = RandomState::new().hash_one(run) % 80_000;
        let (_never, timer) = mpsc::channel::<()>();
        let _ = timer.recv_timeout(Duration::from_micros(moment));
        server.kill();
        client.join().unwrap()
    })
}

#[test]
fn a_killed_program_keeps_what_it_said() {
    let runs = std::env::var(RUNS.0).ok().and_then(|value| value.parse().ok()).unwrap_or(RUNS.1);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("killed.sqlite");
    let (mut saved, mut not_saved) = (0, 0);
    for run in 0..runs {
        let said = check_one_run(&file, run);
        // Opening runs the integrity check, because the file was not closed properly.
        let db = open(&file);
        let is_there = |text: &String| {
            let exists = "SELECT EXISTS (SELECT * FROM note WHERE text = ?1)";
            db.query_row(exists, [text], |row| row.get::<_, bool>(0)).unwrap()
        };
        assert!(said.saved.iter().all(is_there), "run {run}: something saved is gone");
        assert!(!said.not_saved.iter().any(is_there), "run {run}: something lost is there");
        let check: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(check, "ok", "run {run}");
        saved += said.saved.len();
        not_saved += said.not_saved.len();
    }
    println!("{runs} of {runs} runs kept what they said: {saved} saved, {not_saved} not saved");
    assert!(saved > 0 && not_saved > 0);
}
