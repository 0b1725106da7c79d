//! Jobs on real threads, without a server.

use std::fs;
use std::sync::mpsc;

use solohttp_core::{AskError, Failure, Method, Request};

use super::*;

/// Starts a job that runs until it is cancelled, and waits until it is running.
fn endless(work: &Work, name: &str) {
    let (is_running, runs) = mpsc::channel();
    work.start(name, move |job| -> Result<()> {
        is_running.send(()).unwrap();
        loop {
            job.check()?;
            thread::yield_now();
        }
    });
    runs.recv().unwrap();
}

fn page(work: &Work) -> String {
    work.view().to_string()
}

/// Returns the ids of the entries, in page order.
fn ids(work: &Work) -> Vec<u64> {
    let page = page(work);
    let rest = page.split("<li id=\"solo-work-").skip(1);
    rest.map(|rest| rest.split('"').next().unwrap().parse().unwrap()).collect()
}

fn press(work: &Work, action: &str, id: u64) {
    let path = format!("/__desktop/work/{id}/{action}");
    let response = work.handle(&Request::with_method(Method::POST, &path).build()).unwrap();
    assert_eq!(response.status(), 303);
}

#[test]
fn shows_a_job_from_its_start_to_its_end() {
    let work = Work::default();
    let (go_on, goes_on) = mpsc::channel();
    work.start("Import", move |job| {
        job.progress(1, 4);
        goes_on.recv()?;
        Ok(format!("{} rows", 4))
    });
    while !page(&work).contains("value=\"1\" max=\"4\"") {
        thread::yield_now();
    }
    assert!(work.is_running());
    go_on.send(()).unwrap();
    work.wait();
    assert!(!work.is_running());
    assert!(page(&work).contains("role=\"status\">4 rows</span>"), "{}", page(&work));
    press(&work, "dismiss", 1);
    assert!(page(&work).contains("aria-label=\"Activity\"></section>"), "{}", page(&work));
}

#[test]
fn a_value_is_ready_when_its_job_has_ended() {
    let work = Work::default();
    let (go_on, goes_on) = mpsc::channel();
    let value = work.start_with_value("Sum", "sum", move |_| {
        goes_on.recv()?;
        Ok((vec![3], format!("The sum is {}.", 3)))
    });
    assert_eq!(value.result(), JobResult::Running);
    assert_eq!(value.ready(), None);
    go_on.send(()).unwrap();
    work.wait();
    assert!(page(&work).contains(">The sum is 3.</span>"), "{}", page(&work));
    assert_eq!(value.result(), JobResult::Ready(&vec![3]));
    assert_eq!(value.ready(), Some(&vec![3]));
    assert_eq!(value.into_ready(), Some(vec![3]));
}

#[test]
fn a_job_without_a_value_has_failed() {
    let work = Work::default();
    let failed = work.start_with_value("Sum", "sum", |_| -> Result<(u8, ())> {
        Err(std::io::Error::other("no paper").into())
    });
    let panicked =
        work.start_with_value("Sum", "sum", |_| -> Result<(u8, ())> { panic!("by zero") });
    work.wait();
    let cancelled = work.start_with_value("Sum", "sum", |job| -> Result<(u8, ())> {
        while !job.is_cancelled() {
            thread::yield_now();
        }
        Err(job.check().unwrap_err().into())
    });
    work.cancel_all();
    drop(work.start_with_value("Sum", "sum", |_| Ok((1, ()))));
    work.wait();
    for value in [failed, panicked, cancelled] {
        assert_eq!(value.result(), JobResult::Failed);
        assert_eq!(value.into_ready(), None);
    }
    assert!(page(&work).contains(">Done</span>"), "nobody wanted the last value");
}

#[test]
fn the_newest_is_first() {
    let work = Work::default();
    for name in ["first", "second"] {
        work.start(name, |_| Ok(()));
    }
    assert_eq!(ids(&work), [2, 1]);
    work.wait();
}

#[test]
fn cancelling_tells_the_job_and_the_page() {
    let work = Work::default();
    endless(&work, "Import");
    press(&work, "dismiss", 1);
    assert!(work.is_running(), "a running job can't be dismissed");
    press(&work, "cancel", 1);
    work.wait();
    assert!(page(&work).contains(">Cancelled</span>"), "{}", page(&work));
    press(&work, "cancel", 1);
    assert!(page(&work).contains(">Cancelled</span>"), "{}", page(&work));
}

#[test]
fn a_job_may_finish_although_it_is_cancelled() {
    let work = Work::default();
    let (cancelled, is_cancelled) = mpsc::channel();
    work.start("Import", move |_| {
        is_cancelled.recv()?;
        Ok("It was too late.")
    });
    press(&work, "cancel", 1);
    assert!(page(&work).contains(">Cancelling …</span>"), "{}", page(&work));
    cancelled.send(()).unwrap();
    work.wait();
    assert!(page(&work).contains(">It was too late.</span>"), "{}", page(&work));
}

#[test]
fn shows_errors_with_their_causes() {
    let work = Work::default();
    work.start("Import", |_| -> Result<()> {
        let error = fs::File::open("no such file").unwrap_err();
        Err(Failure::from(error).within("names.csv"))
    });
    work.start("Export", |_| -> Result<()> { Err(std::io::Error::other("no paper").into()) });
    work.wait();
    let page = page(&work);
    assert!(page.contains("role=\"status\">Failed: names.csv: "), "{page}");
    assert!(page.contains("role=\"status\">Failed: no paper</span>"), "{page}");
}

