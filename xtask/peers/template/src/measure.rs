//! Rounds in turn, medians, and a count of allocations.

use std::fs::File;
use std::hint::black_box;
use std::time::{Duration, Instant};

use solohttp_core::IoList;

const ROUNDS: usize = 41;
const ROUND_TIME: Duration = Duration::from_millis(8);

/// One engine on one page.
pub struct Contender<'c> {
    name: &'static str,
    run: Box<dyn FnMut() + 'c>,
    /// The page, to see that all wrote the same.
    page: Vec<u8>,
}

/// What is known of a contender in the end.
pub struct Result {
    pub name: &'static str,
    pub nanoseconds: f64,
    /// Its time in each round, so that a ratio can be taken within rounds.
    pub rounds: Vec<f64>,
    pub allocations: u64,
    pub bytes: usize,
}

impl<'c> Contender<'c> {
    pub fn new<R: IntoBytes>(name: &'static str, render: impl Fn() -> R + 'c) -> Self {
        let page = render().into_page();
        Self { name, run: Box::new(move || drop(black_box(render()))), page }
    }

    pub fn written(name: &'static str, render: impl Fn() -> Vec<u8> + 'c) -> Self {
        let (page, mut sink) = (render(), crate::sink());
        let run = move || crate::write_out(&black_box(render()), &mut sink);
        Self { name, run: Box::new(run), page }
    }

    pub fn shared(
        name: &'static str,
        render: impl Fn() -> IoList + 'c,
        write: impl Fn(&IoList, &mut File) + 'c,
    ) -> Self {
        let (page, mut sink) = (render().into_bytes(), crate::sink());
        let run = move || write(&black_box(render()), &mut sink);
        Self { name, run: Box::new(run), page }
    }
}

pub trait IntoBytes {
    fn into_page(self) -> Vec<u8>;
}

impl IntoBytes for Vec<u8> {
    fn into_page(self) -> Vec<u8> {
        self
    }
}

/// Measures all of them in turn, so that a busy moment of the machine hits everyone.
pub fn measure(mut contenders: Vec<Contender<'_>>) -> Vec<Result> {
    let first = plain(&contenders[0].page);
    for contender in &contenders {
        assert_eq!(plain(&contender.page), first, "{} wrote another page", contender.name);
    }
    let repeats: Vec<u32> =
        contenders.iter_mut().map(|contender| calibrate(&mut contender.run)).collect();
    let mut times = vec![Vec::new(); contenders.len()];
    for _ in 0..ROUNDS {
        for (index, contender) in contenders.iter_mut().enumerate() {
            let start = Instant::now();
            (0..repeats[index]).for_each(|_| (contender.run)());
            times[index].push(start.elapsed().as_secs_f64() * 1e9 / f64::from(repeats[index]));
        }
    }
    let results = contenders.iter_mut().zip(times).map(|(contender, rounds)| {
        let counted = allocation_counter::measure(|| (contender.run)());
        Result {
            name: contender.name,
            nanoseconds: median(rounds.clone()),
            rounds,
            allocations: counted.count_total,
            bytes: contender.page.len(),
        }
    });
    results.collect()
}

pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// How often to repeat within one round.
fn calibrate(run: &mut dyn FnMut()) -> u32 {
    let mut repeats = 1;
    loop {
        let start = Instant::now();
        (0..repeats).for_each(|_| run());
        if start.elapsed() >= ROUND_TIME {
            return repeats;
        }
        repeats *= 2;
    }
}

/// Engines spell the five characters differently.
fn plain(page: &[u8]) -> String {
    let mut page = String::from_utf8_lossy(page).into_owned();
    for (entities, plain) in [
        (["&lt;", "&#60;", "&#x3c;"], "<"),
        (["&gt;", "&#62;", "&#x3e;"], ">"),
        (["&quot;", "&#34;", "&#x22;"], "\""),
        (["&#x27;", "&#39;", "&apos;"], "'"),
        (["&#x2F;", "&#x2f;", "&#47;"], "/"),
        (["&#x3D;", "&#x3d;", "&#61;"], "="),
        (["&amp;", "&#38;", "&#x26;"], "&"),
    ] {
        for entity in entities {
            page = page.replace(entity, plain);
        }
    }
    page.trim_end().to_owned()
}
