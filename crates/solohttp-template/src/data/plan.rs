//! Stores which field each step needs. A plan is computed once per part and record type.

use std::sync::{Arc, OnceLock};

use crate::step::{Step, Target};

/// The index that means "no field".
pub(crate) const NONE: usize = usize::MAX;

/// Limits the length of the list, in case a type serializes different fields each time.
const MAX_PLANS: usize = 8;

/// An append-only list, so that threads can share a template without locks.
#[derive(Debug, Default)]
pub(crate) struct PlanList(OnceLock<Box<Plan>>);

#[derive(Debug)]
pub(crate) struct Plan {
    type_name: &'static str,
    /// The number of fields that the type announces, excluding skipped fields.
    len: usize,
    /// The steps of the part.
    pub(crate) steps: Box<[PlannedStep]>,
    next: PlanList,
}

/// A step, and the field that it needs from records of this type.
#[derive(Debug)]
pub(crate) struct PlannedStep {
    /// A copy of the part's step, because it is cheaper to look up both at once.
    pub(crate) step: Step,
    /// The index of the field that the step needs, or [`NONE`].
    pub(crate) field: usize,
    name: &'static str,
    /// The field of the following step.
    pub(crate) next_field: usize,
    /// Whether the following step needs the same field or no value.
    pub(crate) goes_on: bool,
}

impl PlanList {
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.0.get().is_none()
    }

    /// Finds the plan for a type with this name and number of fields.
    #[inline]
    pub(crate) fn find(&self, type_name: &'static str, len: usize) -> Option<&Plan> {
        let mut list = self;
        while let Some(plan) = list.0.get() {
            if is_same(plan.type_name, type_name) && plan.len == len {
                return Some(plan);
            }
            list = &plan.next;
        }
        None
    }

    /// Adds a plan for a type, based on the fields that it has just serialized.
    #[cold]
    pub(crate) fn learn(
        &self,
        names: &[Arc<str>],
        steps: &[Step],
        (type_name, len): (&'static str, usize),
        fields: &[&'static str],
    ) {
        let mut list = self;
        for _ in 0..MAX_PLANS {
            let Some(plan) = list.0.get() else {
                let field = |step: Option<&Step>| match step.map(|step| step.subject) {
                    Some(Target::Name(name)) => index_of(&names[name], fields),
                    _ => NONE,
                };
                let steps = steps.iter().enumerate().map(|(at, step)| {
                    let (index, next) = (field(Some(step)), steps.get(at + 1));
                    PlannedStep {
                        step: step.clone(),
                        field: index,
                        name: fields.get(index).copied().unwrap_or_default(),
                        next_field: field(next),
                        goes_on: next
                            .is_some_and(|next| !next.needs_value || field(Some(next)) == index),
                    }
                });
                let steps = steps.collect();
                let plan = Plan { type_name, len, steps, next: Self::default() };
                // This fails if another thread has just added the same plan.
                let _ = list.0.set(Box::new(plan));
                return;
            };
            list = &plan.next;
        }
    }
}

impl PlannedStep {
    /// Returns whether the step needs a field with this name.
    #[inline]
    pub(crate) fn is_for(&self, name: &'static str) -> bool {
        is_same(self.name, name)
    }
}

fn index_of(name: &str, fields: &[&str]) -> usize {
    fields.iter().position(|field| *field == name).unwrap_or(NONE)
}

/// Compares addresses first. That is usually enough, because equal names usually come from the same
/// literal.
#[inline(always)]
fn is_same(a: &'static str, b: &'static str) -> bool {
    std::ptr::eq(a, b) || is_equal(a, b)
}

#[cold]
#[inline(never)]
fn is_equal(a: &str, b: &str) -> bool {
    a == b
}
