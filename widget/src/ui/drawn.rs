//! What stands in the document: it is drawn once, and patched from then on.

use tachys::prelude::{Mountable, Render};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Node};

use super::listener::EventListener;
use super::tag::{Listen, Tag, View};
use crate::{browser, js};

/// What stands in a place of the document.
pub enum Shown {
    Text(Node, String),
    Element(Box<Drawn>),
    Nothing(Node),
    /// Several, and the node that ends them.
    All(Vec<Self>, Node),
}

/// An element in the document.
pub struct Drawn {
    name: &'static str,
    element: Element,
    set: Vec<(&'static str, String)>,
    _listeners: Vec<EventListener>,
    children: Vec<Shown>,
}

impl Render for View {
    type State = Shown;

    fn build(self) -> Shown {
        match self {
            Self::Text(text) => Shown::Text(browser::text_node(&text), text),
            Self::Element(tag) => Shown::Element(Box::new(tag.make())),
            Self::Nothing => Shown::Nothing(browser::text_node("")),
            Self::All(all) => Shown::All(all.into_iter().map(Self::build).collect(), browser::text_node("")),
        }
    }

    fn rebuild(self, shown: &mut Shown) {
        match (self, &mut *shown) {
            (Self::Text(new), Shown::Text(node, old)) => {
                if new != *old {
                    js::set(node, "data", new.as_str());
                    *old = new;
                }
            }
            (Self::Element(tag), Shown::Element(drawn)) if tag.name == drawn.name => tag.apply(drawn),
            (Self::Nothing, Shown::Nothing(_)) => {}
            (Self::All(new), Shown::All(old, end)) => {
                patch(old, new, &JsValue::UNDEFINED, Some(end));
            }
            (new, _) => {
                let fresh = new.build();
                // Of several, before the end does as well: they go at once.
                fresh.put(&JsValue::UNDEFINED, Some(shown.node()));
                shown.unmount();
                *shown = fresh;
            }
        }
    }
}

impl Tag {
    /// Makes the element with everything in it.
    fn make(self) -> Drawn {
        let element = browser::element(self.name);
        for (name, value) in &self.set {
            browser::put(&element, name, Some(value));
        }
        for run in self.made {
            run(&element);
        }
        let _listeners = listen(&element, self.on);
        let mut drawn = Drawn { name: self.name, element, set: self.set, _listeners, children: Vec::new() };
        patch(&mut drawn.children, self.children, &drawn.element, None);
        drawn
    }

    /// Changes what differs in an element of the same name.
    fn apply(self, drawn: &mut Drawn) {
        for (name, _) in drawn.set.iter().filter(|(old, _)| !self.set.iter().any(|(new, _)| new == old)) {
            browser::put(&drawn.element, name, None);
        }
        for (name, value) in self.set.iter().filter(|pair| !drawn.set.contains(pair)) {
            browser::put(&drawn.element, name, Some(value));
        }
        drawn.set = self.set;
        drawn._listeners = listen(&drawn.element, self.on);
        patch(&mut drawn.children, self.children, &drawn.element, None);
    }
}

/// Patches children one by one; what is too much at the end goes, and what is missing comes before `end`.
pub fn patch(old: &mut Vec<Shown>, new: Vec<View>, parent: &JsValue, end: Option<&Node>) {
    while old.len() > new.len() {
        if let Some(mut shown) = old.pop() {
            shown.unmount();
        }
    }
    for (at, view) in new.into_iter().enumerate() {
        if let Some(shown) = old.get_mut(at) {
            view.rebuild(shown);
        } else {
            let shown = view.build();
            shown.put(parent, end);
            old.push(shown);
        }
    }
}

impl Shown {
    /// Its only node; of several, the one that ends them.
    fn node(&self) -> &Node {
        match self {
            Self::Text(node, _) | Self::Nothing(node) | Self::All(_, node) => node,
            Self::Element(drawn) => &drawn.element,
        }
    }

    fn put(&self, parent: &JsValue, before: Option<&Node>) {
        if let Self::All(all, _) = self {
            all.iter().for_each(|shown| shown.put(parent, before));
        }
        browser::place(self.node(), parent, before);
    }
}

impl Mountable for Shown {
    fn unmount(&mut self) {
        if let Self::All(all, _) = self {
            all.iter_mut().for_each(Self::unmount);
        }
        js::invoke(self.node(), "remove", &[]);
    }

    fn mount(&mut self, parent: &Element, before: Option<&Node>) {
        self.put(parent, before);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        let parent = js::get(self.node(), "parentNode");
        if parent.is_object() {
            child.mount(parent.unchecked_ref(), Some(self.node()));
        }
        parent.is_object()
    }

    fn elements(&self) -> Vec<Element> {
        match self {
            Self::Element(drawn) => vec![drawn.element.clone()],
            Self::All(all, _) => all.iter().flat_map(Self::elements).collect(),
            Self::Text(..) | Self::Nothing(_) => Vec::new(),
        }
    }
}

fn listen(element: &Element, on: Vec<(&'static str, Listen)>) -> Vec<EventListener> {
    // A form's `submit` is prevented, which an early listener may not do.
    on.into_iter().map(|(name, run)| EventListener::new(element, name, false, run)).collect()
}
