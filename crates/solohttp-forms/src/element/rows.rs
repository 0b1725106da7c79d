//! Repeating rows, such as the lines of an invoice. Submit buttons add, remove and move them.
//!
//! Each row has a hidden field `NAME:row` that holds its key. The order of these fields is the
//! order of the rows. Every request renumbers the keys from 0, so that row indexes in the record
//! match those on the page.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fmt;

use solohttp_core::{Fields, IoList, Sentence, check_sentence};

use crate::element::blank_row::{Row, is_blank, new_row, push_initial};
use crate::element::info::{ElementInfo, Layout, info_methods};
use crate::element::{Element, describe_parts};
use crate::form::RecordForm;
use crate::form::data::FormData;
use crate::form::names::{INITIAL, ROW, is_below};
use crate::form::plan::Plan;
use crate::form::row_change::RowChange;
use crate::markup::writer::Writer;
use crate::outline::{BlankRows, Compound, Outline};
use crate::validation::ValidationError;
use crate::validation::errors::ValidationErrors;
use crate::validation::words::FormWords;
use crate::view::field::FieldView;
use crate::view::row::RowView;
use crate::view::table::render_table;

/// A list of nested records.
pub struct Rows<R> {
    info: ElementInfo,
    plan: Plan<R>,
    min: usize,
    max: usize,
    extra: usize,
    legend: Option<Sentence>,
    is_table: bool,
}

/// A list of nested records, with buttons to add, remove and move them.
pub fn rows<R: 'static>(label: impl Into<Cow<'static, str>>, form: RecordForm<R>) -> Rows<R> {
    Rows {
        info: ElementInfo::new(label),
        plan: form.into_plan(),
        min: 0,
        max: usize::MAX,
        extra: 0,
        legend: None,
        is_table: false,
    }
}

impl<R> Rows<R> {
    info_methods!();

    /// Sets the minimum number of rows. A new record starts with this many.
    #[must_use]
    pub fn at_least(mut self, min: usize) -> Self {
        self.min = min;
        self
    }

    /// Sets the maximum number of rows. If it is equal to [the minimum](Self::at_least), there are no
    /// buttons to add, remove or move rows, unless the record has too few or too many rows, or the
    /// form has [`extra`](Self::extra) ones.
    #[must_use]
    pub fn at_most(mut self, max: usize) -> Self {
        self.max = max;
        self
    }

    /// Always shows this many extra blank rows at the end.
    ///
    /// If this is more than 0, blank rows are left out of the record, even those that it had
    /// before. A row is blank if none of its controls has been changed or all have been cleared.
    /// Initial values can be different for each request, such as the present time.
    /// Required fields are then checked only by the program, in rows that aren't blank.
    #[must_use]
    pub fn extra(mut self, rows: usize) -> Self {
        self.extra = rows;
        self
    }

    /// Sets the legend of each row, such as `"Line {number}"`. The placeholder `{rows}` is the label of
    /// the whole list. Defaults to [`FormWords::row`](crate::FormWords::row).
    ///
    /// # Panics
    /// If the legend has another placeholder.
    #[must_use]
    #[track_caller]
    pub fn legend(mut self, legend: impl Into<Sentence>) -> Self {
        let legend = legend.into();
        if let Err(problem) = check_sentence("Rows::legend", &legend, &FormWords::default().row) {
            panic!("{problem}");
        }
        self.legend = Some(legend);
        self
    }

    /// Renders the rows as a table, which suits rows of a few short fields.
    ///
    /// The labels and help texts of the fields are in the head of the table. Each row starts with its
    /// number, or with its [`legend`](Self::legend) if you set one.
    #[must_use]
    pub fn as_table(mut self) -> Self {
        self.is_table = true;
        self
    }

