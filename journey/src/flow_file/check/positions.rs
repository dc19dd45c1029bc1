//! Positions of values in the file, so that a rule about meaning can point at its line.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The file's values with their positions.
pub(super) struct Places<'a> {
    root: Option<Spanned<DeTable<'a>>>,
}

/// One segment of the path to a value: a key of a table or an index of a list.
#[derive(Clone, Copy, Debug)]
pub(super) enum At<'a> {
    Key(&'a str),
    Index(usize),
}

impl<'a> Places<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Self { root: DeTable::parse(text).ok() }
    }

    /// Returns the bytes of the value at `path`, or of the deepest ancestor that exists.
    pub(super) fn find(&self, path: &[At<'_>]) -> Range<usize> {
        let Some(root) = &self.root else { return 0..0 };
        let mut best = 0..0;
        let mut table = Some(root.get_ref());
        let mut value: Option<&Spanned<DeValue<'_>>> = None;
        for step in path {
            let found = match step {
                At::Key(key) => table.and_then(|table| table.get(*key)),
                At::Index(index) => {
                    value.and_then(|value| value.get_ref().as_array()).and_then(|list| list.get(*index))
                }
            };
            let Some(found) = found else { break };
            best = found.span();
            table = found.get_ref().as_table();
            value = Some(found);
        }
        best
    }
}