#[test]
fn a_panic_ends_the_job_and_nothing_else() {
    let work = Work::default();
    work.start("Import", |_| -> Result<()> { panic!("out of {}", "paper") });
    work.wait();
    let page = page(&work);
    assert!(page.contains("because of an error in the program: out of paper</span>"), "{page}");
    assert!(!work.is_running());
}

#[test]
fn keeps_the_last_twenty_outcomes_and_all_that_runs() {
    let work = Work::default();
    endless(&work, "Endless");
    for _ in 0..25 {
        work.start("Short", |_| Ok(()));
        while work.list().running() > 1 {
            thread::yield_now();
        }
    }
    let expect: Vec<u64> = (7..=26).rev().chain([1]).collect();
    assert_eq!(ids(&work), expect);
    press(&work, "cancel", 1);
    work.wait();
}

#[test]
fn closing_cancels_all_jobs_and_says_that_they_were_interrupted() {
    let work = Work::default();
    endless(&work, "Import");
    work.start("Question", |job| -> Result<()> {
        while !job.is_cancelled() {
            thread::yield_now();
        }
        match job.remote::<u8>().ask(|_| ()) {
            Err(AskError::Ended) => Err(AskError::Ended.into()),
            other => panic!("{other:?}"),
        }
    });
    work.close(Duration::from_secs(60));
    assert!(!work.is_running());
    work.start("Late", |job| Ok(job.check()?));
    work.wait();
    let page = page(&work);
    assert_eq!(page.matches(">Interrupted, because the program ended<").count(), 3, "{page}");
}

#[test]
fn closing_does_not_wait_for_ever() {
    let work = Work::default();
    let (end, ends) = mpsc::channel();
    work.start("Deaf", move |_| Ok(ends.recv()?));
    work.close(Duration::from_millis(10));
    assert!(work.is_running());
    end.send(()).unwrap();
    work.wait();
}

/// Opens the list as the program's next run does.
fn next(file: &std::path::Path) -> Work {
    let work = Work::default();
    work.keep_in(file.to_owned());
    work
}

#[test]
fn what_nobody_has_seen_is_shown_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("work");
    let work = next(&file);
    assert!(!file.exists());
    work.start("Import\tof <names>", |_| Ok("100%\r\ndone"));
    work.start("Export", |_| -> Result<()> { Err(std::io::Error::other(std::fmt::Error).into()) });
    work.start("Sum", |_| -> Result<()> { panic!("by zero") });
    work.wait();
    for _ in 0..2 {
        // A run that shows no page changes nothing.
        next(&file);
    }
    let shown = page(&next(&file));
    assert!(shown.contains("Import\tof &lt;names&gt;"), "{shown}");
    assert!(shown.contains(">100%\r\ndone</span>"), "{shown}");
    assert!(shown.contains(">Failed: "), "{shown}");
    assert!(shown.contains(": by zero</span>"), "{shown}");
    assert!(!file.exists(), "now it has been seen");
    assert!(ids(&next(&file)).is_empty());
}

#[test]
fn what_has_been_seen_or_dismissed_is_not_shown_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("work");
    let work = next(&file);
    for name in ["Seen", "Dismissed"] {
        work.start(name, |_| Ok(()));
        work.wait();
        assert!(fs::read_to_string(&file).unwrap().contains(name));
        if name == "Seen" {
            page(&work);
        } else {
            press(&work, "dismiss", 2);
        }
        assert!(!file.exists(), "{name}");
    }
}

#[test]
fn a_crash_is_told_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("work");
    let work = next(&file);
    endless(&work, "Import");
    page(&work);
    let shown = page(&next(&file));
    assert!(shown.contains(">Import</span>"), "{shown}");
    assert!(shown.contains(">Interrupted, because the program ended</span>"), "{shown}");
    work.close(Duration::from_secs(60));
}

#[test]
fn a_damaged_file_and_one_that_cannot_be_written_do_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("work");
    let lines = b"done\tA\tfine\ndone\tB\n\n\xff\xfe\tC\nfuture\tD\tx\nfailed\tE\nfailed\tF\t%zz%";
    fs::write(&file, lines).unwrap();
    let shown = page(&next(&file));
    assert_eq!(shown.matches("<li id").count(), 2, "{shown}");
    assert!(shown.contains(">fine<") && shown.contains("Failed: %zz%"), "{shown}");
    let work = next(&folder.path().join("no folder/work"));
    work.start("Import", |_| Ok(()));
    work.wait();
    assert!(page(&work).contains(">Done<"));
}

#[cfg(unix)]
#[test]
fn other_users_cannot_read_the_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("work");
    let work = next(&file);
    work.start("Import", |_| Ok(()));
    work.wait();
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn ids_of_another_run_cancel_nothing() {
    let work = Work::new(Live::default());
    endless(&work, "Import");
    press(&work, "cancel", 1);
    assert!(!page(&work).contains("Cancelling"), "{}", page(&work));
    work.close(Duration::from_secs(60));
}
