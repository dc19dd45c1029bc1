//! Localizing a flow: every text in one language, with the variants that match the customer's concern.

use protocol::files::{
    Clip, Column, ConcernVariant, Figure, Finish, Flow, InlineForm, LocalizedText, Stage, Step, Stop,
    SurveyQuestion, Target,
};

/// Returns the flow in `locale` for a person whose account has this concern, which may be empty.
///
/// A text that is missing falls back to the flow's `default_locale`. A step whose matching variant comes first is
/// moved to the beginning of its stage.
#[must_use]
pub fn localize(flow: &Flow, locale: &str, concern: &str) -> Flow<String> {
    let say = |text: &LocalizedText| text.pick(locale, &flow.default_locale).to_owned();
    let figure = |figure: &Figure| Figure { fact: figure.fact.clone(), text: say(&figure.text) };
    let finish = |finish: &Finish| Finish {
        figures: finish.figures.iter().map(figure).collect(),
        link: finish.link.clone(),
        action: finish.action.as_ref().map(say),
    };
    let clip = |clip: &Clip| Clip { id: clip.id.clone(), title: say(&clip.title) };
    Flow {
        name: flow.name.clone(),
        version: flow.version,
        default_locale: flow.default_locale.clone(),
        // For authors.
        locales: Vec::new(),
        title: say(&flow.title),
        contact: flow.contact.clone(),
        window_days: flow.window_days,
        finish: flow.finish.as_ref().map(finish),
        clips: flow.clips.iter().map(clip).collect(),
        stages: flow.stages.iter().map(|one| stage(one, &say, concern)).collect(),
    }
}

fn stage(stage: &Stage, say: &impl Fn(&LocalizedText) -> String, concern: &str) -> Stage<String> {
    let mut steps: Vec<(bool, Step<String>)> =
        stage.steps.iter().map(|one| step(one, say, concern)).collect();
    steps.sort_by_key(|(first, _)| !first);
    Stage {
        id: stage.id.clone(),
        title: say(&stage.title),
        steps: steps.into_iter().map(|(_, step)| step).collect(),
        surveys: stage.surveys.iter().map(|question| survey_question(question, say)).collect(),
    }
}

/// Returns the step for one person, and whether it comes first in its stage.
fn step(step: &Step, say: &impl Fn(&LocalizedText) -> String, concern: &str) -> (bool, Step<String>) {
    let variant = step.variants.iter().find(|variant| matches(variant, concern));
    let or = |pick: fn(&ConcernVariant) -> Option<&LocalizedText>| variant.and_then(pick);
    let localized = Step {
        id: step.id.clone(),
        title: say(or(|variant| variant.title.as_ref()).unwrap_or(&step.title)),
        why: say(or(|variant| variant.why.as_ref()).unwrap_or(&step.why)),
        minutes: step.minutes,
        need: step.need,
        done: step.done.clone(),
        after: step.after.clone(),
        link: step.link.clone(),
        guide: step.guide.iter().map(|one| stop(one, say)).collect(),
        inline_form: step.inline_form.as_ref().map(|form| inline_form(form, say)),
        variants: Vec::new(),
        video: step.video.clone(),
    };
    (variant.is_some_and(|variant| variant.first), localized)
}

fn matches(variant: &ConcernVariant, concern: &str) -> bool {
    let concern = concern.to_lowercase();
    variant.concern.iter().any(|word| !word.is_empty() && concern.contains(&word.to_lowercase()))
}

fn inline_form(form: &InlineForm, say: &impl Fn(&LocalizedText) -> String) -> InlineForm<String> {
    let column = |column: &Column| Column {
        id: column.id.clone(),
        label: say(&column.label),
        example: column.example.as_ref().map(say),
        kind: column.kind,
        optional: column.optional,
    };
    InlineForm {
        action: form.action.clone(),
        text: say(&form.text),
        columns: form.columns.iter().map(column).collect(),
    }
}

fn survey_question(
    question: &SurveyQuestion,
    say: &impl Fn(&LocalizedText) -> String,
) -> SurveyQuestion<String> {
    SurveyQuestion { id: question.id.clone(), scale: question.scale, text: question.text.as_ref().map(say) }
}

fn stop(stop: &Stop, say: &impl Fn(&LocalizedText) -> String) -> Stop<String> {
    Stop {
        target: Target {
            hook: stop.target.hook.clone(),
            test_id: stop.target.test_id.clone(),
            role: stop.target.role.clone(),
            name: stop.target.name.as_ref().map(say),
            label: stop.target.label.as_ref().map(say),
            css: stop.target.css.clone(),
        },
        title: stop.title.as_ref().map(say),
        text: say(&stop.text),
        wait: stop.wait,
        value: stop.value.clone(),
        to: stop.to.clone(),
        fact: stop.fact.clone(),
        at_least: stop.at_least,
        repeat_from: stop.repeat_from,
        page: stop.page.clone(),
        blocking: stop.blocking,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLOW: &str = r#"{ "name": "setup", "title": { "ja": "設定", "en": "Set-up" }, "stage": [
        { "id": "usage", "title": { "ja": "使う" }, "step": [
            { "id": "users", "title": { "ja": "登録" }, "why": { "ja": "全員で使えます" }, "minutes": 3, "done": { "confirmed": true } },
            { "id": "safety", "title": { "ja": "権限" }, "why": { "ja": "分けられます" }, "minutes": 3, "done": { "confirmed": true },
              "when": [{ "concern": ["漏れ", "Leak"], "first": true, "why": { "ja": "見える人を決められます", "en": "You decide who sees what" } },
                       { "concern": ["漏"], "title": { "ja": "あとの方" } }] }] }] }"#;

    fn steps(locale: &str, concern: &str) -> Vec<(String, String)> {
        let flow: Flow = serde_json::from_str(FLOW).expect("a flow");
        let flow = localize(&flow, locale, concern);
        flow.steps().map(|(_, step)| (step.title.clone(), step.why.clone())).collect()
    }

    #[test]
    fn a_concern_picks_words_and_order() {
        let pair = |title: &str, why: &str| (title.to_owned(), why.to_owned());
        let users = pair("登録", "全員で使えます");
        assert_eq!(steps("ja", ""), [users.clone(), pair("権限", "分けられます")]);
        assert_eq!(steps("ja", "操作が難しそう"), [users.clone(), pair("権限", "分けられます")]);
        let worried = pair("権限", "見える人を決められます");
        assert_eq!(steps("ja", "情報が漏れないか"), [worried, users.clone()], "the first that fits");
        assert_eq!(steps("en", "a data leak"), [pair("権限", "You decide who sees what"), users]);
    }
}
