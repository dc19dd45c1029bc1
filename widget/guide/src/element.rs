//! Making elements, without a word of HTML: pages with Trusted Types allow nothing else.

use gloo_events::EventListener;
use web_sys::{Document, Element, Event};

/// An element that is being made.
pub struct Make<'a> {
    document: &'a Document,
    /// The element.
    pub element: Element,
    listeners: Vec<EventListener>,
}

/// The elements that belong together, with their listeners.
pub struct Made {
    /// The outermost.
    pub element: Element,
    _listeners: Vec<EventListener>,
}

const SVG: &str = "http://www.w3.org/2000/svg";

impl<'a> Make<'a> {
    /// Begins an element.
    pub fn new(document: &'a Document, name: &str) -> Option<Self> {
        let element = match name {
            "svg" | "path" | "rect" => document.create_element_ns(Some(SVG), name),
            _ => document.create_element(name),
        };
        // The names are our own, so this does not fail.
        Some(Self { document, element: element.ok()?, listeners: Vec::new() })
    }

    /// Sets attributes.
    pub fn set(self, attributes: &[(&str, &str)]) -> Self {
        for (name, value) in attributes {
            let _ = self.element.set_attribute(name, value);
        }
        self
    }

    /// Sets the text.
    pub fn text(self, text: &str) -> Self {
        self.element.set_text_content(Some(text));
        self
    }

    /// Hears an event.
    pub fn on(mut self, name: &'static str, run: impl FnMut(&Event) + 'static) -> Self {
        self.listeners.push(EventListener::new(&self.element, name, run));
        self
    }

    /// Adds an element at the end.
    pub fn add(mut self, child: Option<Make<'_>>) -> Self {
        if let Some(child) = child {
            let _ = self.element.append_child(&child.element);
            self.listeners.extend(child.listeners);
        }
        self
    }

    /// A child of this document.
    pub fn child(&self, name: &str) -> Option<Make<'a>> {
        Make::new(self.document, name)
    }

    /// Done.
    pub fn made(self) -> Made {
        Made { element: self.element, _listeners: self.listeners }
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        self.element.remove();
    }
}
