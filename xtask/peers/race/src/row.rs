//! One task, each library's results, and the target.

use crate::median;

/// One library's results, by round.
#[derive(Clone)]
pub struct Entrant {
    pub(crate) name: String,
    pub(crate) rounds: Vec<f64>,
    pub(crate) beside: Vec<(&'static str, f64)>,
}

impl Entrant {
    pub fn new(name: impl Into<String>, rounds: Vec<f64>) -> Self {
        Self { name: name.into(), rounds, beside: Vec::new() }
    }

    /// Adds another figure in its own column.
    #[must_use]
    pub fn beside(mut self, column: &'static str, value: f64) -> Self {
        self.beside.push((column, value));
        self
    }

    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    #[must_use]
    pub fn median(&self) -> f64 {
        median(self.rounds.clone())
    }

    pub(crate) fn spread(&self) -> (f64, f64) {
        let rounds = self.rounds.iter().copied();
        (rounds.clone().fold(f64::INFINITY, f64::min), rounds.fold(f64::NEG_INFINITY, f64::max))
    }

    /// The median of the ratios of all rounds.
    pub(crate) fn times(&self, other: &Self) -> f64 {
        let rounds = self.rounds.iter().zip(&other.rounds);
        median(rounds.map(|(own, other)| own / other).collect())
    }

    pub(crate) fn column(&self, column: &str) -> Option<f64> {
        self.beside.iter().find(|(name, _)| *name == column).map(|(_, value)| *value)
    }
}

/// A target for solohttp, the first entrant.
pub enum Bar {
    /// At most this many times another library's result.
    Times(&'static str, f64),
    /// At most this value in a column.
    Most(&'static str, f64),
    /// At least this value in a column.
    Least(&'static str, f64),
}

/// A task with all results, solohttp's first.
pub struct Row {
    pub(crate) what: String,
    pub(crate) measure: &'static str,
    pub(crate) entrants: Vec<Entrant>,
    pub(crate) bars: Vec<Bar>,
}

/// The result of a target.
pub(crate) struct Verdict {
    pub(crate) text: String,
    pub(crate) is_met: bool,
}

impl Row {
    /// `measure` is the unit, for example `ns`.
    pub fn new(what: impl Into<String>, measure: &'static str, entrants: Vec<Entrant>) -> Self {
        Self { what: what.into(), measure, entrants, bars: Vec::new() }
    }

    #[must_use]
    pub fn with_bar(mut self, bar: Bar) -> Self {
        self.bars.push(bar);
        self
    }

    pub(crate) fn ours(&self) -> &Entrant {
        &self.entrants[0]
    }

    pub(crate) fn verdicts(&self) -> impl Iterator<Item = Verdict> {
        self.bars.iter().map(|bar| self.verdict(bar))
    }

    fn verdict(&self, bar: &Bar) -> Verdict {
        let (figure, sign, bound, what) = match *bar {
            Bar::Times(peer, bound) => {
                let peer = self.entrants.iter().find(|entrant| entrant.name == peer);
                let peer = peer.expect("the library named by a target is measured");
                (self.ours().times(peer), '≤', bound, format!("× {}", peer.name))
            }
            Bar::Most(column, bound) => (self.column(column), '≤', bound, column.to_owned()),
            Bar::Least(column, bound) => (self.column(column), '≥', bound, column.to_owned()),
        };
        let is_met = if sign == '≤' { figure <= bound } else { figure >= bound };
        let verdict = if is_met { "met" } else { "NOT MET" };
        let text = format!("{} {what} (target {sign} {bound}: {verdict})", short(figure));
        Verdict { text, is_met }
    }

    fn column(&self, column: &str) -> f64 {
        self.ours().column(column).expect("the column named by a target is measured")
    }
}

/// Three significant digits.
pub(crate) fn short(value: f64) -> String {
    match value.abs() {
        size if size >= 99.95 => format!("{value:.0}"),
        size if size >= 9.995 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}
