//! A column: a form's field, and the conversion between its text in the form and in a cell.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::rc::Rc;

use solohttp_core::{Fields, Locale, Numerals};

use crate::csv::decimal_mark::DecimalMark;
use crate::element::cell::CellKind;
use crate::element::checkbox::CHECKED;
use crate::form::data::FormData;
use crate::form::names::join;
use crate::lens::{Choice, invisible};
use crate::outline::{AnyElement, Outline};
use crate::validation::ValidationError;
use crate::validation::words::FormWords;

/// Accepted in any language.
const YES: &[&str] = &["true", "1", "x", "on"];
const NO: &[&str] = &["false", "0", "off"];

/// How many choices an error message lists.
const CHOICES_SHOWN: usize = 10;

/// A column of a file.
pub(super) struct Column {
    /// The full name of the field.
    pub(super) name: String,
    pub(super) label: String,
    element: Rc<dyn AnyElement>,
    kind: Kind,
    /// The fields in the form for a new record.
    initial: Fields,
}

#[derive(Debug)]
enum Kind {
    Text,
    Number(Numerals),
    Choice(ChoiceTexts),
    Choices(ChoiceTexts),
    Check,
}

/// The columns of a form, including those within groups.
pub(super) fn columns(outline: &Outline, prefix: &str, columns: &mut Vec<Column>) {
    for (name, element) in outline.iter() {
        let name = join(prefix, name);
        if let Some(compound) = element.compound() {
            if !compound.is_repeated() {
                self::columns(compound.outline(), &name, columns);
            }
            continue;
        }
        let Some(kind) = element.cell() else { continue };
        let kind = match kind {
            CellKind::Text => Kind::Text,
            CellKind::Number(numerals) => Kind::Number(numerals),
            CellKind::Choice(choices) => Kind::Choice(ChoiceTexts::of(choices)),
            CellKind::Choices(choices) => Kind::Choices(ChoiceTexts::of(choices)),
            CellKind::Check => Kind::Check,
        };
        let (label, mut initial) = (element.info().label.to_string(), Fields::new());
        element.blank(&name, &mut initial);
        let (name, element) = (name.into_owned(), element.clone());
        columns.push(Column { name, label, element, kind, initial });
    }
}

impl Column {
    pub(super) fn is_named(&self, head: &str) -> bool {
        self.name.to_lowercase() == head
    }

    pub(super) fn is_labelled(&self, head: &str) -> bool {
        self.label.trim().to_lowercase() == head
    }

    /// Whether records are valid without this column.
    pub(super) fn may_be_missing(&self) -> bool {
        self.element.canonical(&self.name, &FormData::from(self.initial.clone())).is_some()
    }

    /// Pushes the fields that a browser would send.
    pub(super) fn read(
        &self,
        cell: &str,
        decimal: Option<DecimalMark>,
        words: &FormWords,
        fields: &mut Fields,
    ) -> Result<(), ValidationError> {
        let name = &self.name;
        if invisible::is_blank(cell) {
            if self.element.is_required() && !self.initial.is_empty() {
                fields.extend(self.initial.iter());
            } else if !matches!(self.kind, Kind::Check | Kind::Choices(_)) {
                fields.push(name, cell);
            }
            return Ok(());
        }
        match &self.kind {
            Kind::Text => fields.push(name, cell),
            Kind::Number(form) => fields.push(name, read_number(cell, decimal, form)?),
            Kind::Choice(texts) => fields.push(name, texts.read(cell)?),
            Kind::Choices(texts) => {
                for text in cell.split([',', ';', '\n']).filter(|text| !invisible::is_blank(text)) {
                    fields.push(name, texts.read(text)?);
                }
            }
            Kind::Check => {
                if words.csv_is_checked(cell.trim())? {
                    fields.push(name, CHECKED);
                }
            }
        }
        Ok(())
    }

    /// The text of the cell for these fields, and whether it is a number.
    pub(super) fn show<'a>(
        &'a self,
        data: &'a FormData,
        words: &FormWords,
    ) -> (Cow<'a, str>, bool) {
        let text = data.text(&self.name);
        match &self.kind {
            Kind::Text => (text.into(), false),
            Kind::Number(form) => (show_number(text, form), true),
            Kind::Choice(texts) => (texts.show(text).into(), false),
            Kind::Choices(texts) => {
                let shown: Vec<&str> = data.texts(&self.name).map(|key| texts.show(key)).collect();
                (shown.join(", ").into(), false)
            }
            Kind::Check => (words.csv_checked(text == CHECKED).into(), false),
        }
    }
}

