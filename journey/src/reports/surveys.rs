//! Survey statistics: means and net promoter scores, each with n and an interval.

use protocol::console::Interval;
use protocol::files::Scale;

use super::funnel::LEAST_N;

/// The 97.5 % point of the standard normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// Returns the number of answers.
pub fn count(answers: &[(u32, u64)]) -> u64 {
    answers.iter().map(|(_, n)| n).sum()
}

/// Returns the value of answers `(score, count)` on a scale: the mean, or for NPS the percentage of 9 and 10 less
/// that of 0 to 6 (Reichheld, 2003), with its 95 % interval by the normal approximation; `None` under n = 5.
pub fn score(scale: Scale, answers: &[(u32, u64)]) -> Option<Interval> {
    let n = count(answers);
    if n < LEAST_N {
        return None;
    }
    let worth = |score: u32| match (scale, score) {
        (Scale::Nps, 9..) => 100.0,
        (Scale::Nps, 0..=6) => -100.0,
        (Scale::Nps, _) => 0.0,
        (Scale::Mood | Scale::Ces, score) => f64::from(score),
    };
    let mean_of = |of: &dyn Fn(f64) -> f64| {
        answers.iter().map(|&(score, times)| of(worth(score)) * times as f64).sum::<f64>() / n as f64
    };
    let value = mean_of(&|worth| worth);
    // The sample variance, hence n - 1.
    let variance = mean_of(&|worth| (worth - value).powi(2)) * n as f64 / (n - 1) as f64;
    let reach = Z * (variance / n as f64).sqrt();
    let (low, high) = match scale {
        Scale::Nps => (-100.0, 100.0),
        other => (f64::from(other.bounds().0), f64::from(other.bounds().1)),
    };
    Some(Interval { value, low: (value - reach).max(low), high: (value + reach).min(high) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_stands_in_the_middle_of_its_interval() {
        let mood = score(Scale::Mood, &[(2, 10), (4, 10)]).expect("n is 20");
        assert!((mood.value - 3.0).abs() < 1e-9);
        // s² = 20/19, so the standard error is 0.2294.
        assert!((mood.high - 3.4497).abs() < 1e-3 && (mood.low - 2.5503).abs() < 1e-3, "{mood:?}");
    }

    #[test]
    fn promoters_less_detractors() {
        let nps = score(Scale::Nps, &[(10, 3), (9, 2), (8, 2), (7, 1), (6, 1), (0, 1)]).expect("n is 10");
        assert!((nps.value - 30.0).abs() < 1e-9, "{nps:?}");
        assert!(nps.high <= 100.0 && nps.low >= -100.0);
    }

    #[test]
    fn few_answers_are_only_counted() {
        assert_eq!(score(Scale::Ces, &[(7, 4)]), None);
        let all = score(Scale::Ces, &[(7, 5)]).expect("n is 5");
        assert_eq!((all.low, all.value, all.high), (7.0, 7.0, 7.0));
    }
}
