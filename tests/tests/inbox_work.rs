//! The inbox with several questions: the next one, who has waited too long, what the customer did meanwhile, how people are
//! found, and what is shown before a choice or without an answer.

use anyhow::Result;
use serde_json::{Value, json};
use tabiji_tests::{ALWAYS, Browser, Console, Stack, Widget, closed_until};
use thirtyfour::prelude::*;

/// Runs before the page's own scripts: the console's clock is an hour ahead when the page asks for it.
const LATER: &str =
    "if (sessionStorage.later) { const now = Date.now.bind(Date); Date.now = () => now() + 3_600_000 }";

async fn press(desk: &Browser, selector: &str) -> Result<()> {
    Ok(desk.driver.find(By::Css(selector)).await?.click().await?)
}

/// Opens the inbox with these questions, each of another person.
async fn asked(desk: &str, questions: &[(&str, &str)]) -> Result<(Stack, Browser)> {
    let (stack, _demo) = Stack::with_demo(&[]).await?;
    stack.publish_desk(desk)?;
    for (user, text) in questions {
        stack.question(user, "acct-seizo-a", text, json!({ "step": "users" })).await?;
    }
    let desk = Browser::start().await?;
    desk.tools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": LATER })).await?;
    Console(&desk).enter(&stack.link()?).await?;
    press(&desk, "a[href='/console/inbox']").await?;
    desk.wait(&format!("document.querySelectorAll('.inbox .talk').length === {}", questions.len())).await?;
    Ok((stack, desk))
}

#[tokio::test]
async fn after_one_is_resolved_the_next_one_opens_until_none_is_left() -> Result<()> {
    let questions = [("user-1", "一つ目の質問"), ("user-2", "二つ目の質問"), ("user-3", "三つ目の質問")];
    let (_stack, desk) = asked(ALWAYS, &questions).await?;
    press(&desk, ".inbox .talk").await?;
    let mut addresses = Vec::new();
    for (n, (_, text)) in questions.iter().enumerate() {
        desk.wait(&format!("document.querySelector('.said li p')?.textContent === '{text}'")).await?;
        addresses.push(desk.eval("return location.pathname").await?);
        if n == 1 {
            desk.picture("inbox-next-ja").await?;
        }
        desk.press("e").await?;
        let left = questions.len() - n - 1;
        desk.wait(&format!("document.querySelectorAll('.inbox .talk').length === {left}")).await?;
    }
    addresses.dedup();
    assert_eq!(addresses.len(), 3, "each has its own address: {addresses:?}");
    // None is left: the side says so, and the last one can be taken back.
    desk.wait("location.pathname === '/console/inbox' && document.querySelector('.overview h2')?.textContent === '返信待ちの相談はありません'")
        .await?;
    press(&desk, ".toast button").await?;
    desk.wait("document.querySelector('.said li p')?.textContent === '三つ目の質問'").await?;
    desk.wait("document.querySelectorAll('.inbox .talk').length === 1").await?;
    Ok(())
}

#[tokio::test]
async fn a_row_is_red_past_the_goal_within_support_hours_only() -> Result<()> {
    let goal = ["goal = 10\n", ALWAYS].concat();
    let (stack, desk) = asked(&goal, &[("user-1", "保存できません")]).await?;
    let colour = "getComputedStyle(document.querySelector('.rows .waits')).color";
    let calm = desk.eval(&format!("return {colour}")).await?;
    assert_eq!(desk.eval("return !!document.querySelector('.waits.late')").await?, false);
    // An hour later the goal of ten minutes is past.
    desk.eval("sessionStorage.later = '1'").await?;
    desk.driver.refresh().await?;
    desk.wait("/^1時間待ち/.test(document.querySelector('.rows .waits.late')?.textContent)").await?;
    assert_ne!(desk.eval(&format!("return {colour}")).await?, calm);
    desk.picture("inbox-late-ja").await?;
    assert_eq!(desk.accessibility_faults().await?, json!([]));
    // At night nobody is late.
    stack.publish_desk(&["goal = 10\n", &closed_until("2035-05-07")].concat())?;
    desk.driver.refresh().await?;
    desk.wait(
        "/^営業時間外・1時間待ち/.test(document.querySelector('.rows .waits:not(.late)')?.textContent)",
    )
    .await?;
    assert_eq!(desk.eval(&format!("return {colour}")).await?, calm);
    desk.picture("inbox-closed-ja").await?;
    Ok(())
}

