//! One or more paths for a route.

/// One or more paths: `"/new"`, or `["/new", "/edit/*"]`.
pub trait Paths {
    /// Calls `each` with every path, in order.
    fn each_path(&self, each: &mut dyn FnMut(&str));
}

impl Paths for str {
    fn each_path(&self, each: &mut dyn FnMut(&str)) {
        each(self);
    }
}

impl Paths for String {
    fn each_path(&self, each: &mut dyn FnMut(&str)) {
        each(self);
    }
}

impl<P: Paths + ?Sized> Paths for &P {
    fn each_path(&self, each: &mut dyn FnMut(&str)) {
        (**self).each_path(each);
    }
}

impl<P: Paths> Paths for [P] {
    fn each_path(&self, each: &mut dyn FnMut(&str)) {
        self.iter().for_each(|path| path.each_path(each));
    }
}

impl<P: Paths, const N: usize> Paths for [P; N] {
    fn each_path(&self, each: &mut dyn FnMut(&str)) {
        self.as_slice().each_path(each);
    }
}
