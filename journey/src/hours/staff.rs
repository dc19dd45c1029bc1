//! The hours of a site and of its teams: whose question it is shows the step at which it was asked.

use protocol::{DeskFile, Millis, StepId, Team};

use super::{Calendar, History};

/// Everybody's hours, as they were published.
#[derive(Clone, Debug, Default)]
pub struct Staff {
    site: History,
    teams: Vec<(Team, History)>,
}

impl Staff {
    /// Takes every file that was published, the oldest first. The teams are those of the newest; where an older
    /// file did not have one, its hours were those of the desk.
    pub fn new(versions: &[(Millis, DeskFile)]) -> Self {
        // Only what could be read was published; a zone that has gone since is no reason to answer nobody.
        let history = |of: &dyn Fn(&DeskFile) -> DeskFile| {
            let read = |(since, file): &(Millis, DeskFile)| Some((*since, Calendar::read(&of(file)).ok()?));
            History::new(versions.iter().filter_map(read).collect())
        };
        let teams = versions.last().map(|(_, file)| file.teams.clone()).unwrap_or_default();
        let of_team = |team: Team| {
            let then = |file: &DeskFile| {
                let own = file.teams.iter().find(|other| other.id == team.id);
                own.map_or_else(|| file.hours_only(), |own| file.of_team(own))
            };
            let history = history(&then);
            (team, history)
        };
        Self { teams: teams.into_iter().map(of_team).collect(), site: history(&DeskFile::hours_only) }
    }

    /// The hours that count for a question at a step.
    pub fn at(&self, step: Option<&StepId>) -> &History {
        self.place(step).map_or(&self.site, |place| &self.teams[place].1)
    }

    /// The team whose question it is.
    pub fn team(&self, step: Option<&StepId>) -> Option<&Team> {
        self.place(step).map(|place| &self.teams[place].0)
    }

    /// The place of that team among the teams.
    pub fn place(&self, step: Option<&StepId>) -> Option<usize> {
        let step = step?;
        self.teams.iter().position(|(team, _)| team.steps.contains(step))
    }

    /// The desk's own hours.
    pub fn site(&self) -> &History {
        &self.site
    }

    /// Every team with its hours.
    pub fn teams(&self) -> &[(Team, History)] {
        &self.teams
    }
}