impl fmt::Debug for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Column").field("name", &self.name).field("kind", &self.kind).finish()
    }
}

/// Converts a number in the file's format to the form's. If the file has the application's format,
/// the form is more exact about what is wrong.
fn read_number<'a>(
    cell: &'a str,
    decimal: Option<DecimalMark>,
    form: &Numerals,
) -> Result<Cow<'a, str>, ValidationError> {
    if let Some(decimal) = decimal {
        let plain = decimal.read(cell).ok_or_else(|| ValidationError::NotInNumberFormat {
            text: cell.trim().to_owned(),
            example: decimal.label(),
        })?;
        return Ok(form.edit(&plain).into());
    }
    let application = Locale::current::<Numerals>();
    if application.decimal_mark() == form.decimal_mark() {
        return Ok(cell.into());
    }
    let plain = application.read(cell).ok();
    Ok(plain.map_or(cell.into(), |plain| form.edit(&plain).into()))
}

/// Converts a number in the form's format to the application's.
fn show_number<'a>(text: &'a str, form: &Numerals) -> Cow<'a, str> {
    let application = Locale::current::<Numerals>();
    if text.is_empty() || application.decimal_mark() == form.decimal_mark() {
        return text.into();
    }
    form.read(text).map_or(text.into(), |plain| application.edit(&plain).into())
}

/// The texts that mean a choice.
#[derive(Debug)]
struct ChoiceTexts {
    /// The index of a choice by its key, label or stored value, exactly or in lower case. If two
    /// choices have the same text, an exact key comes first.
    exact: HashMap<String, usize>,
    lower: HashMap<String, usize>,
    keys: Vec<String>,
    labels: Vec<String>,
    /// The text to write for each key: the label, if it means the same choice.
    shown: HashMap<String, String>,
}

impl ChoiceTexts {
    fn of(choices: &[Choice]) -> Self {
        let (mut exact, mut lower) = (HashMap::new(), HashMap::new());
        let texts: [fn(&Choice) -> Option<&String>; 3] =
            [|one| Some(&one.key), |one| Some(&one.label), |one| one.stored.as_ref()];
        for text in texts {
            for (index, choice) in choices.iter().enumerate() {
                let Some(text) = text(choice).map(|text| invisible::trim(text)) else { continue };
                exact.entry(text.to_owned()).or_insert(index);
                lower.entry(text.to_lowercase()).or_insert(index);
            }
        }
        let keys = choices.iter().map(|choice| choice.key.clone()).collect();
        let labels = choices.iter().map(|choice| choice.label.clone()).collect();
        let mut new = Self { exact, lower, keys, labels, shown: HashMap::new() };
        let shown = choices.iter().enumerate().map(|(index, Choice { key, label, .. })| {
            let is_clear = new.find(label) == Some(index) && !label.contains([',', ';', '\n']);
            (key.clone(), if is_clear { label.clone() } else { key.clone() })
        });
        new.shown = shown.collect();
        new
    }

    fn find(&self, text: &str) -> Option<usize> {
        let text = invisible::trim(text);
        let found = self.exact.get(text).or_else(|| self.lower.get(&text.to_lowercase()));
        found.copied()
    }

    fn read(&self, text: &str) -> Result<&str, ValidationError> {
        let found = self.find(text).map(|index| self.keys[index].as_str());
        found.ok_or_else(|| {
            let mut choices = self.labels[..self.labels.len().min(CHOICES_SHOWN)].join(", ");
            if self.labels.len() > CHOICES_SHOWN {
                choices.push_str(", …");
            }
            ValidationError::NotOneOf { text: text.trim().to_owned(), choices }
        })
    }

    fn show<'a>(&'a self, key: &'a str) -> &'a str {
        self.shown.get(key).map_or(key, String::as_str)
    }
}

impl FormWords {
    /// The word for a checked or an unchecked box in a file.
    pub(crate) fn csv_checked(&self, is_checked: bool) -> String {
        let words = if is_checked { &self.csv_yes } else { &self.csv_no };
        words.to_string().split(',').next().unwrap_or_default().trim().to_owned()
    }

    fn csv_is_checked(&self, text: &str) -> Result<bool, ValidationError> {
        let text = text.to_lowercase();
        let means = |words: String, always: &[&str]| {
            words.split(',').any(|word| word.trim().to_lowercase() == text)
                || always.contains(&text.as_str())
        };
        if means(self.csv_yes.to_string(), YES) {
            Ok(true)
        } else if means(self.csv_no.to_string(), NO) {
            Ok(false)
        } else {
            Err(ValidationError::NotYesOrNo { text })
        }
    }
}
