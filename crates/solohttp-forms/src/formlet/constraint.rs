//! Shows a violated database constraint next to the fields that are stored in its columns.

use std::collections::HashSet;
use std::error::Error;

use solohttp_core::{ConstraintError, ConstraintKind};

use crate::element::info::Layout;
use crate::form::data::FormData;
use crate::form::names::join;
use crate::outline::{Outline, RowKeys};
use crate::validation::ValidationError;
use crate::validation::errors::ValidationErrors;

/// Adds an error for the constraint, if `error` or one of its causes is one that the user can do
/// something about.
pub(crate) fn add_error(
    outline: &Outline,
    data: &FormData,
    error: &(dyn Error + 'static),
    errors: &mut ValidationErrors,
) {
    let Some(constraint) = ConstraintError::find(error) else { return };
    let names = names(outline, data, &constraint);
    let is_single = constraint.fields.len() == 1 && !names.is_empty();
    let sentence = match constraint.kind {
        ConstraintKind::Unique if is_single => ValidationError::Taken,
        ConstraintKind::Unique => ValidationError::TakenTogether,
        ConstraintKind::Check if is_single => ValidationError::NotAllowed,
        ConstraintKind::Check => ValidationError::NotAllowedTogether,
        // A column without a field, which the user can't fill in. This is a mistake in the program.
        ConstraintKind::NotNull if names.is_empty() => return,
        ConstraintKind::NotNull => ValidationError::Missing,
        ConstraintKind::ForeignKey => ValidationError::NoSuchChoice,
        ConstraintKind::Referenced => return errors.add("", ValidationError::InUse),
        _ => return,
    };
    if names.is_empty() {
        errors.add("", sentence);
    } else {
        names.iter().for_each(|name| errors.add(name, sentence.clone()));
    }
}

/// The full names of the form's fields that the constraint involves. For rows that aren't known,
/// this is the name of their list.
fn names(outline: &Outline, data: &FormData, constraint: &ConstraintError) -> Vec<String> {
    let fields = &constraint.fields;
    if fields.is_empty() {
        return Vec::new();
    }
    let rows = RowKeys::of(data.fields());
    let is_visible = |name: &String| {
        outline.find(name, &rows).is_some_and(|element| element.layout() != Layout::Hidden)
    };
    let lists = lists_with(outline, "", fields);
    // Two rows with the same values tell that the constraint belongs to the rows.
    if let (ConstraintKind::Unique, [list]) = (constraint.kind, &lists[..]) {
        let repeated = repeated(outline, list, &rows, data, fields);
        if !repeated.is_empty() {
            return repeated;
        }
    }
    let found = fields.iter().filter_map(|field| locate(outline, "", field));
    let found: Vec<String> = found.filter(is_visible).collect();
    match &lists[..] {
        [list] if found.is_empty() => vec![list.clone()],
        _ => found,
    }
}

/// The full name of a field: as it is, or within a group.
fn locate(outline: &Outline, prefix: &str, field: &str) -> Option<String> {
    let mut groups = Vec::new();
    for (name, element) in outline.iter() {
        let full = join(prefix, name);
        match element.compound() {
            // A name that includes the row.
            Some(_) if field.strip_prefix(&*full).is_some_and(|rest| rest.starts_with('.')) => {
                return Some(field.to_owned());
            }
            Some(compound) if !compound.is_repeated() => groups.push((full, compound)),
            _ if name == field => return Some(full.into_owned()),
            _ => {}
        }
    }
    groups.into_iter().find_map(|(full, compound)| locate(compound.outline(), &full, field))
}

/// The lists of rows that have all of these fields.
fn lists_with(outline: &Outline, prefix: &str, fields: &[String]) -> Vec<String> {
    let mut lists = Vec::new();
    for (name, element) in outline.iter() {
        let full = join(prefix, name);
        match element.compound() {
            Some(compound) if compound.is_repeated() => {
                let has = |field: &String| locate(compound.outline(), "", field).is_some();
                lists.extend(fields.iter().all(has).then(|| full.into_owned()));
            }
            Some(compound) => lists.extend(lists_with(compound.outline(), &full, fields)),
            None => {}
        }
    }
    lists
}

/// The fields of each row whose values an earlier row has, too.
fn repeated(
    outline: &Outline,
    list: &str,
    rows: &RowKeys<'_>,
    data: &FormData,
    fields: &[String],
) -> Vec<String> {
    let Some(compound) = outline.find(list, rows).and_then(|element| element.compound()) else {
        return Vec::new();
    };
    let (mut seen, mut repeated) = (HashSet::new(), Vec::new());
    for row in compound.parts(list, data) {
        let names = fields.iter().filter_map(|field| locate(compound.outline(), &row, field));
        let names: Vec<String> = names.collect();
        let values: Vec<&str> = names.iter().map(|name| data.text(name)).collect();
        let is_filled = values.iter().any(|value| !value.trim().is_empty());
        if is_filled && !seen.insert(values) {
            repeated.extend(names);
        }
    }
    repeated
}
