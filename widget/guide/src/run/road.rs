//! Where a person is, where a stop is, and which stops need nothing any more.

use journey::condition::path_matches;
use protocol::{Stop, Wait};

use super::Run;
use crate::plan;

impl Run {
    pub(super) fn here(&self) -> String {
        let location = self.window.location();
        [location.pathname().unwrap_or_default(), location.hash().unwrap_or_default()].concat()
    }

    /// Whether the page's address fits; what comes after `#` counts only where the pattern names it.
    pub(super) fn fits(&self, pattern: &str) -> bool {
        let here = self.here();
        let path = here.split('#').next().unwrap_or_default();
        path_matches(pattern, if pattern.contains('#') { &here } else { path })
    }

    pub(super) fn is_here(&self, stop: &Stop<String>) -> bool {
        stop.page.as_ref().is_none_or(|page| self.fits(page))
    }

    /// Whether what a stop waits for is so already.
    pub(super) fn holds(&self, stop: &Stop<String>) -> bool {
        match stop.wait {
            Wait::Navigation => stop.to.as_ref().is_some_and(|to| self.fits(to)),
            Wait::Fact => plan::holds(stop, &self.page.facts()),
            _ => false,
        }
    }

    /// The nearest stop before this one that there is something to do at.
    pub(super) fn before(&self) -> Option<usize> {
        let earlier = self.stops.get(..self.at.get()).unwrap_or_default();
        earlier.iter().rposition(|stop| !self.holds(stop))
    }

    /// Where the stop's page is, when that can be told.
    pub(super) fn address(&self) -> Option<String> {
        let page = self.stop()?.page.as_ref()?;
        let fits = |link: &&String| path_matches(page, link.split(['?', '#']).next().unwrap_or_default());
        self.link.as_ref().filter(fits).or_else(|| (!page.contains('*')).then_some(page)).cloned()
    }
}
