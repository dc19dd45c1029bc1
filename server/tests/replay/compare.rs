//! Compares what was recorded with what is answered today, as JSON.

use std::collections::BTreeMap;

use serde_json::Value;

/// Keys whose values the collector makes at random. A later request names them, so each is known by what it was.
/// `last` has the id of a record, which is the collector's own when a flow was published.
const MADE: [&str; 3] = ["c", "epoch", "last"];

/// Keys with addresses that the collector signed: their path is the same, and how they are signed is its own affair.
const SIGNED: [&str; 4] = ["to", "url", "file", "poster"];

/// Places whose value may be another one of the same type: what a refusal says to developers may say it better,
/// and a session that introduces a person does not wait until the name is projected.
const FREE: [(&str, &str); 2] = [("", "/error/message"), ("POST /v1/session", "/revision")];

/// What was recorded for a value that the collector made, and what it is now.
#[derive(Default)]
pub struct Made(BTreeMap<String, String>);

impl Made {
    /// Puts today's values in the place of the recorded ones.
    pub fn today(&self, text: &str) -> String {
        let mut all: Vec<_> = self.0.iter().collect();
        // An address may contain an id.
        all.sort_by_key(|(then, _)| std::cmp::Reverse(then.len()));
        all.into_iter().fold(text.to_owned(), |text, (then, now)| text.replace(then, now))
    }

    /// Whether it is the same value; a new one is remembered.
    fn is_same(&mut self, key: &str, then: &str, now: &str) -> bool {
        match self.0.get(then) {
            Some(known) => known == now,
            None if then == now => true,
            None if MADE.contains(&key) || (SIGNED.contains(&key) && self.today(path(then)) == path(now)) => {
                self.0.insert(then.to_owned(), now.to_owned());
                // What is signed may be asked for below its own address, too.
                if let (Some((_, then)), Some((_, now))) = (then.split_once('?'), now.split_once('?')) {
                    self.0.insert(then.to_owned(), now.to_owned());
                }
                true
            }
            None => self.today(then) == now,
        }
    }
}

fn path(address: &str) -> &str {
    address.split('?').next().unwrap_or_default()
}

/// Names every place where today's JSON has less than the recorded, or something else. What is new is no fault.
pub fn faults(call: &str, then: &Value, now: &Value, made: &mut Made) -> Vec<String> {
    let mut compared = Compared { call, made, faults: Vec::new() };
    compared.compare("", "", then, now);
    compared.faults
}

/// What one call answered then and today.
struct Compared<'a> {
    call: &'a str,
    made: &'a mut Made,
    faults: Vec<String>,
}

impl Compared<'_> {
    /// Whether any value of the type is good there.
    fn is_free(&self, place: &str) -> bool {
        FREE.iter().any(|(call, free)| self.call.starts_with(call) && *free == place)
    }

    fn compare(&mut self, place: &str, key: &str, then: &Value, now: &Value) {
        match (then, now) {
            (Value::Object(then), Value::Object(now)) => {
                for (key, then) in then {
                    let place = format!("{place}/{key}");
                    match now.get(key) {
                        Some(now) => self.compare(&place, key, then, now),
                        None => self.faults.push(format!("{place} is gone; it was {}", short(then))),
                    }
                }
            }
            (Value::Array(then), Value::Array(now)) => {
                if then.len() != now.len() {
                    self.faults.push(format!("{place} has {} elements and had {}", now.len(), then.len()));
                }
                for (at, (then, now)) in then.iter().zip(now).enumerate() {
                    self.compare(&format!("{place}/{at}"), key, then, now);
                }
            }
            (Value::String(_), Value::String(_)) | (Value::Number(_), Value::Number(_))
                if self.is_free(place) => {}
            (Value::String(then), Value::String(now)) if self.made.is_same(key, then, now) => {}
            // 1 and 1.0 are one number to a browser.
            (Value::Number(then), Value::Number(now)) if then.as_f64() == now.as_f64() => {}
            _ if then == now => {}
            _ => self.faults.push(format!("{place} is {} and was {}", short(now), short(then))),
        }
    }
}

fn short(value: &Value) -> String {
    value.to_string().chars().take(80).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(then: Value, now: Value) -> Vec<String> {
        faults("POST /v1/events", &then, &now, &mut Made::default())
    }

    #[test]
    fn what_is_new_is_no_fault_and_what_is_gone_is_one() {
        assert!(
            check(json!({ "a": [{ "b": 1 }] }), json!({ "a": [{ "b": 1.0, "c": 2 }], "d": null })).is_empty()
        );
        assert_eq!(check(json!({ "a": { "b": 1 } }), json!({ "a": {} })), ["/a/b is gone; it was 1"]);
        assert_eq!(check(json!({ "a": null }), json!({})), ["/a is gone; it was null"]);
    }

    #[test]
    fn another_type_value_or_length_is_a_fault() {
        assert_eq!(check(json!([{ "a": 1 }]), json!([{ "a": "1" }])), ["/0/a is \"1\" and was 1"]);
        assert_eq!(check(json!({ "a": true }), json!({ "a": false })), ["/a is false and was true"]);
        assert_eq!(check(json!({ "a": [1] }), json!({ "a": [1, 2] })), ["/a has 2 elements and had 1"]);
    }

    #[test]
    fn what_the_collector_makes_is_known_by_what_it_was() {
        let mut made = Made::default();
        let mut check = |then: Value, now: Value| faults("GET /v1/chat", &then, &now, &mut made);
        assert!(check(json!({ "c": "then" }), json!({ "c": "now" })).is_empty());
        assert_eq!(check(json!({ "c": "then" }), json!({ "c": "other" })).len(), 1);
        assert!(check(json!({ "url": "to/then?sign=1" }), json!({ "url": "to/now?sign=2" })).is_empty());
        assert_eq!(check(json!({ "url": "by/then?sign=1" }), json!({ "url": "to/now?sign=2" })).len(), 1);
        assert_eq!(made.today("/to/then?sign=1&at=0 then"), "/to/now?sign=2&at=0 now");
        assert_eq!(made.today("/to/then/drop?sign=1"), "/to/now/drop?sign=2");
    }

    #[test]
    fn what_is_free_keeps_its_type() {
        let session =
            |now: Value| faults("POST /v1/session", &json!({ "revision": 1 }), &now, &mut Made::default());
        assert!(session(json!({ "revision": 2 })).is_empty());
        assert_eq!(session(json!({ "revision": "2" })).len(), 1);
        assert_eq!(check(json!({ "revision": 1 }), json!({ "revision": 2 })).len(), 1);
        assert!(
            check(json!({ "error": { "message": "a" } }), json!({ "error": { "message": "b" } })).is_empty()
        );
    }
}