#[tokio::test]
async fn an_agent_sees_where_the_customer_stands_and_what_was_done_since_they_asked() -> Result<()> {
    let (stack, desk) = asked(ALWAYS, &[("user-1", "ユーザーを登録できません")]).await?;
    stack.fact("acct-seizo-b", "users", 5).await?;
    // The customer goes on to another place meanwhile: the question stays where it was asked.
    stack.question("user-1", "acct-seizo-a", "画面の写真を送ります", json!({ "step": "deals" })).await?;
    desk.wait("document.querySelector('.rows .excerpt').textContent === '画面の写真を送ります'").await?;
    press(&desk, ".inbox .talk").await?;
    let facts = "Object.fromEntries([...document.querySelectorAll('.where dt')].map((it) => [it.textContent, it.nextElementSibling.textContent]))";
    desk.wait(&format!(
        "{facts}['手順'] === '5人のユーザーを登録する' && {facts}['設定の進み具合'] === '0/5'"
    ))
    .await?;
    assert_eq!(desk.eval("return !!document.querySelector('.since')").await?, false);
    // A colleague does it: the open conversation shows that by itself.
    stack.fact_by(Some("tanaka"), "acct-seizo-a", "users", 5).await?;
    desk.wait(
        "/^5人のユーザーを登録する\\s*tanaka · /.test(document.querySelector('.since li')?.textContent)",
    )
    .await?;
    desk.wait(&format!("{facts}['設定の進み具合'] === '1/5'")).await?;
    desk.picture("inbox-since-ja").await?;
    assert_eq!(desk.accessibility_faults().await?, json!([]));
    Ok(())
}

#[tokio::test]
async fn an_agent_points_at_one_stop_of_a_guide_and_the_customer_is_led_there() -> Result<()> {
    let (stack, demo) = Stack::with_demo(&[]).await?;
    stack.publish_desk(ALWAYS)?;
    let customer = Browser::start().await?;
    customer.open(&format!("{}/users", demo.url)).await?;
    let widget = Widget(&customer);
    widget.talk().await?;
    widget.send("メールアドレスはどこですか").await?;
    let desk = Browser::start().await?;
    Console(&desk).enter(&stack.link()?).await?;
    press(&desk, "a[href='/console/inbox']").await?;
    desk.wait("!!document.querySelector('.inbox .talk')").await?;
    press(&desk, ".inbox .talk").await?;
    desk.wait("!!document.querySelector('.said li')").await?;
    press(&desk, "[data-topic=places]").await?;
    desk.wait("document.querySelectorAll('.menu li').length > 5").await?;
    desk.press("メール").await?;
    desk.wait(
        "[...document.querySelectorAll('.menu li')].every((one) => one.textContent.includes('メール'))",
    )
    .await?;
    desk.picture("inbox-places-ja").await?;
    let chosen = desk.eval("return document.querySelector('.menu li span').firstChild.textContent").await?;
    let chosen = chosen.as_str().unwrap_or_default().trim().to_owned();
    assert_eq!(chosen, "5人のユーザーを登録する：案内の3番目");
    desk.press(Key::Enter + "").await?;
    desk.wait(&format!("document.querySelector('.answer .with')?.textContent.includes('{chosen}')")).await?;
    desk.driver
        .find(By::Css(".answer textarea"))
        .await?
        .send_keys("ここです".to_owned() + Key::Enter)
        .await?;
    desk.wait(&format!(
        "[...document.querySelectorAll('.said .pointed')].some((it) => it.textContent.includes('{chosen}'))"
    ))
    .await?;
    widget.wait(".theirs .plain", "it.textContent.length > 0").await?;
    widget.click(".theirs .plain").await?;
    // The name that comes before it is still empty: the agent's stop is shown all the same, and the way back is there.
    let text = "document.querySelector('#tabiji-guide')?.shadowRoot.textContent";
    customer.wait(&format!("{text}?.includes('次に、その人のメールアドレスを入力します。')")).await?;
    customer.picture("guide-stop-pointed-ja").await?;
    customer.eval("[...document.querySelector('#tabiji-guide').shadowRoot.querySelectorAll('button')].find((it) => it.textContent === '戻る').click()").await?;
    customer.wait(&format!("{text}?.includes('名前')")).await?;
    Ok(())
}

