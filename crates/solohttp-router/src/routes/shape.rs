//! Checks whether a type fits the wildcards of a pattern. This happens when a route is added.
//!
//! Deserializes the type from dummy values. Reports only errors that would occur for every request:
//! a wrong number of wildcards, or a missing or unknown name.

use std::fmt;

use serde::de::value::StrDeserializer;
use serde::de::{
    self, DeserializeOwned, DeserializeSeed, IntoDeserializer as _, MapAccess, Visitor,
};
use serde::{Deserializer, forward_to_deserialize_any};

/// # Errors
/// A message for the programmer that suggests a fix.
pub(crate) fn check<T: DeserializeOwned>(names: &[Option<&str>]) -> Result<(), String> {
    match T::deserialize(Probe { names }) {
        Err(End::Misfit(problem)) => Err(problem),
        Ok(_) | Err(End::Unknown) => Ok(()),
    }
}

/// The reason why the probe ended.
#[derive(Debug)]
enum End {
    /// There is nothing more to find out.
    Unknown,
    Misfit(String),
}

impl End {
    fn count(expected: usize, given: usize) -> Self {
        let s = if expected == 1 { "" } else { "s" };
        Self::Misfit(format!(
            "its `Path` takes {expected} value{s}, but the pattern has {given}: make them match"
        ))
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("unknown"),
            Self::Misfit(problem) => f.write_str(problem),
        }
    }
}

impl std::error::Error for End {}

impl de::Error for End {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self::Unknown
    }

    fn missing_field(field: &'static str) -> Self {
        Self::Misfit(format!("its `Path` needs a wildcard named {{{field}}}: add it"))
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        Self::Misfit(format!("its `Path` has no field `{field}`, only {}", expected.join(", ")))
    }
}

struct Probe<'a> {
    names: &'a [Option<&'a str>],
}

impl Probe<'_> {
    fn expect(&self, count: usize) -> End {
        if self.names.len() == count { End::Unknown } else { End::count(count, self.names.len()) }
    }
}

macro_rules! expect_one {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, _: V) -> Result<V::Value, End> {
            Err(self.expect(1))
        })*
    };
}

impl<'de> Deserializer<'de> for Probe<'_> {
    type Error = End;

    expect_one! {
        deserialize_bool deserialize_char deserialize_str deserialize_string
        deserialize_bytes deserialize_byte_buf
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
        deserialize_f32 deserialize_f64
    }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, End> {
        Err(End::Unknown)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, End> {
        if self.names.is_empty() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, End> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, len: usize, _: V) -> Result<V::Value, End> {
        Err(self.expect(len))
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        len: usize,
        _: V,
    ) -> Result<V::Value, End> {
        Err(self.expect(len))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, End> {
        Err(self.expect(1))
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, End> {
        if self.names.contains(&None) {
            return Err(End::Misfit(
                "its `Path` has named fields, but a `*` has no name: write {name}".to_owned(),
            ));
        }
        visitor.visit_map(Dummies { names: self.names.iter() })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, End> {
        self.deserialize_map(visitor)
    }

    forward_to_deserialize_any! { unit unit_struct seq identifier ignored_any }
}

/// A dummy value for each name, so that the type reports missing fields.
struct Dummies<'a> {
    names: std::slice::Iter<'a, Option<&'a str>>,
}

impl<'de> MapAccess<'de> for Dummies<'_> {
    type Error = End;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, End> {
        let Some(&Some(name)) = self.names.next() else { return Ok(None) };
        let name: StrDeserializer<'_, End> = name.into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, End> {
        seed.deserialize(Dummy)
    }
}

/// A value that most types accept. The probe ends at a type that doesn't.
struct Dummy;

macro_rules! visit_zero {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, End> {
            visitor.visit_u8(0)
        })*
    };
}

impl<'de> Deserializer<'de> for Dummy {
    type Error = End;

    visit_zero! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
        deserialize_f32 deserialize_f64
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, End> {
        visitor.visit_str("0")
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, End> {
        visitor.visit_bool(false)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, End> {
        visitor.visit_none()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, End> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct enum
        identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    #[allow(dead_code, reason = "only its shape matters")]
    struct Day {
        year: i16,
        month: Month,
        #[serde(default)]
        day: u8,
        week: Option<u8>,
    }

    #[derive(Deserialize)]
    struct Month(#[allow(dead_code, reason = "only its shape matters")] u8);

    #[derive(Deserialize)]
    #[allow(dead_code, reason = "only its shape matters")]
    #[serde(deny_unknown_fields)]
    struct Strict {
        id: Kind,
    }

    #[derive(Deserialize)]
    enum Kind {
        Small,
    }

    fn fits<T: DeserializeOwned>(names: &[Option<&str>]) {
        check::<T>(names).unwrap();
    }

    fn misfits<T: DeserializeOwned>(names: &[Option<&str>], part: &str) {
        let problem = check::<T>(names).unwrap_err();
        assert!(problem.contains(part), "{problem}");
    }

    #[test]
    fn the_number_of_wildcards_is_known() {
        fits::<u32>(&[None]);
        fits::<String>(&[Some("name")]);
        fits::<Month>(&[None]);
        fits::<Kind>(&[None]);
        fits::<(u8, f64)>(&[None, Some("b")]);
        fits::<Option<u8>>(&[]);
        fits::<Option<u8>>(&[None]);
        fits::<Vec<String>>(&[None, None, None]);
        misfits::<u32>(&[], "takes 1 value, but the pattern has 0");
        misfits::<Kind>(&[None, None], "takes 1 value, but the pattern has 2");
        misfits::<Month>(&[None, None], "takes 1 value");
        misfits::<(u8, f64)>(&[None], "takes 2 values, but the pattern has 1");
        misfits::<(u8,)>(&[None, None], "takes 1 value,");
        misfits::<Option<u8>>(&[None, None], "takes 1 value,");
    }

    #[test]
    fn a_struct_goes_by_names() {
        fits::<Day>(&[Some("month"), Some("year")]);
        fits::<Day>(&[Some("month"), Some("year"), Some("other")]);
        fits::<HashMap<String, String>>(&[Some("a"), Some("b")]);
        misfits::<Day>(&[Some("year")], "needs a wildcard named {month}");
        misfits::<Day>(&[Some("year"), None], "a `*` has no name");
        misfits::<HashMap<String, String>>(&[None], "a `*` has no name");
        misfits::<Strict>(&[Some("no")], "has no field `no`, only id");
        // If no dummy value fits a field, the remaining fields stay unknown.
        fits::<Strict>(&[Some("id")]);
    }
}
