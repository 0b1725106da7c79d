//! Prints rows as a table for a terminal, as Markdown, or as JSON.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::json;

use crate::row::{Row, short};

/// The output format and the selection of rows, from the arguments.
pub struct Report {
    form: Form,
    /// A file that gets the rows as JSON, too.
    file: Option<PathBuf>,
    words: Vec<String>,
}

/// Measures one row.
pub type Measure = fn() -> Row;

#[derive(Clone, Copy)]
enum Form {
    Terminal,
    Markdown,
    Json,
}

impl Report {
    /// Removes `--markdown`, `--json` and `--json-file PATH` from the program's arguments.
    #[must_use]
    pub fn from_args() -> Self {
        let mut report = Self { form: Form::Terminal, file: None, words: Vec::new() };
        let mut arguments = env::args().skip(1);
        while let Some(argument) = arguments.next() {
            match &*argument {
                "--markdown" => report.form = Form::Markdown,
                "--json" => report.form = Form::Json,
                "--json-file" => report.file = arguments.next().map(PathBuf::from),
                _ => report.words.push(argument),
            }
        }
        report
    }

    /// The other arguments.
    #[must_use]
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// Whether a row is selected, by a part of its name. If no row is named, all are selected.
    #[must_use]
    pub fn asks_for(&self, what: &str) -> bool {
        let mut names = self.words.iter().filter(|word| word.parse::<f64>().is_err()).peekable();
        names.peek().is_none() || names.any(|name| what.contains(name.as_str()))
    }

    /// Measures and prints the selected rows.
    #[must_use]
    pub fn measure(&self, note: &str, all: &[(&str, Measure)]) -> ExitCode {
        let asked = all.iter().filter(|(name, _)| self.asks_for(name));
        let rows: Vec<Row> = asked.map(|(_, measure)| measure()).collect();
        self.tell(note, &rows)
    }

    /// Prints the rows. Fails if a target is missed.
    #[must_use]
    pub fn tell(&self, note: &str, rows: &[Row]) -> ExitCode {
        match self.form {
            Form::Terminal => terminal(note, rows),
            Form::Markdown => markdown(note, rows),
            Form::Json => println!("{:#}", as_json(note, rows)),
        }
        if let Some(file) = &self.file
            && let Err(error) = fs::write(file, format!("{:#}\n", as_json(note, rows)))
        {
            eprintln!("cannot write {}: {error}", file.display());
            return ExitCode::FAILURE;
        }
        let is_met = rows.iter().flat_map(Row::verdicts).all(|verdict| verdict.is_met);
        if is_met { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

fn terminal(note: &str, rows: &[Row]) {
    println!("{note}");
    for row in rows {
        println!("\n{}", row.what);
        for verdict in row.verdicts() {
            println!("  {}", verdict.text);
        }
        let lines = table(row);
        let widths: Vec<usize> = (0..lines[0].len())
            .map(|column| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0))
            .collect();
        for line in lines {
            let first = format!("    {:<width$}", line[0], width = widths[0]);
            let rest = line.iter().zip(&widths).skip(1);
            let rest: String = rest.map(|(cell, &width)| format!("  {cell:>width$}")).collect();
            println!("{first}{rest}");
        }
    }
}

fn markdown(note: &str, rows: &[Row]) {
    println!("{note}");
    for row in rows {
        println!("\n## {}\n", row.what);
        for verdict in row.verdicts() {
            println!("- {}", verdict.text);
        }
        let mut lines = table(row).into_iter();
        let heading = lines.next().unwrap_or_default();
        println!("\n| {} |\n|---|{}", heading.join(" | "), "--:|".repeat(heading.len() - 1));
        for line in lines {
            println!("| {} |", line.join(" | "));
        }
    }
}

/// A heading, then a line of cells for each entrant.
fn table(row: &Row) -> Vec<Vec<String>> {
    let beside = row.ours().beside.iter().map(|(column, _)| *column);
    let ratio = format!("× {}", row.ours().name);
    let mut heading: Vec<String> = ["", &ratio, row.measure, "min–max"].map(str::to_owned).into();
    heading.extend(beside.clone().map(str::to_owned));
    let mut lines = vec![heading];
    for entrant in &row.entrants {
        let (least, most) = entrant.spread();
        let mut line = vec![
            entrant.name.clone(),
            short(entrant.times(row.ours())),
            short(entrant.median()),
            format!("{}–{}", short(least), short(most)),
        ];
        line.extend(beside.clone().map(|column| entrant.column(column).map_or("–".into(), short)));
        lines.push(line);
    }
    lines
}

fn as_json(note: &str, rows: &[Row]) -> serde_json::Value {
    let rows = rows.iter().map(|row| {
        let entrants = row.entrants.iter().map(|entrant| {
            let (least, most) = entrant.spread();
            json!({
                "name": entrant.name,
                "times_ours": entrant.times(row.ours()),
                "median": entrant.median(),
                "least": least,
                "most": most,
                "beside": entrant.beside.iter().copied().collect::<BTreeMap<_, _>>(),
            })
        });
        let bars =
            row.verdicts().map(|verdict| json!({ "text": verdict.text, "met": verdict.is_met }));
        json!({
            "what": row.what,
            "measure": row.measure,
            "entrants": entrants.collect::<Vec<_>>(),
            "bars": bars.collect::<Vec<_>>(),
        })
    });
    json!({ "note": note, "rows": rows.collect::<Vec<_>>() })
}
