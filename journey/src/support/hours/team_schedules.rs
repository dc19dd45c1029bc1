//! The support hours of a site and of its teams. The step at which a question was asked decides the team.

use protocol::Millis;
use protocol::files::{SupportFile, SupportTeam};
use protocol::ids::StepId;

use super::inheritance::{hours_of_team, hours_only};
use super::{Calendar, History};

/// The hours of a site and its teams, over all published versions.
#[derive(Clone, Debug, Default)]
pub struct TeamSchedules {
    site: History,
    teams: Vec<(SupportTeam, History)>,
}

impl TeamSchedules {
    /// Takes every published support file, the oldest first. The teams are those of the newest file; where an older
    /// one lacks a team, the team had the site's hours.
    pub fn new(versions: &[(Millis, SupportFile)]) -> Self {
        // Only valid files were published. A version whose time zone no longer exists is skipped, so that support goes on.
        let history = |of: &dyn Fn(&SupportFile) -> SupportFile| {
            let read =
                |(since, file): &(Millis, SupportFile)| Some((*since, Calendar::parse(&of(file)).ok()?));
            History::new(versions.iter().filter_map(read).collect())
        };
        let teams = versions.last().map(|(_, file)| file.teams.clone()).unwrap_or_default();
        let of_team = |team: SupportTeam| {
            let then = |file: &SupportFile| {
                let own = file.teams.iter().find(|other| other.id == team.id);
                own.map_or_else(|| hours_only(file), |own| hours_of_team(file, own))
            };
            let history = history(&then);
            (team, history)
        };
        Self { teams: teams.into_iter().map(of_team).collect(), site: history(&hours_only) }
    }

    /// Returns the hours that count for a question at a step.
    pub fn at(&self, step: Option<&StepId>) -> &History {
        self.place(step).map_or(&self.site, |place| &self.teams[place].1)
    }

    /// Returns the team that answers questions at a step.
    pub fn team(&self, step: Option<&StepId>) -> Option<&SupportTeam> {
        self.place(step).map(|place| &self.teams[place].0)
    }

    /// Returns the index of that team.
    pub fn place(&self, step: Option<&StepId>) -> Option<usize> {
        let step = step?;
        self.teams.iter().position(|(team, _)| team.steps.contains(step))
    }

    /// Returns the site's own hours.
    pub fn site(&self) -> &History {
        &self.site
    }

    /// Returns every team with its hours.
    pub fn teams(&self) -> &[(SupportTeam, History)] {
        &self.teams
    }
}
