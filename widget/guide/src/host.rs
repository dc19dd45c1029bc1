//! The host's page: where a control is, what it looks like, and what people do to it. The looking is in
//! `host.js`; what follows from it is here.

use js_sys::{Array, Float64Array, Function};
use protocol::Target;
use wasm_bindgen::prelude::*;
use web_sys::{Element, Event, HtmlElement};

use crate::place::Rect;
use crate::score::{Signals, Verdict, judge};

#[wasm_bindgen(module = "/src/host.js")]
extern "C" {
    /// Marks an element of ours: it is no part of the page.
    pub fn ours(element: &Element);
    fn candidates(selectors: Vec<String>, deep: bool) -> Vec<Element>;
    fn names(element: &Element) -> Array;
    fn plain(text: &str) -> String;
    #[wasm_bindgen(js_name = view)]
    fn view_js() -> Array;
    #[wasm_bindgen(js_name = sight)]
    fn sight_js(element: &Element) -> Option<Float64Array>;
    /// Brings it into view, its start first when it is taller than the window.
    pub fn reveal(element: &Element);
    fn follow(element: &Element, moved: &Function) -> Function;
    fn watch(changed: &Function) -> Function;
    fn hear(element: &Element, done: &Function) -> Function;
    /// Whether keys pressed there belong to somebody's typing.
    #[wasm_bindgen(js_name = isTyping)]
    pub fn is_typing(event: &Event) -> bool;
    /// The first or the last thing in the element that takes the focus; the element itself when it does.
    pub fn focusable(element: &Element, last: bool) -> Option<HtmlElement>;
    #[wasm_bindgen(js_name = isDrawn)]
    fn is_drawn(element: &Element) -> bool;
    fn hold(element: &Element, layer: &Element) -> Function;
    /// Where our layer belongs: inside a modal dialog that has the element, else at the end of the page.
    pub fn home(element: Option<&Element>) -> Element;
    /// Above everything: opened last, the layer is on top of what the page opened before.
    pub fn raise(layer: &Element);
}

#[wasm_bindgen(module = "/src/tabs.js")]
extern "C" {
    fn alone(name: &str, now: bool, show: &Function, lost: &Function) -> Function;
}

/// Something that goes on in the page until this is dropped.
pub struct Until {
    end: Function,
    // They are called until the end.
    _heard: Vec<Closure<dyn Fn(JsValue, JsValue)>>,
}

impl Drop for Until {
    fn drop(&mut self) {
        // What ends nothing more has ended.
        let _ = self.end.call0(&JsValue::NULL);
    }
}

type Hears = Box<dyn Fn(JsValue, JsValue)>;

fn until<const N: usize>(hears: [Hears; N], begin: impl FnOnce([&Function; N]) -> Function) -> Until {
    let heard: Vec<_> = hears.into_iter().map(Closure::wrap).collect();
    let end = begin(std::array::from_fn(|at| heard[at].as_ref().unchecked_ref()));
    Until { end, _heard: heard }
}

/// Calls `moved` whenever the element may have moved.
pub fn following(element: &Element, moved: impl Fn() + 'static) -> Until {
    until([Box::new(move |_, _| moved())], |[moved]| follow(element, moved))
}

/// Calls `changed` while the page changes.
pub fn watching(changed: impl Fn() + 'static) -> Until {
    until([Box::new(move |_, _| changed())], |[changed]| watch(changed))
}

/// Calls `done` with the kind of event and the control's value.
pub fn hearing(element: &Element, done: impl Fn(&str, &str) + 'static) -> Until {
    let done = move |kind: JsValue, value: JsValue| {
        done(&kind.as_string().unwrap_or_default(), &value.as_string().unwrap_or_default());
    };
    until([Box::new(done)], |[done]| hear(element, done))
}

/// Puts everything but the element out of reach.
pub fn holding(element: &Element, layer: &Element) -> Until {
    Until { end: hold(element, layer), _heard: Vec::new() }
}

/// Runs `show` when no other tab of this browser shows a guide under this name.
pub fn alone_as(name: &str, now: bool, show: impl Fn() + 'static, lost: impl Fn() + 'static) -> Until {
    until([Box::new(move |_, _| show()), Box::new(move |_, _| lost())], |[show, lost]| {
        alone(name, now, show, lost)
    })
}

/// The part of the page that can be seen.
pub fn view() -> Rect {
    let view = view_js();
    let at = |index| view.get(index).as_f64().unwrap_or_default();
    Rect { x: at(0), y: at(1), w: at(2), h: at(3) }
}

/// How a control can be seen.
#[derive(Clone, Copy, PartialEq)]
pub struct Sight {
    /// Its box.
    pub whole: Rect,
    /// The part of it that is not cut off.
    pub seen: Rect,
    /// Whether something else lies over it.
    pub covered: bool,
    /// Whether it is a frame that nobody can look into.
    pub frame: bool,
    /// The radius of its corners.
    pub radius: f64,
    /// Whether all of it can be seen.
    pub complete: bool,
}

