//! A new program's first build, its later builds, and its changed templates, each up to the page.
//!
//! Makes a program with `cargo xtask new` and builds it in a temporary folder, with nothing but the
//! downloads made before. The argument is the number of first builds (default 1).

mod cpu;
mod rustc;
mod shop;

use std::process::ExitCode;
use std::time::Instant;

use program::Failure;
use race::{Bar, Entrant, Report, Row, median, progress};

use crate::cpu::Spent;
use crate::shop::{First, Shop};

const NOTE: &str = "Seconds, until a page has been received over a socket; the crates had been \
                    downloaded before. CPU s is the processor time of all compilers together, and \
                    depends less on the number of processors and on what else they do.";

/// The number of changes to a handler, and to a template.
const CHANGES: usize = 5;

/// The crates that take the longest, in the last row.
const LONGEST: usize = 14;

/// Optimization levels of SQLite's C code to compare with that of new programs.
const LEVELS: [(&str, &str); 2] =
    [("opt-level 1", "1"), ("opt-level 3, as in release builds", "3")];

fn main() -> ExitCode {
    if let Some(status) = rustc::run_as_wrapper() {
        return status;
    }
    let report = Report::from_args();
    let rounds = report.words().iter().find_map(|word| word.parse().ok()).unwrap_or(1);
    let measured = measure(rounds);
    progress("");
    match measured {
        Ok(rows) => report.tell(NOTE, &rows),
        Err(error) => {
            eprintln!("bench hour: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(rounds: usize) -> Result<Vec<Row>, Failure> {
    let shop = Shop::prepare()?;
    let mut firsts = Vec::new();
    for round in 1..=rounds {
        progress(&format!("first build {round} of {rounds}"));
        firsts.push(shop.first()?);
    }
    let last = firsts.last().expect("there is at least one round");
    let (all, crates) = (last.build.cpu_or_wall(), shop.crates()?);
    // Excludes the program itself.
    let first = first(&firsts, crates.len() - 1);
    let mut rows = vec![first, tests(&shop)?, handler(&shop)?, template(&shop)?];
    let (sqlite, row) = sqlite(&shop)?;
    rows.push(row);
    rows.push(longest(all, crates, sqlite));
    Ok(rows)
}

fn first(firsts: &[First], crates: usize) -> Row {
    let of = |figure: fn(&First) -> f64| firsts.iter().map(figure).collect::<Vec<_>>();
    let all = of(|first| first.new.wall + first.build.wall + first.start);
    let entrant = Entrant::new("solohttp", all)
        .beside("new", median(of(|first| first.new.wall)))
        .beside("build", median(of(|first| first.build.wall)))
        .beside("start", median(of(|first| first.start)))
        .beside("CPU s", median(of(|first| first.new.cpu + first.build.cpu)))
        .beside("crates", crates as f64);
    Row::new("a new program, from `cargo xtask new` to its first page", "s", vec![entrant])
}

/// Builds crates again whose features differ in tests.
fn tests(shop: &Shop) -> Result<Row, Failure> {
    progress("first tests");
    let (spent, crates) = shop.test()?;
    let entrant = Entrant::new("solohttp", vec![spent.wall])
        .beside("CPU s", spent.cpu)
        .beside("crates", (crates - 1) as f64);
    Ok(Row::new("its first `cargo test`", "s", vec![entrant]))
}

fn handler(shop: &Shop) -> Result<Row, Failure> {
    let (mut all, mut builds, mut cpu) = (Vec::new(), Vec::new(), Vec::new());
    for change in 0..CHANGES {
        progress(&format!("changed handler: {} of {CHANGES}", change + 1));
        let text = format!("Nothing yet, change {change}.");
        shop.change_handler(&text)?;
        let start = Instant::now();
        let build = shop.build(&[])?;
        shop.start()?.get_with(&text)?;
        all.push(start.elapsed().as_secs_f64());
        builds.push(build.wall);
        cpu.push(build.cpu);
    }
    let entrant = Entrant::new("solohttp", all.clone())
        .beside("median", median(all))
        .beside("build", median(builds))
        .beside("CPU s", median(cpu));
    let what = "a changed handler, from the change to its page";
    Ok(Row::new(what, "s", vec![entrant]).with_bar(Bar::Most("median", 3.0)))
}

/// Nothing is built: the running program has to read the template again.
fn template(shop: &Shop) -> Result<Row, Failure> {
    let running = shop.start()?;
    running.get_with("Nothing yet")?;
    let (mut all, mut requests) = (Vec::new(), Vec::new());
    for change in 0..CHANGES {
        let text = format!("<p>Change {change} of a template.</p>");
        let start = Instant::now();
        shop.change_template(&text)?;
        requests.push(running.get_until(&text)?);
        all.push(start.elapsed().as_secs_f64() * 1e3);
    }
    let entrant = Entrant::new("solohttp", all.clone())
        .beside("median", median(all))
        .beside("requests", median(requests));
    let what = "a changed template, from the change to its page in the running program";
    Ok(Row::new(what, "ms", vec![entrant])
        .with_bar(Bar::Most("requests", 1.0))
        .with_bar(Bar::Most("median", 1_000.0)))
}

/// Also returns the time as in the new program.
fn sqlite(shop: &Shop) -> Result<(f64, Row), Failure> {
    const PACKAGE: &str = "libsqlite3-sys";
    let mut entrants = Vec::new();
    let mut measure = |name: &str, config: &[&str]| {
        progress(&format!("SQLite: {name}"));
        shop.clean(PACKAGE, config)?;
        let spent = shop.build(&[&["-p", PACKAGE], config].concat())?;
        entrants.push(Entrant::new(name, vec![spent.wall]).beside("CPU s", spent.cpu));
        Ok::<Spent, Failure>(spent)
    };
    let ours = measure("as in the new program", &[])?;
    for (name, level) in LEVELS {
        let config = format!("profile.dev.package.{PACKAGE}.opt-level={level}");
        measure(name, &["--config", &config])?;
    }
    Ok((ours.cpu_or_wall(), Row::new("SQLite, which is C code", "s", entrants)))
}

/// Each crate's part of the first build. `crates` has only what rustc compiled.
fn longest(all: f64, mut crates: Vec<(String, f64)>, sqlite: f64) -> Row {
    crates.retain(|(name, _)| name != "libsqlite3-sys");
    crates.push(("SQLite".to_owned(), sqlite));
    crates.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    let entrants = [("the whole build".to_owned(), all)].into_iter().chain(crates);
    let entrants = entrants.take(1 + LONGEST).map(|(name, time)| Entrant::new(name, vec![time]));
    Row::new("the first build, by crate", Spent::MEASURE, entrants.collect())
}
