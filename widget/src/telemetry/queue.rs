//! What waits to be sent, in order, and what a batch of it is.

use protocol::SortedMap;
use protocol::widget::{BatchReply, EventOutcome, limits};

/// Room that the envelope of a batch needs beside its events.
const ENVELOPE: usize = 4 * 1024;

/// Events as JSON texts by id; ids sort by time.
#[derive(Default)]
pub struct Queue {
    waiting: SortedMap<String, Item>,
    /// Bytes of all of them.
    bytes: usize,
    /// Events in a batch: halved when the collector finds one too large.
    most: Option<usize>,
}

struct Item {
    event: String,
    importance: u8,
    /// Handed to the browser while the page was hidden; nobody said whether it arrived.
    beaconed: bool,
}

impl Queue {
    /// Adds an event of a kind; the same id again changes nothing.
    pub fn add(&mut self, id: String, kind: &str, event: String) {
        if self.waiting.get(&id).is_none() {
            self.bytes += event.len();
            self.waiting.insert(id, Item { event, importance: importance(kind), beaconed: false });
        }
    }

    /// Takes out what is beyond the limits of what is kept, the least important first and of those the oldest; gives
    /// the ids. What may have arrived already stays.
    pub fn drop_excess(&mut self) -> Vec<String> {
        let mut dropped = Vec::new();
        while self.waiting.len() > limits::KEPT_EVENTS || self.bytes > limits::KEPT_BYTES {
            let fresh = self.waiting.iter().filter(|(_, item)| !item.beaconed);
            let Some((id, _)) = fresh.min_by_key(|(_, item)| item.importance) else { break };
            let id = id.clone();
            self.remove(&id);
            dropped.push(id);
        }
        dropped
    }

    fn remove(&mut self, id: &String) -> bool {
        let item = self.waiting.remove(id);
        self.bytes -= item.as_ref().map_or(0, |item| item.event.len());
        item.is_some()
    }

    /// Whether everything is known to be stored.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Every event, with its id.
    pub fn all(&self) -> impl Iterator<Item = (&String, &String)> {
        self.waiting.iter().map(|(id, item)| (id, &item.event))
    }

    /// The oldest events that fit into one request: their ids, and a JSON list of them.
    pub fn batch(&self) -> (Vec<String>, String) {
        let most = self.most.unwrap_or(limits::EVENTS);
        list(self.waiting.iter(), most, limits::WIRE_BYTES - ENVELOPE)
    }

    /// The oldest events that were not handed over yet and fit, with those that were, into what may be in flight when a
    /// page goes away.
    pub fn beacon_batch(&mut self) -> (Vec<String>, String) {
        let in_flight = self.waiting.iter().filter(|(_, item)| item.beaconed);
        let taken: usize = in_flight.map(|(_, item)| item.event.len() + 1).sum();
        let room = (limits::BEACON_BYTES - ENVELOPE).saturating_sub(taken);
        let fresh = self.waiting.iter().filter(|(_, item)| !item.beaconed);
        list(fresh, limits::EVENTS, room)
    }

    /// Notes that the browser took these.
    pub fn mark_beaconed(&mut self, ids: &[String]) {
        for id in ids {
            if let Some(item) = self.waiting.get_mut(id) {
                item.beaconed = true;
            }
        }
    }

    /// The page is back: what was handed over is asked about again.
    pub fn back(&mut self) {
        self.waiting.values_mut().for_each(|item| item.beaconed = false);
    }

    /// Takes out what the collector has; gives the ids.
    pub fn settle(&mut self, reply: &BatchReply) -> Vec<String> {
        self.most = None;
        let kept = reply.results.iter().filter(|result| result.outcome != EventOutcome::Retry);
        let ids: Vec<String> = kept.filter_map(|result| Some(result.id?.text())).collect();
        ids.into_iter().filter(|id| self.remove(id)).collect()
    }

    /// The batch was too large: the next one is half of it. An event that is too large by itself would keep all others
    /// from leaving: it is taken out, and its id given.
    pub fn halve(&mut self) -> Option<String> {
        let most = self.most.unwrap_or(limits::EVENTS).min(self.waiting.len());
        self.most = Some((most / 2).max(1));
        let id = if most == 1 { self.batch().0.pop() } else { None };
        id.filter(|id| self.remove(id))
    }
}

/// What a kind of event is worth where not all can be kept: how far a clip was watched is said again later, and what
/// the page tracks is its own; without the steps nobody knows where the customer stands, nor without its count what was
/// dropped.
fn importance(kind: &str) -> u8 {
    match kind {
        "video.progress" => 0,
        "custom" => 1,
        "events.dropped" => 3,
        kind if kind.starts_with("step.") || kind.starts_with("stage.") => 3,
        _ => 2,
    }
}

