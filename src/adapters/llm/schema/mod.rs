//! Compiles one JSON Schema into the dialect of each provider, and says which of its constraints that provider will not enforce.
//!
//! The schema is what `schemars` makes of a Rust type. First it is brought into a normal form that is the same for all (`normal`), then every keyword
//! that the dialect does not know is taken out (`dialect`). A constraint that is lost so is not lost to us: what a model answers is parsed and judged
//! here in any case, and [`Compiled::ours`] names what rests on that alone.

mod dialect;
mod normal;

#[cfg(test)]
mod tests;

use std::fmt;

use serde_json::Value;

pub use dialect::Dialect;

/// A schema in the words of one provider.
#[derive(Debug, Clone, PartialEq)]
pub struct Compiled {
    /// What is sent.
    pub schema: Value,
    /// The constraints that the provider does not enforce, in the order of the schema.
    pub ours: Vec<Constraint>,
}

/// A constraint that only we enforce.
#[derive(Debug, Clone, PartialEq)]
pub struct Constraint {
    /// Where in the schema: a JSON pointer, empty for the root.
    pub pointer: String,
    /// The keyword.
    pub keyword: String,
    /// Its value.
    pub value: Value,
}

/// `/properties/variants maxItems 2`.
impl fmt::Display for Constraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { pointer, keyword, value } = self;
        let pointer = if pointer.is_empty() { "/" } else { pointer };
        write!(f, "{pointer} {keyword} {value}")
    }
}

/// The schema in this dialect.
pub fn compile(schema: &Value, dialect: Dialect) -> Compiled {
    let mut ours = Vec::new();
    let normal = normal::normalize(schema, &mut ours);
    let schema = dialect::restrict(dialect, normal, &mut ours);
    Compiled { schema, ours }
}
