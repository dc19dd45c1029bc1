//! Reports lead to people: every count opens the list of those behind it.

use anyhow::Result;
use serde_json::json;
use tabiji_tests::{ALWAYS, Browser, Console, Stack};
use thirtyfour::prelude::*;

/// The customers in the open list.
const LISTED: &str =
    "[...document.querySelectorAll('.behind tbody th')].map((it) => it.textContent.trim()).sort().join()";
/// The rows of the open list, without their times.
const ROWS: &str = "[...document.querySelectorAll('.behind tbody tr')] \
    .map((it) => [...it.children].slice(0, -1).map((cell) => cell.textContent.trim()).join('|')).sort().join()";
/// What the open list says that it is.
const HEADING: &str = "document.querySelector('.behind h2')?.textContent";

async fn press(browser: &Browser, selector: &str) -> Result<()> {
    Ok(browser.driver.find(By::Css(selector)).await?.click().await?)
}

/// A bar leads to the customers behind it, by a press on it or by the keyboard.
#[tokio::test]
async fn a_bar_of_the_funnel_leads_to_the_customers_behind_it() -> Result<()> {
    let (stack, _demo) = Stack::with_demo(&[]).await?;
    for (account, users) in [("acct-done", 5), ("acct-going", 2), ("acct-begun", 1)] {
        stack.fact(account, "users", users).await?;
    }
    let cs = Browser::start().await?;
    Console(&cs).enter(&stack.link()?).await?;
    cs.wait("document.querySelector('[data-key=users] .numbers')?.innerText.replaceAll(' ', '') === '1/4/0'")
        .await?;
    // The part of the bar that is in progress.
    press(&cs, "[data-key=users] rect.going").await?;
    // The demo has two customers of its own, with names.
    let going = "acct-begun,acct-going,商社B社 acct-shosha-b,製造A社 acct-seizo-a";
    cs.wait(&format!("{LISTED} === '{going}'")).await?;
    cs.wait(&format!("{HEADING} === '5人のユーザーを登録する：進行中のお客さま'")).await?;
    assert_eq!(cs.accessibility_faults().await?, json!([]));
    cs.picture("journey-behind-ja").await?;
    cs.press(Key::Escape + "").await?;
    cs.wait("!document.querySelector('.behind').open").await?;
    // By the keyboard, to those who are done.
    cs.eval("document.querySelector('[data-key=users] .number').focus()").await?;
    cs.press(Key::Enter + "").await?;
    cs.wait(&format!("{LISTED} === 'acct-done'")).await?;
    cs.wait(&format!("{HEADING} === '5人のユーザーを登録する：完了のお客さま'")).await?;
    // While it is open the report goes on; the next opening shows who moved.
    stack.fact("acct-going", "users", 5).await?;
    cs.wait("document.querySelector('[data-key=users] .numbers b')?.innerText === '2'").await?;
    cs.press(Key::Escape + "").await?;
    cs.wait("!document.querySelector('.behind').open").await?;
    cs.eval("document.querySelector('[data-key=users] .number').focus()").await?;
    cs.press(Key::Enter + "").await?;
    cs.wait(&format!("{LISTED} === 'acct-done,acct-going'")).await?;
    // A part with nobody in it cannot be pressed.
    assert_eq!(
        cs.eval("return document.querySelectorAll('[data-key=users] .number')[2].disabled").await?,
        true
    );
    Ok(())
}