#[tokio::test]
async fn the_picture_of_an_agent_stands_beside_their_answers_until_it_is_removed() -> Result<()> {
    let (stack, demo) = Stack::with_demo(&[]).await?;
    stack.publish_desk(ALWAYS)?;
    let customer = Browser::start().await?;
    customer.open(&format!("{}/users", demo.url)).await?;
    let widget = Widget(&customer);
    widget.talk().await?;
    widget.send("保存できません").await?;
    let desk = Browser::start().await?;
    Console(&desk).enter(&stack.link()?).await?;
    press(&desk, "a[href='/console/security']").await?;
    desk.wait("!!document.querySelector('.choose-picture input')").await?;
    // Any photo will do: here a whole screen, which the browser cuts to a small square.
    let folder = tempfile::tempdir()?;
    let photo = folder.path().join("photo.png");
    customer.driver.screenshot(&photo).await?;
    let field = desk.driver.find(By::Css(".choose-picture input")).await?;
    field.send_keys(photo.display().to_string()).await?;
    desk.wait("document.querySelector('.face.large img').naturalWidth === 192").await?;
    assert_eq!(desk.accessibility_faults().await?, json!([]));
    desk.picture("account-picture-ja").await?;
    press(&desk, "a[href='/console/inbox']").await?;
    desk.wait("!!document.querySelector('.inbox .talk')").await?;
    press(&desk, ".inbox .talk").await?;
    desk.wait("!!document.querySelector('.answer textarea')").await?;
    desk.driver.find(By::Css(".answer textarea")).await?.send_keys("はい".to_owned() + Key::Enter).await?;
    desk.wait("document.querySelector('.said .ours .face')?.naturalWidth === 192").await?;
    widget.wait(".theirs .face", "it.naturalWidth === 192").await?;
    assert_eq!(customer.accessibility_faults().await?, json!([]));
    customer.picture("chat-face-ja").await?;
    // With the panel closed, beside the beginning of a new answer.
    widget.click(".asks .close").await?;
    let more = "ほかにもお困りですか".to_owned();
    desk.driver.find(By::Css(".answer textarea")).await?.send_keys(more + Key::Enter).await?;
    widget.wait(".strip.answer .face", "it.naturalWidth === 192").await?;
    customer.picture("answer-face-ja").await?;
    assert_eq!(customer.accessibility_faults().await?, json!([]));
    // What is no picture is refused in words, and the one before stays.
    press(&desk, "a[href='/console/security']").await?;
    desk.wait("document.querySelector('.face.large img')?.naturalWidth === 192").await?;
    std::fs::write(&photo, "no picture")?;
    let field = desk.driver.find(By::Css(".choose-picture input")).await?;
    field.send_keys(photo.display().to_string()).await?;
    desk.wait("/送信できません/.test(document.querySelector('.picture .wrong').textContent)").await?;
    // A backup has it, so a restored installation shows it at the same address.
    let archive = folder.path().join("backup.tar.zst");
    stack.tabiji(&["backup", &archive.display().to_string()])?;
    let shown = widget.ask(".strip.answer .face", "it.src.slice(new URL(it.src).origin.length)").await?;
    let shown = shown.as_str().unwrap_or_default();
    let restored = stack.restored(&archive, &[]).await?;
    // Removed, the customer sees the name alone.
    press(&desk, ".picture button").await?;
    desk.wait("!document.querySelector('.picture button')").await?;
    customer.driver.refresh().await?;
    widget.talk().await?;
    widget.wait(".theirs small", "it.textContent.startsWith('cs ') && !it.querySelector('.face')").await?;
    let status = async |collector: &Stack| -> Result<(u16, String)> {
        let answer = stack.client.get(collector.url() + shown).send().await?;
        let kind = answer.headers().get("content-type").map_or("", |kind| kind.to_str().unwrap_or_default());
        Ok((answer.status().as_u16(), kind.to_owned()))
    };
    assert_eq!(status(&stack).await?.0, 404, "{shown}");
    assert_eq!(status(&restored).await?, (200, "image/jpeg".to_owned()), "{shown}");
    Ok(())
}

