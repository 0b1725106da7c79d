//! Validates a record and saves it, and turns the errors of a database into those of fields.

use solohttp_core::{Response, Result};

use crate::csv;
use crate::form::RecordForm;
use crate::form::data::FormData;
use crate::form::steps::StepInput;
use crate::formlet::{Formlet, Submission, constraint};
use crate::validation::errors::Errors;

/// Validates and saves. The outer error is a failure; the inner one holds validation errors.
pub(super) fn save<S, F: Formlet<S>>(
    formlet: &mut F,
    state: &mut S,
    (form, data): (&RecordForm<F::Record>, &FormData),
    submission: &Submission<'_>,
) -> Result<Result<Response, Errors<F::Record>>> {
    let record = match form.parse(data) {
        Ok(record) => record,
        Err(errors) => return Ok(Err(errors)),
    };
    let mut errors = Errors::new();
    if !form.settings().steps.is_empty() {
        formlet.check_step(state, &StepInput::new(form, data, None), &mut errors)?;
    }
    formlet.check(state, &record, &mut errors)?;
    if !errors.is_empty() {
        return Ok(Err(errors));
    }
    let failure = match formlet.save(state, record, submission) {
        Ok(response) => return Ok(Ok(response)),
        Err(failure) => failure,
    };
    let Some(error) = failure.error() else { return Err(failure) };
    if let Some(found) = error.downcast_ref::<Errors<F::Record>>() {
        errors.list = found.list.clone();
    } else {
        formlet.map_error(error, &mut errors);
        if errors.is_empty() {
            constraint::add_error(form.outline(), data, error, &mut errors.list);
            csv::add_errors(form.outline(), error, &mut errors.list);
        }
    }
    if errors.is_empty() { Err(failure) } else { Ok(Err(errors)) }
}