/// Help, clips and surveys count people; a press on a count lists them, with what they answered.
#[tokio::test]
async fn a_count_of_help_clips_and_surveys_leads_to_the_people_behind_it() -> Result<()> {
    let (stack, _demo) = Stack::with_demo(&[]).await?;
    stack.publish_desk(ALWAYS)?;
    stack.add_clip()?;
    let mood =
        |score: u32| json!({ "question": "mood-usage", "scale": "mood", "stage": "usage", "score": score });
    let nps =
        |score: u32| json!({ "question": "recommend", "scale": "nps", "stage": "retention", "score": score });
    let offered = ("chat.opened", json!({ "help": true }));
    let read = ("faq.viewed", json!({ "article": "register-users" }));
    let seen = json!({ "clip": "first-setup", "film": stack.clip_version().await?, "seen": "0-9", "at": 9 });
    let watched = ("video.progress", seen);
    let answers = |felt, recommends| [("survey.answered", mood(felt)), ("survey.answered", nps(recommends))];
    let tanaka = [&[offered.clone(), read, watched][..], &answers(4, 9)].concat();
    stack.reported(("田中 健", "acct-seizo-a"), &tanaka).await?;
    stack.reported(("鈴木 花", "acct-seizo-a"), &[&[offered][..], &answers(2, 3)].concat()).await?;
    let (tanaka, suzuki) = ("製造A社 acct-seizo-a|田中 健", "製造A社 acct-seizo-a|鈴木 花");

    let cs = Browser::start().await?;
    let opens = async |number: &str, heading: &str, rows: &str| -> Result<()> {
        press(&cs, number).await?;
        cs.wait(&format!("{HEADING} === '{heading}'")).await?;
        cs.wait(&format!("{ROWS} === '{rows}'")).await?;
        Ok(())
    };
    let closed = async || -> Result<()> {
        cs.press(Key::Escape + "").await?;
        cs.wait("!document.querySelector('.behind').open").await?;
        Ok(())
    };
    Console(&cs).enter(&stack.link()?).await?;
    cs.wait("!!document.querySelector('.feelings summary')").await?;
    press(&cs, ".feelings summary").await?;
    let happy = ".feelings tbody tr:first-child td:nth-of-type(4) .number";
    opens(happy, "使い始める：よかった", &format!("{tanaka}|4")).await?;
    closed().await?;
    opens(".feelings .scores .number", "推奨度 NPS", &format!("{tanaka}|9,{suzuki}|3")).await?;
    assert_eq!(cs.accessibility_faults().await?, json!([]));
    cs.picture("counted-answers-ja").await?;
    closed().await?;

    press(&cs, "a[href='/console/help']").await?;
    cs.wait("!!document.querySelector('.scores .number')").await?;
    opens(".scores .number", "ヘルプ記事：表示", &format!("{tanaka},{suzuki}")).await?;
    cs.picture("counted-help-ja").await?;
    closed().await?;
    let row = ".report tbody tr:first-child .number";
    opens(row, "ユーザーを登録するには？：読まれた", tanaka).await?;
    closed().await?;

    press(&cs, "a[href='/console/clips']").await?;
    cs.wait("!!document.querySelector('[aria-labelledby=clip-first-setup] .number')").await?;
    let partly = "[aria-labelledby=clip-first-setup] .scores div:nth-child(3) .number";
    opens(partly, "使う人を登録するには：途中まで見た人", tanaka).await?;
    assert_eq!(cs.accessibility_faults().await?, json!([]));
    cs.picture("counted-clips-ja").await?;
    Ok(())
}

/// Below five people a chart has nothing to draw: it says so, and how many there are.
#[tokio::test]
async fn w12_a_chart_of_few_people_says_why_it_draws_nothing() -> Result<()> {
    let (stack, _demo) = Stack::with_demo(&[]).await?;
    stack.add_clip()?;
    let seen = json!({ "clip": "first-setup", "film": stack.clip_version().await?, "seen": "0-9", "at": 9 });
    let mood = json!({ "question": "mood-usage", "scale": "mood", "stage": "usage", "score": 4 });
    let events = [("video.progress", seen), ("survey.answered", mood)];
    for n in 1..=4 {
        stack.reported((&format!("user-{n}"), "acct-seizo-a"), &events).await?;
    }
    let cs = Browser::start().await?;
    Console(&cs).enter(&stack.link()?).await?;
    let places = [("", "#feelings"), ("/clips", "#clip-first-setup")];
    for (language, why) in [("ja", "少ないため"), ("en", "n = 4, too few")] {
        for (path, heading) in places {
            cs.open(&format!("{}/console{path}?lang={language}", stack.url())).await?;
            let section = format!("document.querySelector('{heading}')?.parentElement");
            cs.wait(&format!("{section}?.textContent.includes('{why}')")).await?;
            assert_eq!(cs.eval(&format!("return {section}.querySelector('svg')")).await?, json!(null));
            assert_eq!(cs.accessibility_faults().await?, json!([]));
            cs.picture(&format!("few{}-{language}", path.replace('/', "-"))).await?;
        }
    }
    stack.reported(("user-5", "acct-seizo-a"), &events).await?;
    for (path, heading) in places {
        cs.open(&format!("{}/console{path}?lang=ja", stack.url())).await?;
        cs.wait(&format!("!!document.querySelector('{heading}')?.parentElement.querySelector('.curve svg')"))
            .await?;
        let text =
            cs.eval(&format!("return document.querySelector('{heading}').parentElement.textContent")).await?;
        assert!(path.is_empty() || !text.to_string().contains("少ないため"), "{text}");
    }
    Ok(())
}