#[tokio::test]
async fn people_are_found_by_roman_letters_and_by_their_ids() -> Result<()> {
    let (_stack, desk) =
        asked(ALWAYS, &[("さとう はなこ", "請求書"), ("kimura@example.jp", "ログイン")]).await?;
    for (words, name) in [("sato hana", "さとう はなこ"), ("kimura", "kimura@example.jp")] {
        desk.driver
            .action_chain()
            .key_down(Key::Control)
            .send_keys("k")
            .key_up(Key::Control)
            .perform()
            .await?;
        desk.wait(
            "document.querySelector('dialog.menu').open && document.activeElement.matches('.menu input')",
        )
        .await?;
        desk.press(words).await?;
        desk.wait(&format!("document.querySelector('.menu li')?.textContent.includes('{name}')")).await?;
        desk.press(Key::Enter + "").await?;
        desk.wait(&format!("document.querySelector('.person small')?.textContent === '{name}'")).await?;
    }
    // The list is searched in the same way.
    desk.driver.find(By::Css(".find")).await?.send_keys("satou").await?;
    desk.wait("document.querySelectorAll('.rows li').length === 1 && document.querySelector('.rows strong span').textContent === 'さとう はなこ'").await?;
    Ok(())
}

#[tokio::test]
async fn before_a_choice_the_side_shows_who_has_waited_longest() -> Result<()> {
    let (_stack, desk) = asked(ALWAYS, &[("user-1", "一つ目の質問"), ("user-2", "二つ目の質問")]).await?;
    desk.wait("document.querySelector('.overview h2')?.textContent === '返信待ちの相談が2件あります'")
        .await?;
    desk.wait("document.querySelector('.overview .excerpt').textContent === '一つ目の質問'").await?;
    assert_eq!(desk.accessibility_faults().await?, json!([]));
    desk.picture("inbox-overview-ja").await?;
    press(&desk, ".overview .action").await?;
    desk.wait("document.querySelector('.said li p')?.textContent === '一つ目の質問'").await?;
    Ok(())
}

#[tokio::test]
async fn a_conversation_that_does_not_come_is_asked_for_again() -> Result<()> {
    let (_stack, desk) = asked(ALWAYS, &[("user-1", "保存できません")]).await?;
    desk.tools("Network.enable", json!({})).await?;
    let block = async |urls: Value| desk.tools("Network.setBlockedURLs", json!({ "urls": urls })).await;
    block(json!(["*/api/inbox/0*"])).await?;
    press(&desk, ".inbox .talk").await?;
    desk.wait("document.querySelector('.thread .failed [role=alert]')?.textContent.length > 0").await?;
    assert_eq!(
        desk.eval("return !!document.querySelector('.answer')").await?,
        false,
        "nothing is answered unread"
    );
    assert_eq!(desk.accessibility_faults().await?, json!([]));
    desk.picture("inbox-failed-ja").await?;
    block(json!([])).await?;
    press(&desk, ".thread .failed button").await?;
    desk.wait("document.querySelector('.said li p')?.textContent === '保存できません'").await?;
    desk.wait("!!document.querySelector('.answer textarea')").await?;
    // An address that leads to no conversation leads back to the list.
    let nowhere =
        desk.eval("return location.origin + '/console/inbox/01930000-0000-7000-8000-00000000dead'").await?;
    desk.open(nowhere.as_str().unwrap_or_default()).await?;
    desk.wait("/見つかりません/.test(document.querySelector('.thread .failed [role=alert]')?.textContent)")
        .await?;
    press(&desk, ".thread .failed button").await?;
    desk.wait("location.pathname === '/console/inbox' && !!document.querySelector('.overview')").await?;
    Ok(())
}
