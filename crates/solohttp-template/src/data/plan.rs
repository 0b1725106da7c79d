//! Which field each step of a part wants, worked out once per type of record.

use std::sync::{Arc, OnceLock};

use crate::step::{At, Step, Target};

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
    /// For each step of the part.
    wishes: Vec<Wish>,
    next: PlanList,
}

/// What one step needs of a record of this type.
#[derive(Debug)]
pub(crate) struct Wish {
    /// The index of its field, or [`NONE`].
    pub(crate) field: usize,
    name: &'static str,
    /// Whether the step can be done without any field.
    pub(crate) is_free: bool,
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
        names: &[Arc<str>],
        steps: &[Step],
        (type_name, len): (&'static str, usize),
        fields: &[&'static str],
    ) {
        let mut list = self;
        for _ in 0..MOST_PLANS {
            let Some(plan) = list.0.get() else {
                let wishes = steps.iter().map(|step| Wish::of(step, names, fields)).collect();
                let plan = Plan { type_name, len, wishes, next: Self::default() };
                // If another thread was faster, it has learned the same.
                let _ = list.0.set(Box::new(plan));
                return;
            };
            list = &plan.next;
        }
    }
}

impl Plan {
    /// What the step at `at` needs.
    #[inline]
    pub(crate) fn wish(&self, at: At) -> &Wish {
        &self.wishes[at]
    }
}

impl Wish {
    fn of(step: &Step, names: &[Arc<str>], fields: &[&'static str]) -> Self {
        let field = match step.subject {
            Target::Name(name) => index_of(&names[name], fields),
            _ => NONE,
        };
        let name = fields.get(field).copied().unwrap_or_default();
        Self { field, name, is_free: !step.waits }
    }

    /// Whether the field that has come in its place is the one.
    #[inline]
    pub(crate) fn is_for(&self, name: &'static str) -> bool {
        is_same(self.name, name)
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