impl Sight {
    /// Looks at an element; none when it is not drawn or has no size.
    pub fn of(element: &Element) -> Option<Self> {
        let numbers = sight_js(element)?;
        let at = |index| numbers.get_index(index);
        let rect = |from| Rect { x: at(from), y: at(from + 1), w: at(from + 2), h: at(from + 3) };
        let sight = Self {
            whole: rect(0),
            seen: rect(4),
            covered: at(8) != 0.0,
            frame: at(9) != 0.0,
            radius: at(10),
            complete: at(11) != 0.0,
        };
        (sight.whole.area() > 0.0).then_some(sight)
    }

    /// Whether a person can see and reach it.
    pub fn is_reachable(self) -> bool {
        self.seen.area() > 0.0 && !self.covered
    }
}

/// Looks for the control that is meant, in the page itself and in its shadow roots and frames. With
/// `sure`, only a control that every signal agrees on is taken: another may still be on its way.
pub fn find(target: &Target<String>, sure: bool) -> Option<Element> {
    [false, true].into_iter().find_map(|deep| {
        let all: Vec<Element> = candidates(selectors(target), deep).into_iter().filter(is_drawn).collect();
        let signals: Vec<Signals> = all.iter().map(|element| signals(target, element)).collect();
        match judge(target, &signals) {
            // What lies deeper may agree more.
            Verdict::Found { at, whole } if whole || deep && !sure => all.get(at).cloned(),
            _ => None,
        }
    })
}

const TEST_IDS: [&str; 4] = ["data-testid", "data-test-id", "data-test", "data-cy"];
/// What people can operate: where a name or a label alone is looked for.
const CONTROLS: &str = "a[href],button,input,select,textarea,summary,[role],[tabindex],[contenteditable]";

fn selectors(target: &Target<String>) -> Vec<String> {
    let mut all = Vec::new();
    if let Some(hook) = &target.hook {
        all.push(attribute("data-tabiji", hook));
    }
    if let Some(id) = &target.test_id {
        all.extend(TEST_IDS.map(|name| attribute(name, id)));
    }
    if let Some(css) = &target.css {
        all.push(css.clone());
    }
    if target.name.is_some() || target.label.is_some() {
        all.push(target.role.as_deref().map_or_else(|| CONTROLS.to_owned(), of_role));
    }
    all
}

fn attribute(name: &str, value: &str) -> String {
    let value = value.replace('\\', "\\\\").replace('"', "\\\"");
    ["[", name, "=\"", &value, "\"]"].concat()
}

/// The elements of a role: by attribute, and by what they are (HTML-AAM, as far as controls go).
fn of_role(role: &str) -> String {
    let own = match role {
        "button" => ",button,summary,input[type=button],input[type=submit],input[type=reset]",
        "link" => ",a[href]",
        "textbox" => {
            ",input:not([type]),input[type=text],input[type=email],input[type=tel],input[type=url],\
             input[type=password],textarea,[contenteditable]"
        }
        "searchbox" => ",input[type=search]",
        "spinbutton" => ",input[type=number]",
        "slider" => ",input[type=range]",
        "checkbox" => ",input[type=checkbox]",
        "radio" => ",input[type=radio]",
        "combobox" => ",select,input[list]",
        "heading" => ",h1,h2,h3,h4,h5,h6",
        "img" => ",img",
        "navigation" => ",nav",
        "form" => ",form",
        "table" => ",table",
        _ => "",
    };
    [&attribute("role", role), own].concat()
}

fn signals(target: &Target<String>, element: &Element) -> Signals {
    let has = |name: &str, value: &Option<String>| {
        value.as_ref().is_some_and(|value| element.get_attribute(name).as_ref() == Some(value))
    };
    let fits = |selector: &str| element.matches(selector).unwrap_or(false);
    // Not cheap, and often not asked for.
    let said = (target.name.is_some() || target.label.is_some()).then(|| names(element));
    let says = |index, text: &Option<String>| {
        text.as_ref().is_some_and(|text| {
            said.as_ref().and_then(|said| said.get(index).as_string()).is_some_and(|said| said == plain(text))
        })
    };
    Signals {
        hook: has("data-tabiji", &target.hook),
        test_id: TEST_IDS.iter().any(|name| has(name, &target.test_id)),
        role: target.role.as_ref().is_some_and(|role| {
            let explicit = element.get_attribute("role");
            explicit.as_ref().map_or_else(|| fits(&of_role(role)), |explicit| explicit == role)
        }),
        name: says(0, &target.name),
        label: says(1, &target.label),
        css: target.css.as_ref().is_some_and(|css| fits(css)),
    }
}
