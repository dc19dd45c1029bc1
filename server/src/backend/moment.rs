//! Times that a host's backend sends.

use protocol::Millis;

use crate::http::Refusal;

/// Before this, in March 1973, no product of today had a customer: a time that small was meant in seconds.
const EARLIEST: Millis = 100_000_000_000;
/// After this, in the year 5138, nothing is planned: a time that large was meant in microseconds.
const LATEST: Millis = 100_000_000_000_000;

/// Checks a time under its name.
///
/// # Errors
/// `Malformed` for one that was meant in another unit.
pub fn check(name: &str, at: Option<Millis>) -> Result<(), Refusal> {
    let unit = match at {
        Some(at) if at < EARLIEST => "seconds",
        Some(at) if at > LATEST => "microseconds",
        _ => return Ok(()),
    };
    Err(Refusal::Malformed(format!(
        "{name} is a time in milliseconds since 1970; this one looks like {unit}"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_in_another_unit_is_refused_by_its_name() {
        for at in [None, Some(1_790_000_000_000), Some(EARLIEST), Some(LATEST)] {
            assert!(check("at", at).is_ok(), "{at:?}");
        }
        for (at, unit) in [
            (1_790_000_000, "seconds"),
            (0, "seconds"),
            (-1, "seconds"),
            (1_790_000_000_000_000, "microseconds"),
        ] {
            let refused = check("contract_at", Some(at));
            assert!(
                matches!(&refused, Err(Refusal::Malformed(why)) if why.starts_with("contract_at") && why.ends_with(unit)),
                "{refused:?}"
            );
        }
    }
}
