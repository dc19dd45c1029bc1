//! What a team inherits of the support file's hours.

use protocol::SortedMap;
use protocol::files::{SupportFile, SupportTeam};

/// Returns the file with its hours, goal and callback policy only.
pub fn hours_only(file: &SupportFile) -> SupportFile {
    SupportFile {
        zone: file.zone.clone(),
        holidays: file.holidays.clone(),
        weekdays: file.weekdays.clone(),
        week: file.week.clone(),
        closed: file.closed.clone(),
        days: file.days.clone(),
        goal: file.goal,
        callback: file.callback,
        ..SupportFile::default()
    }
}

/// Returns the hours of a team, with what it leaves out as the file has it.
pub fn hours_of_team(file: &SupportFile, team: &SupportTeam) -> SupportFile {
    let mut hours = hours_only(file);
    hours.zone = team.zone.clone().unwrap_or(hours.zone);
    if let Some(weekdays) = &team.weekdays {
        (hours.weekdays, hours.week) = (weekdays.clone(), SortedMap::default());
    }
    hours.week = team.week.clone().unwrap_or(hours.week);
    hours.closed.extend(team.closed.iter().cloned());
    let days = hours.days.iter().chain(team.days.iter());
    hours.days = days.map(|(day, windows)| (day.clone(), windows.clone())).collect();
    hours.goal = team.goal.or(hours.goal);
    hours.callback = team.callback.or(hours.callback);
    hours
}
