//! Which field each step of a part wants, worked out once per type of record.

use std::sync::OnceLock;

use crate::program::{At, Program, Step, Target};

/// No field.
pub(crate) const NONE: usize = usize::MAX;

/// A type that serializes different fields each time must not grow the list without end.
const MOST_PLANS: usize = 8;

/// Plans that are only ever added, so that a template can be shared and rendered at once.
#[derive(Debug, Default)]
pub(crate) struct PlanList(OnceLock<Box<Plan>>);

#[derive(Debug)]
pub(crate) struct Plan {
    type_name: &'static str,
    /// As the type announces it; fields that were skipped do not count here.
    len: usize,
    /// With the skipped ones.
    fields: Vec<&'static str>,
    /// For each step of the part, the index of its field or [`NONE`].
    wants: Vec<usize>,
    next: PlanList,
}

impl PlanList {
    /// The plan for a type with this name and so many fields.
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

    /// Learns a type from its name, its length and the fields it has just shown.
    #[cold]
    pub(crate) fn learn(
        &self,
        program: &Program,
        steps: &[Step],
        (type_name, len): (&'static str, usize),
        fields: Vec<&'static str>,
    ) {
        let mut list = self;
        for _ in 0..MOST_PLANS {
            let Some(plan) = list.0.get() else {
                let wants = steps.iter().map(|step| match step.subject {
                    Target::Name(name) => index_of(&program.names[name], &fields),
                    _ => NONE,
                });
                let wants = wants.collect();
                let plan = Plan { type_name, len, fields, wants, next: Self::default() };
                // If another thread was faster, it has learned the same.
                let _ = list.0.set(Box::new(plan));
                return;
            };
            list = &plan.next;
        }
    }
}

impl Plan {
    /// The field that the step at `at` wants.
    #[inline]
    pub(crate) fn wants(&self, at: At) -> usize {
        self.wants[at]
    }

    #[inline]
    pub(crate) fn has_field(&self, index: usize, name: &'static str) -> bool {
        self.fields.get(index).is_some_and(|field| is_same(field, name))
    }
}

fn index_of(name: &str, fields: &[&str]) -> usize {
    fields.iter().position(|field| *field == name).unwrap_or(NONE)
}

/// Names of fields are literals, mostly the very same ones, so the address usually decides.
#[inline]
fn is_same(a: &'static str, b: &'static str) -> bool {
    (std::ptr::eq(a.as_ptr(), b.as_ptr()) && a.len() == b.len()) || a == b
}
