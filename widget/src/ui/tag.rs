//! Elements of one type.
//!
//! `view!` gives every piece of a page a type of its own, and each type costs a browser about two
//! kilobytes. Here all elements share one: a name, attributes and children are values. `drawn` puts them into
//! the document, and compares attribute by attribute and child by child.

use web_sys::{Element, Event};

use crate::i18n::{cut, split};

pub(super) type Listen = Box<dyn FnMut(&Event)>;
type Made = Box<dyn FnOnce(&Element)>;

/// An element that is being described.
pub struct Tag {
    pub(super) name: &'static str,
    pub(super) set: Vec<(&'static str, String)>,
    pub(super) on: Vec<(&'static str, Listen)>,
    pub(super) made: Vec<Made>,
    pub(super) children: Vec<View>,
}

/// Begins an element; the name is in capitals.
pub fn tag(name: &'static str, class: &'static str) -> Tag {
    let tag = Tag { name, set: Vec::new(), on: Vec::new(), made: Vec::new(), children: Vec::new() };
    if class.is_empty() { tag } else { tag.set("class", class) }
}

impl Tag {
    /// Sets an attribute.
    pub fn set(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.set.push((name, value.into()));
        self
    }

    /// Sets attributes that are always the same, as in `type=button hidden`: a call for each is ten times the bytes.
    pub fn with(mut self, attributes: &'static str) -> Self {
        for attribute in split(attributes, b' ') {
            let (name, value) = cut(attribute, b'=');
            self.set.push((name, value.unwrap_or_default().to_owned()));
        }
        self
    }

    /// Sets an attribute when there is a value.
    pub fn maybe(self, name: &'static str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.set(name, value),
            None => self,
        }
    }

    /// Listens for an event.
    pub fn on(mut self, name: &'static str, run: impl FnMut(&Event) + 'static) -> Self {
        self.on.push((name, Box::new(run)));
        self
    }

    /// Runs with the element once it is made, before its children are put into it.
    pub fn made(mut self, run: impl FnOnce(&Element) + 'static) -> Self {
        self.made.push(Box::new(run));
        self
    }

    /// Adds a text.
    pub fn text(self, text: impl Into<String>) -> Self {
        self.child(View::Text(text.into()))
    }

    /// Adds an element.
    pub fn add(self, child: Self) -> Self {
        self.child(View::Element(child))
    }

    /// Adds an element when there is one; its place is kept otherwise.
    pub fn add_maybe(self, child: Option<Self>) -> Self {
        self.child(child.map_or(View::Nothing, View::Element))
    }

    /// Adds elements of the same kind.
    pub fn add_all(self, children: impl Iterator<Item = Self>) -> Self {
        self.child(View::all(children))
    }

    fn child(mut self, child: View) -> Self {
        self.children.push(child);
        self
    }

    /// The element as it is to be drawn.
    pub fn draw(self) -> View {
        View::Element(self)
    }
}

/// What is to stand in a place.
pub enum View {
    Text(String),
    Element(Tag),
    /// Keeps the place for what may come.
    Nothing,
    All(Vec<Self>),
}

impl View {
    /// Elements of the same kind.
    pub fn all(tags: impl Iterator<Item = Tag>) -> Self {
        Self::All(tags.map(Self::Element).collect())
    }
}
