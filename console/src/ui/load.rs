//! What a page asked the collector for, and how far that is.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::ApiError;
use crate::context::session;

/// How far a request is.
pub enum LoadState<T> {
    /// It is under way.
    Loading,
    /// It failed; a person can try again.
    Failed,
    /// It was served: the newest answer.
    Ready(T),
}

/// A request that can be repeated, with its newest answer; a handle.
pub struct Load<T: Send + Sync + 'static> {
    state: RwSignal<LoadState<T>>,
    is_stale: RwSignal<bool>,
    request: Callback<()>,
}

impl<T: Send + Sync> Clone for Load<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync> Copy for Load<T> {}

impl<T: Send + Sync> Load<T> {
    /// Prepares the request; [`Load::reload`] sends it. A session that has ended shows the sign-in page.
    pub fn new<F, A>(request: F) -> Self
    where
        F: Fn() -> A + Send + Sync + 'static,
        A: Future<Output = Result<T, ApiError>> + 'static,
    {
        let session = session();
        let (state, is_stale) = (RwSignal::new(LoadState::Loading), RwSignal::new(false));
        let (sent, shown) = (StoredValue::new(0u64), StoredValue::new(0u64));
        let request = Callback::new(move |()| {
            let number = sent.try_update_value(|sent| {
                *sent += 1;
                *sent
            });
            let Some(number) = number else { return };
            let answer = request();
            spawn_local(async move {
                match answer.await {
                    Ok(answer) => {
                        // Answers may overtake each other: an older one never replaces a newer one. The page
                        // may be gone by now.
                        let is_newer = shown
                            .try_update_value(|shown| number > std::mem::replace(shown, number.max(*shown)));
                        if is_newer == Some(true) {
                            let _ = is_stale.try_set(false);
                            let _ = state.try_set(LoadState::Ready(answer));
                        }
                    }
                    Err(ApiError::SignedOut) => session.leave(),
                    Err(_) => {
                        let _ = is_stale.try_set(true);
                        // What is shown already stays.
                        if state.try_with_untracked(|state| matches!(state, LoadState::Loading)) == Some(true)
                        {
                            let _ = state.try_set(LoadState::Failed);
                        }
                    }
                }
            });
        });
        Self { state, is_stale, request }
    }

    /// Sends the request at once.
    pub fn begin<F, A>(request: F) -> Self
    where
        F: Fn() -> A + Send + Sync + 'static,
        A: Future<Output = Result<T, ApiError>> + 'static,
    {
        let load = Self::new(request);
        load.reload();
        load
    }

    /// Sends the request again; what is shown stays until the answer is there.
    pub fn reload(self) {
        // The page may be gone by now.
        let _ = self.request.try_run(());
    }

    /// Sends the request again after a failure, and says that it is under way.
    pub fn retry(self) {
        self.state.set(LoadState::Loading);
        self.reload();
    }

    /// Tells whether the newest request failed, so that what is shown may be out of date.
    pub fn is_stale(self) -> bool {
        self.is_stale.get()
    }

    /// Returns the newest answer, when there is one.
    pub fn answer(self) -> Option<T>
    where
        T: Clone,
    {
        self.with(|state| if let LoadState::Ready(answer) = state { Some(answer.clone()) } else { None })
    }

    /// Reads how far the request is.
    pub fn with<R>(self, read: impl FnOnce(&LoadState<T>) -> R) -> R {
        self.state.with(read)
    }
}
