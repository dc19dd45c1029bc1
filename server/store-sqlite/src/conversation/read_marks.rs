//! Read marks wait for each other: however many people read, ten transactions a second write all of their marks.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use protocol::ids::ConversationId;
use rusqlite::Connection;
use store::{Party, Visitor};
use tokio::sync::oneshot;

use super::messages;
use crate::SqliteStore;
use crate::error::{Result, unknown};

/// How long marks are gathered.
const GATHER: Duration = Duration::from_millis(100);

/// The customer and the new mark, when it moved.
type Moved = Option<(Visitor, u64)>;

/// How far a party has read.
struct ReadMark {
    party: Party,
    conversation: ConversationId,
    seq: u64,
}

/// A mark that is not written, and who waits for it.
type Waiting = (ReadMark, oneshot::Sender<Result<Moved>>);

/// The marks that wait.
#[derive(Default)]
pub(crate) struct ReadMarks {
    waiting: Mutex<Vec<Waiting>>,
    /// The caller that holds it gathers and writes for all.
    turn: tokio::sync::Mutex<()>,
}

impl ReadMark {
    fn write(&self, db: &Connection) -> rusqlite::Result<Moved> {
        messages::mark_read(db, &self.party, self.conversation, self.seq)
    }
}

impl SqliteStore {
    /// Moves a party's mark with whatever other marks wait; returns once it is on disk.
    pub(super) async fn move_mark(
        &self,
        party: Party,
        conversation: ConversationId,
        seq: u64,
    ) -> Result<Moved> {
        let (answer, moved) = oneshot::channel();
        self.waiting_marks(|waiting| waiting.push((ReadMark { party, conversation, seq }, answer)));
        let turn = self.read_marks.turn.lock().await;
        if moved.is_empty() {
            tokio::time::sleep(GATHER).await;
            self.write_marks().await;
        }
        drop(turn);
        moved.await.map_err(|_| unknown("who wrote it with others went away"))?
    }

    async fn write_marks(&self) {
        let (marks, answers): (Vec<_>, Vec<_>) = self.waiting_marks(std::mem::take).into_iter().unzip();
        let written = self.write(move |db| {
            marks.iter().map(|mark: &ReadMark| mark.write(db)).collect::<rusqlite::Result<Vec<_>>>()
        });
        let written = written.await;
        for (at, answer) in answers.into_iter().enumerate() {
            // Who went away does not want it.
            let _ = answer.send(written.as_ref().map(|all| all[at].clone()).map_err(Clone::clone));
        }
    }

    fn waiting_marks<T>(&self, of: impl FnOnce(&mut Vec<Waiting>) -> T) -> T {
        of(&mut self.read_marks.waiting.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
