//! Elements of one type.
//!
//! `view!` gives every piece of a page a type of its own, and each type costs a browser about two
//! kilobytes. Here all elements share one: a name, attributes and children are values. Leptos still
//! draws and patches them; it compares attribute by attribute and child by child.

use std::future::ready;
use std::rc::Rc;

use gloo_events::{EventListener, EventListenerOptions};
use send_wrapper::SendWrapper;
use tachys::html::attribute::{Attribute, NextAttribute};
use tachys::html::element::custom;
use tachys::prelude::*;
use web_sys::{Element, Event};

/// Leptos wants everything to be `Send`; there is one thread, and one wrapper for closures of all types.
type Listen = SendWrapper<Rc<dyn Fn(&Event)>>;
type Made = SendWrapper<Rc<dyn Fn(&Element)>>;

/// An element that is being described.
pub struct Tag {
    /// In capitals, as `tagName` gives it back: Leptos compares both to see whether it can be kept.
    name: &'static str,
    attributes: Attributes,
    children: Vec<AnyView>,
}

/// Begins an element; the name is in capitals.
pub fn tag(name: &'static str, class: &'static str) -> Tag {
    let tag = Tag { name, attributes: Attributes::default(), children: Vec::new() };
    if class.is_empty() { tag } else { tag.set("class", class) }
}

impl Tag {
    /// Sets an attribute.
    pub fn set(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.attributes.set.push((name, value.into()));
        self
    }

    /// Sets an attribute when there is a value.
    pub fn maybe(self, name: &'static str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.set(name, value),
            None => self,
        }
    }

    /// Hears an event.
    pub fn on(mut self, name: &'static str, run: impl Fn(&Event) + 'static) -> Self {
        self.attributes.on.push((name, SendWrapper::new(Rc::new(run))));
        self
    }

    /// Runs with the element once it is made, before its children are put into it.
    pub fn made(mut self, run: impl Fn(&Element) + 'static) -> Self {
        self.attributes.made.push(SendWrapper::new(Rc::new(run)));
        self
    }

    /// Adds a text.
    pub fn text(self, text: impl Into<String>) -> Self {
        self.child(text.into().into_any())
    }

    /// Adds an element.
    pub fn add(self, child: Tag) -> Self {
        self.child(child.draw())
    }

    /// Adds an element when there is one; its place is kept otherwise.
    pub fn add_maybe(self, child: Option<Tag>) -> Self {
        self.child(child.map_or_else(|| ().into_any(), Tag::draw))
    }

    /// Adds elements of the same kind.
    pub fn add_all(self, children: impl Iterator<Item = Tag>) -> Self {
        self.child(children.map(Tag::draw).collect::<Vec<_>>().into_any())
    }

    /// Adds anything that Leptos can draw.
    pub fn child(mut self, child: AnyView) -> Self {
        self.children.push(child);
        self
    }

    /// The element as Leptos draws it.
    pub fn draw(self) -> AnyView {
        custom(self.name).child(self.children).add_any_attr(self.attributes).into_any()
    }
}

/// All attributes and listeners of an element.
#[derive(Clone, Default)]
struct Attributes {
    set: Vec<(&'static str, String)>,
    on: Vec<(&'static str, Listen)>,
    made: Vec<Made>,
}

/// What stands in the document.
struct Drawn {
    element: Element,
    set: Vec<(&'static str, String)>,
    _listeners: Vec<EventListener>,
}

impl Attributes {
    fn listen(&self, element: &Element) -> Vec<EventListener> {
        let add = |(name, run): &(&'static str, Listen)| {
            let run = Rc::clone(run);
            // A form's `submit` is prevented, which a passive listener may not do.
            let options = EventListenerOptions::enable_prevent_default();
            EventListener::new_with_options(element, *name, options, move |event| run(event))
        };
        self.on.iter().map(add).collect()
    }
}

fn put(element: &Element, name: &str, value: &str) {
    // `style` as an attribute is what a strict policy forbids; a custom property is not.
    let _ = match name.strip_prefix("--") {
        Some(_) => wasm_bindgen::JsCast::unchecked_ref::<web_sys::HtmlElement>(element)
            .style()
            .set_property(name, value),
        // The names are our own, so they are good names.
        None => element.set_attribute(name, value),
    };
}

impl Attribute for Attributes {
    const MIN_LENGTH: usize = 0;
    type State = Drawn;
    type AsyncOutput = Self;
    type Cloneable = Self;
    type CloneableOwned = Self;

    fn build(self, element: &Element) -> Drawn {
        self.set.iter().for_each(|(name, value)| put(element, name, value));
        self.made.iter().for_each(|run| run(element));
        let _listeners = self.listen(element);
        Drawn { element: element.clone(), set: self.set, _listeners }
    }

    fn rebuild(self, drawn: &mut Drawn) {
        for (name, _) in drawn.set.iter().filter(|(old, _)| !self.set.iter().any(|(new, _)| new == old)) {
            // Removing what is not there is no failure.
            let _ = drawn.element.remove_attribute(name);
        }
        for (name, value) in self.set.iter().filter(|pair| !drawn.set.contains(pair)) {
            put(&drawn.element, name, value);
        }
        drawn._listeners = self.listen(&drawn.element);
        drawn.set = self.set;
    }

    fn into_cloneable(self) -> Self {
        self
    }

    fn into_cloneable_owned(self) -> Self {
        self
    }

    // What follows is for drawing on a server, which a widget never is.
    fn hydrate<const FROM_SERVER: bool>(self, element: &Element) -> Drawn {
        self.build(element)
    }

    fn html_len(&self) -> usize {
        0
    }

    fn to_html(self, _: &mut String, _: &mut String, _: &mut String, _: &mut String) {}

    fn dry_resolve(&mut self) {}

    fn resolve(self) -> impl Future<Output = Self> + Send {
        ready(self)
    }
}

impl NextAttribute for Attributes {
    type Output<NewAttr: Attribute> = Self;

    /// An element has one such set; nothing is ever added to it from outside.
    fn add_any_attr<NewAttr: Attribute>(self, _: NewAttr) -> Self {
        self
    }
}