    /// The name prefixes of the rows that belong to the record.
    fn filled(&self, name: &str, data: &FormData) -> Vec<String> {
        let new_row = if self.extra > 0 { new_row(&self.plan.outline) } else { Row::new() };
        let is_blank = |prefix: &str| {
            let below = [".", ":"].map(|sign| format!("{prefix}{sign}"));
            let fields = below.iter().flat_map(|start| data.starting_with(start));
            let fields = fields.map(|(name, text)| (&name[prefix.len()..], text));
            is_blank(fields, &new_row, data.text(&INITIAL.of(prefix)))
        };
        let prefixes = data.texts(&ROW.of(name)).map(|key| format!("{name}.{key}"));
        prefixes.filter(|prefix| self.extra == 0 || !is_blank(prefix)).collect()
    }

    fn push_blank(&self, name: &str, index: usize, fields: &mut Fields) {
        let key = index.to_string();
        fields.push(ROW.of(name), &key);
        let prefix = format!("{name}.{key}");
        if self.extra > 0 {
            push_initial(&self.plan.outline, &prefix, fields);
        } else {
            self.plan.outline.blank(&prefix, fields);
        }
    }
}

/// Groups fields below `name` into rows by key.
fn by_key(name: &str, own: Fields) -> HashMap<String, Row> {
    let mut rows: HashMap<String, Row> = HashMap::new();
    for (mut field, text) in own {
        let start = name.len() + 1;
        let Some(end) = field[start..].find(['.', ':']).map(|end| start + end) else { continue };
        if field.as_bytes()[name.len()] == b'.' {
            let rest = field.split_off(end);
            rows.entry(field.split_off(start)).or_default().push((rest, text));
        }
    }
    rows
}

/// Puts the rows in this order and renumbers them. Drops other fields below `name`.
fn arrange(name: &str, order: &[String], fields: &mut Fields) {
    let (mut own, mut before, mut after) = (Fields::new(), Fields::new(), Fields::new());
    for (field, text) in std::mem::take(fields) {
        if is_below(name, &field) {
            own.push(field, text);
        } else if own.is_empty() {
            before.push(field, text);
        } else {
            after.push(field, text);
        }
    }
    let mut rows = by_key(name, own);
    for (index, key) in order.iter().enumerate() {
        before.push(ROW.of(name), index.to_string());
        let to = format!("{name}.{index}");
        let row = rows.remove(key).unwrap_or_default();
        before.extend(row.into_iter().map(|(rest, text)| (format!("{to}{rest}"), text)));
    }
    before.extend(after);
    *fields = before;
}

fn render_row(row: &RowView, out: &mut Writer) {
    out.raw("<fieldset class=\"row\"><legend>");
    out.text(row.legend());
    out.raw("</legend>");
    row.render_marker(out);
    row.fields().iter().for_each(|field| field.render_into(out));
    row.render_buttons(out);
    out.raw("</fieldset>");
}

impl<R: 'static> Element for Rows<R> {
    type Value = Vec<R>;

    fn info(&self) -> &ElementInfo {
        &self.info
    }

    fn layout(&self) -> Layout {
        Layout::Frame
    }

    fn blank(&self, name: &str, fields: &mut Fields) {
        for index in 0..self.min + self.extra {
            self.push_blank(name, index, fields);
        }
    }

    fn show(&self, name: &str, rows: &Vec<R>, fields: &mut Fields) {
        for (index, row) in rows.iter().enumerate() {
            fields.push(ROW.of(name), index.to_string());
            self.plan.show(&format!("{name}.{index}"), row, fields);
        }
        for index in rows.len()..rows.len() + self.extra {
            self.push_blank(name, index, fields);
        }
    }

    fn parse(&self, name: &str, data: &FormData, errors: &mut ValidationErrors) -> Option<Vec<R>> {
        let filled = self.filled(name, data);
        // Parses all rows before returning, to report the errors in every row.
        let rows: Vec<Option<R>> =
            filled.iter().map(|prefix| self.plan.parse(prefix, data, errors)).collect();
        let error = match rows.len() {
            count if count < self.min => ValidationError::TooFew { min: self.min },
            count if count > self.max => ValidationError::TooMany { max: self.max },
            _ => return rows.into_iter().collect(),
        };
        errors.add(name, error);
        None
    }

    fn control(&self, field: &FieldView) -> IoList {
        Writer::list(|out| self.render_control(field, out))
    }

    fn render_control(&self, field: &FieldView, out: &mut Writer) {
        if self.is_table {
            render_table(field, out);
        } else {
            field.rows().iter().for_each(|row| render_row(row, out));
        }
        field.render_add_button(out);
    }

    fn describe(&self, name: &str, data: &FormData) -> String {
        describe_parts(&self.plan.outline, self.filled(name, data), data)
    }

    fn compound(&self) -> Option<&dyn Compound> {
        Some(self)
    }
}