fn list<'a>(
    items: impl Iterator<Item = (&'a String, &'a Item)>,
    most: usize,
    bytes: usize,
) -> (Vec<String>, String) {
    let mut ids = Vec::new();
    let mut json = String::from("[");
    for (id, item) in items {
        if ids.len() == most {
            break;
        }
        // One that is too large for itself lets the others pass.
        if json.len() + item.event.len() + 2 > bytes {
            continue;
        }
        if !ids.is_empty() {
            json.push(',');
        }
        json.push_str(&item.event);
        ids.push(id.clone());
    }
    json.push(']');
    (ids, json)
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::ids::EventId;
    use protocol::widget::EventResult;
    use wasm_bindgen_test::wasm_bindgen_test;

    fn id(n: u64) -> EventId {
        EventId::new(n, [0; 10])
    }

    fn queue(events: u64, bytes: usize) -> Queue {
        let mut queue = Queue::default();
        for n in 0..events {
            queue.add(id(n).to_string(), "custom", "x".repeat(bytes));
        }
        queue
    }

    fn reply(outcomes: &[EventOutcome]) -> BatchReply {
        let result = |(index, outcome): (usize, &EventOutcome)| EventResult {
            id: Some(id(index as u64)),
            index,
            outcome: *outcome,
            reason: None,
        };
        BatchReply { results: outcomes.iter().enumerate().map(result).collect(), server_time: 0 }
    }

    #[wasm_bindgen_test]
    fn batches_keep_to_count_and_size() {
        assert_eq!(queue(500, 10).batch().0.len(), limits::EVENTS);
        let (ids, json) = queue(500, 10_000).batch();
        assert!(ids.len() < 30 && json.len() < limits::WIRE_BYTES);
    }

    /// T11: 200 KB queued, at most 60 KB leave with the page, the rest is still there.
    #[wasm_bindgen_test]
    fn t11_last_words_keep_to_the_budget() {
        let mut queue = queue(200, 1_000);
        let (ids, json) = queue.beacon_batch();
        assert!(json.len() <= 60 * 1024 && ids.len() > 50);
        queue.mark_beaconed(&ids);
        assert!(queue.beacon_batch().0.is_empty(), "that much in all, however often the page is hidden");
        assert_eq!(queue.batch().0.len(), 200, "what was handed over is kept until it is acknowledged");
    }

    #[wasm_bindgen_test]
    fn t11_what_came_since_leaves_as_far_as_there_is_room() {
        let mut queue = queue(20, 1_000);
        let ids = queue.beacon_batch().0;
        assert_eq!(ids.len(), 20);
        queue.mark_beaconed(&ids);
        queue.add(id(20).to_string(), "custom", "x".repeat(1_000));
        assert_eq!(queue.beacon_batch().0, [id(20).to_string()]);
        queue.back();
        assert_eq!(queue.beacon_batch().0.len(), 21, "the page is back, and asks about all of them");
    }

    #[wasm_bindgen_test]
    fn only_what_must_be_tried_again_stays() {
        let mut queue = queue(4, 10);
        let reply = reply(&[
            EventOutcome::Stored,
            EventOutcome::Retry,
            EventOutcome::Duplicate,
            EventOutcome::Quarantined,
        ]);
        assert_eq!(queue.settle(&reply).len(), 3);
        assert_eq!(queue.batch().0, [id(1).to_string()]);
    }

    #[wasm_bindgen_test]
    fn a_batch_that_is_too_large_is_halved() {
        let mut queue = queue(10, 10);
        queue.halve();
        assert_eq!(queue.batch().0.len(), 5);
        assert_eq!([queue.halve(), queue.halve()], [None, None]);
        assert_eq!(queue.batch().0, [id(0).to_string()]);
        assert_eq!(queue.halve(), Some(id(0).to_string()));
        assert_eq!(queue.batch().0, [id(1).to_string()], "the others go on");
    }

    /// T18.
    #[wasm_bindgen_test]
    fn t18_the_least_important_go_first_and_transitions_last() {
        let mut queue = Queue::default();
        let kinds = ["stage.entered", "custom", "video.progress", "step.completed", "survey.answered"];
        let most = limits::KEPT_EVENTS as u64;
        for n in 0..most {
            queue.add(id(n).to_string(), kinds[(n % 5) as usize], String::from("{}"));
        }
        assert!(queue.drop_excess().is_empty());
        let mut dropped = Vec::new();
        for n in 0..most {
            queue.add(id(most + n).to_string(), "step.completed", String::from("{}"));
            dropped.extend(queue.drop_excess());
        }
        assert_eq!(dropped.len(), limits::KEPT_EVENTS);
        let fifth = limits::KEPT_EVENTS / 5;
        let of_kind = |at: usize| (0..fifth).map(move |n| id((n * 5 + at) as u64).to_string());
        let order = of_kind(2).chain(of_kind(1)).chain(of_kind(4));
        assert!(order.eq(dropped[..3 * fifth].iter().cloned()));
        assert!(dropped[3 * fifth..].is_sorted(), "of transitions the oldest goes first");
    }

    #[wasm_bindgen_test]
    fn t18_bytes_are_limited_as_well() {
        let mut queue = queue(50, 30_000);
        let dropped = queue.drop_excess();
        // A megabyte holds 33 of them.
        assert_eq!(dropped.len(), 17);
        let all: Vec<String> = queue.all().map(|(id, _)| id.clone()).collect();
        queue.mark_beaconed(&all);
        queue.add(id(100).to_string(), "step.completed", "x".repeat(30_000));
        assert_eq!(queue.drop_excess(), [id(100).to_string()], "what may have arrived is not given up");
    }
}
