//! Which control gets the focus when the page is shown.

use crate::element::info::Layout;
use crate::form::names::join;
use crate::form::row_change::{RowChange, RowFocus};
use crate::outline::{AnyElement, Outline};
use crate::view::context::Context;
use crate::view::field::FieldView;
use crate::view::flatten;

/// The name of the first invalid field, or of the first field with autofocus if all are valid.
pub(super) fn first(outline: &Outline, context: &Context) -> Option<String> {
    let invalid = match context.errors.is_empty() {
        true => None,
        false => find(outline, "", context, &|name, _| context.has_errors(name)),
    };
    let has_autofocus = || {
        let first = || find(outline, "", context, &|_, element| element.info().autofocus);
        outline.has_autofocus.then(first).flatten()
    };
    invalid.or_else(has_autofocus)
}

/// The name of the first control for which the test succeeds.
fn find(
    outline: &Outline,
    prefix: &str,
    context: &Context,
    test: &dyn Fn(&str, &dyn AnyElement) -> bool,
) -> Option<String> {
    outline.iter().find_map(|(name, element)| {
        let name = join(prefix, name);
        if !context.shows(&name) {
            return None;
        }
        let is_control = !matches!(element.layout(), Layout::Hidden | Layout::Frame);
        if is_control && test(&name, element.as_ref()) {
            return Some(name.into_owned());
        }
        let compound = element.compound()?;
        let mut parts = compound.parts(&name, &context.data).into_iter();
        parts.find_map(|part| find(compound.outline(), &part, context, test))
    })
}

/// The name of the first field in a row, or the command of the button that adds a row if there is no
/// such row.
pub(super) fn in_row(fields: &[FieldView], focus: &RowFocus) -> Option<String> {
    let mut all = Vec::new();
    flatten(fields, &mut all);
    let rows = all.into_iter().find(|field| field.name == focus.name)?;
    let mut in_row = Vec::new();
    if let Some(row) = rows.rows.get(focus.index) {
        flatten(row.fields(), &mut in_row);
    }
    let first = in_row
        .into_iter()
        .find(|field| field.layout() != Layout::Frame && field.element.is_editable());
    let add = || RowChange::Add.command(&rows.name);
    Some(first.map_or_else(add, |field| field.name().to_owned()))
}