impl<R> Compound for Rows<R> {
    fn outline(&self) -> &Outline {
        &self.plan.outline
    }

    fn is_repeated(&self) -> bool {
        true
    }

    fn fixed_count(&self) -> Option<usize> {
        (self.min == self.max && self.extra == 0).then_some(self.min)
    }

    fn leaves_out_blank(&self) -> bool {
        self.extra > 0
    }

    fn legend(&self) -> Option<&Sentence> {
        self.legend.as_ref()
    }

    fn is_table(&self) -> bool {
        self.is_table
    }

    fn parts(&self, name: &str, data: &FormData) -> Vec<String> {
        data.texts(&ROW.of(name)).map(|key| format!("{name}.{key}")).collect()
    }

    fn normalize(&self, name: &str, own: Fields, blank_rows: BlankRows) -> Fields {
        let keys: Vec<String> = own.get_all(&ROW.of(name)).map(str::to_owned).collect();
        let mut rows = by_key(name, own);
        let (mut seen, mut order) = (HashSet::new(), Vec::new());
        for key in keys {
            // A key with a dot would refer to a different row.
            let is_plain = key.bytes().all(|byte| byte.is_ascii_alphanumeric());
            if is_plain && !key.is_empty() && seen.insert(key.clone()) {
                order.push(rows.remove(&key).unwrap_or_default());
            }
        }
        let mut blank = 0;
        if self.extra > 0 {
            let new_row = new_row(&self.plan.outline);
            let is_blank = |row: &Row| {
                let fields = || row.iter().map(|(name, text)| (name.as_str(), text.as_str()));
                let shown = fields().find(|(name, _)| *name == INITIAL.of(""));
                is_blank(fields(), &new_row, shown.map_or("", |(_, shown)| shown))
            };
            blank = order.iter().filter(|row| is_blank(row)).count();
            if blank_rows == BlankRows::Last {
                order.sort_by_cached_key(is_blank);
            }
        }
        let mut normalized = Fields::new();
        for (index, row) in order.iter().enumerate() {
            normalized.push(ROW.of(name), index.to_string());
            let to = format!("{name}.{index}");
            let row = row.iter().map(|(rest, text)| (format!("{to}{rest}"), text));
            normalized.extend(self.plan.outline.normalize(&to, row.collect(), blank_rows));
        }
        for index in order.len()..order.len() + self.extra.saturating_sub(blank) {
            self.push_blank(name, index, &mut normalized);
        }
        normalized
    }

    fn rearrange(&self, name: &str, change: RowChange, fields: &mut Fields) -> Option<usize> {
        let mut order: Vec<String> = fields.get_all(&ROW.of(name)).map(str::to_owned).collect();
        let count = order.len();
        let to = match change {
            RowChange::Add => {
                self.push_blank(name, count, fields);
                return Some(count);
            }
            RowChange::Remove(row) if row < count => {
                order.remove(row);
                row
            }
            RowChange::Up(row) if (1..count).contains(&row) => {
                order.swap(row - 1, row);
                row - 1
            }
            RowChange::Down(row) if row < count.saturating_sub(1) => {
                order.swap(row, row + 1);
                row + 1
            }
            _ => return None,
        };
        arrange(name, &order, fields);
        Some(to)
    }
}

impl<R> fmt::Debug for Rows<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rows").field("info", &self.info).finish_non_exhaustive()
    }
}
