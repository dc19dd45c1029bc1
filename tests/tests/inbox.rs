//! The inbox as the people use it who answer all day: what is in sight, keys, drafts, and what can be taken back.

use anyhow::Result;
use serde_json::json;
use tabiji_tests::{ALWAYS, Browser, Console, Demo, Stack, Widget, closed_until};
use thirtyfour::prelude::*;

/// A site whose support is open, and a customer who has asked something.
async fn asked(question: &str) -> Result<(Stack, Demo, Browser)> {
    let (stack, demo) = Stack::with_demo(&[]).await?;
    stack.publish_desk(ALWAYS)?;
    let customer = Browser::start().await?;
    customer.open(&format!("{}/users", demo.url)).await?;
    Widget(&customer).talk().await?;
    Widget(&customer).send(question).await?;
    Ok((stack, demo, customer))
}

/// Opens the inbox.
async fn inbox(stack: &Stack) -> Result<Browser> {
    let desk = Browser::start().await?;
    Console(&desk).enter(&stack.link()?).await?;
    press(&desk, "a[href='/console/inbox']").await?;
    desk.wait("!!document.querySelector('.inbox .talk')").await?;
    Ok(desk)
}

async fn press(desk: &Browser, selector: &str) -> Result<()> {
    Ok(desk.driver.find(By::Css(selector)).await?.click().await?)
}

/// Asserts that the button that sends is wholly in the window, and that nothing but the panes scrolls.
async fn send_is_in_sight(desk: &Browser, place: &str) -> Result<()> {
    for (width, height) in [(1280, 720), (1366, 768), (1440, 900), (390, 844)] {
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 720 });
        desk.tools("Emulation.setDeviceMetricsOverride", metrics).await?;
        desk.wait(&format!("innerWidth === {width}")).await?;
        let found = "return ((box, page) => [box.bottom <= innerHeight && box.top > 0 && box.right <= innerWidth && box.width > 0,
            page.scrollHeight <= innerHeight, document.elementFromPoint(box.x + 4, box.y + 4)?.closest('button') !== null])
            (document.querySelector('.answer .action').getBoundingClientRect(), document.scrollingElement)";
        assert_eq!(desk.eval(found).await?, json!([true, true, true]), "{place} at {width}×{height}");
        // The newest message is above the composer, and in sight.
        let newest = "return [...document.querySelectorAll('.said li')].at(-1).getBoundingClientRect().bottom <= document.querySelector('.answer').getBoundingClientRect().top";
        assert_eq!(desk.eval(newest).await?, json!(true), "{place} at {width}×{height}: the end");
        desk.picture(&format!("inbox-{place}-{width}")).await?;
    }
    desk.tools("Emulation.clearDeviceMetricsOverride", json!({})).await?;
    Ok(())
}

#[tokio::test]
async fn the_send_button_is_in_sight_on_every_screen() -> Result<()> {
    let (stack, _demo, customer) = asked("保存できません").await?;
    let desk = inbox(&stack).await?;
    press(&desk, ".inbox .talk").await?;
    desk.wait("!!document.querySelector('.said li')").await?;
    send_is_in_sight(&desk, "simple").await?;
    // A picture as large as a screen, and a number to call.
    let folder = tempfile::tempdir()?;
    let picture = folder.path().join("画面.png");
    customer.driver.screenshot(&picture).await?;
    let widget = Widget(&customer);
    widget.element(".write input[type=file]").await?.send_keys(picture.display().to_string()).await?;
    widget.press(".write", "送信").await?;
    widget.wait(".mine .file", "it.textContent.startsWith('画面.png')").await?;
    let day = customer.eval("return new Date(Date.now() + 6 * 864e5).toISOString().slice(0, 10)").await?;
    stack.publish_desk(&closed_until(day.as_str().unwrap_or_default()))?;
    customer.driver.refresh().await?;
    widget.talk().await?;
    widget.click(".after .quiet").await?;
    widget.wait(".call input[type=tel]", "it === it.getRootNode().activeElement").await?;
    customer.press("03-1234-5678").await?;
    widget.click(".call .action").await?;
    desk.wait("!!document.querySelector('.wants-call')").await?;
    desk.driver.refresh().await?;
    desk.wait("document.querySelector('.said .file img')?.naturalHeight > 400").await?;
    desk.wait("!!document.querySelector('.wants-call')").await?;
    send_is_in_sight(&desk, "call-and-picture").await?;
    assert_eq!(desk.accessibility_faults().await?, json!([]));
    Ok(())
}

#[tokio::test]
async fn a_question_is_answered_and_closed_by_two_presses() -> Result<()> {
    let (stack, _demo, customer) = asked("請求書の宛名を変えたい").await?;
    let desk = inbox(&stack).await?;
    // On another page the menu and the title say that a customer waits.
    press(&desk, "a[href='/console/clips']").await?;
    desk.wait(
        "document.title.startsWith('(1) ') && document.querySelector('.rail .count')?.textContent === '1'",
    )
    .await?;
    press(&desk, "a[href='/console/inbox']").await?;
    desk.eval("window.presses = 0; addEventListener('click', () => presses++, true); window.scrolls = 0; document.addEventListener('wheel', () => scrolls++)").await?;
    press(&desk, ".inbox .talk").await?;
    desk.wait("!!document.querySelector('.said li') && location.pathname.startsWith('/console/inbox/')")
        .await?;
    desk.press("r").await?;
    desk.wait("document.activeElement.matches('.answer textarea')").await?;
    desk.press("承知しました").await?;
    press(&desk, ".tools .plain").await?;
    Widget(&customer).wait(".after .answers", "true").await?;
    assert_eq!(desk.eval("return [presses, scrolls]").await?, json!([2, 0]));
    // It was taken by the answer, and the list is empty; a press in the next seconds takes it back.
    desk.wait("document.querySelector('.toast button')?.textContent === '取り消す'").await?;
    desk.wait("location.pathname === '/console/inbox' && !document.querySelector('.inbox .talk')").await?;
    desk.wait("document.title.startsWith('相談')").await?;
    desk.picture("inbox-resolved-ja").await?;
    press(&desk, ".toast button").await?;
    desk.wait("document.querySelector('.person .facts')?.textContent === '担当：cs'").await?;
    desk.wait("document.querySelectorAll('.acts .plain')[2]?.textContent === '解決'").await?;
    Ok(())
}

#[tokio::test]
async fn the_inbox_is_worked_by_keys_labels_and_canned_replies() -> Result<()> {
    let (stack, _demo, customer) = asked("請求書の宛名を変えたい").await?;
    let desk = inbox(&stack).await?;
    desk.press("j").await?;
    desk.wait("!!document.querySelector('.said li')").await?;
    // A canned reply is found by "/", filled with what is known, and can be changed before it is sent.
    desk.press("r").await?;
    desk.wait("document.activeElement.matches('.answer textarea')").await?;
    desk.press("/").await?;
    desk.wait("document.querySelectorAll('.menu li').length === 1").await?;
    desk.picture("inbox-replies-ja").await?;
    desk.press(Key::Enter + "").await?;
    desk.wait("document.querySelector('.answer textarea').value === '田中 健さん、「5人のユーザーを登録する」のところですね。'").await?;
    desk.wait("document.activeElement.matches('.answer textarea')").await?;
    desk.press(Key::Enter + "").await?;
    Widget(&customer).wait(".theirs p", "it.textContent.startsWith('田中 健さん、')").await?;
    // The row stays where it is until the agent moves on, and says whose words are the last.
    desk.wait("document.querySelector('.talk[aria-current] .excerpt')?.textContent.startsWith('あなた：田中 健さん')").await?;
    // Two notes in a row are two notes, and the last one can be taken back.
    press(&desk, ".tabs button:nth-child(2)").await?;
    desk.wait("document.querySelector('.answer').matches('.private')").await?;
    for (n, note) in (1..).zip(["経理の方にも確認", "折り返しは午後"]) {
        let field = desk.driver.find(By::Css(".answer textarea")).await?;
        field.send_keys(note.to_owned() + Key::Enter).await?;
        desk.wait(&format!("document.querySelectorAll('.said .private').length === {n}")).await?;
    }
    desk.picture("inbox-note-ja").await?;
    press(&desk, ".toast button").await?;
    desk.wait("document.querySelectorAll('.said .private').length === 1 && document.querySelector('.answer textarea').value === '折り返しは午後'").await?;
    // What is written is still there after a reload, as the note that it is.
    desk.driver.refresh().await?;
    desk.wait("document.querySelector('.answer.private textarea')?.value === '折り返しは午後'").await?;
    desk.wait("document.querySelectorAll('.said .private').length === 1").await?;
    // Escape leaves the field, so that the next key is one of the inbox.
    let field = desk.driver.find(By::Css(".answer textarea")).await?;
    field.send_keys(Key::Escape + "").await?;
    desk.wait("document.activeElement === document.body").await?;
    desk.press("r").await?;
    desk.wait("document.activeElement.matches('.answer:not(.private) textarea')").await?;
    desk.eval("const it = document.querySelector('.answer textarea'); it.value = ''; it.dispatchEvent(new Event('input', { bubbles: true }))").await?;
    // Labels, and the side it is waiting on.
    desk.driver.find(By::Css(".label input")).await?.send_keys("請求".to_owned() + Key::Enter).await?;
    desk.wait("[...document.querySelectorAll('.where .labels .mark')].some((one) => one.textContent.startsWith('請求'))").await?;
    run(&desk, "待ち: お客さま待ち").await?;
    press(&desk, ".shelf:nth-child(4)").await?;
    desk.wait("[...document.querySelectorAll('.rows .mark')].map((one) => one.textContent).join() === 'お客さま待ち,請求'").await?;
    desk.picture("inbox-worked-ja").await?;
    assert_eq!(desk.accessibility_faults().await?, json!([]));
    // Found by what was written, which is marked; what nobody wrote is said not to be there.
    let find = desk.driver.find(By::Css(".find")).await?;
    find.send_keys("宛名を変え").await?;
    desk.wait("document.querySelector('.rows mark')?.textContent === '宛名を変え'").await?;
    find.send_keys("zzz").await?;
    desk.wait("/見つかりません/.test(document.querySelector('.inbox .empty')?.textContent)").await?;
    find.clear().await?;
    desk.eval("const it = document.querySelector('.find'); it.value = ''; it.dispatchEvent(new Event('input', { bubbles: true })); it.blur()").await?;
    desk.wait("document.querySelectorAll('.rows li').length === 1").await?;
    // Blocking asks first, and stands in the thread.
    run(&desk, "ブロックする").await?;
    desk.wait("/届かなくなります/.test(document.querySelector('.menu .ask')?.textContent)").await?;
    desk.press("ブロック").await?;
    desk.press(Key::Enter + "").await?;
    desk.wait("[...document.querySelectorAll('.said .deed')].some((one) => /この人をブロックしました/.test(one.textContent))").await?;
    run(&desk, "ブロックを解除").await?;
    desk.wait("[...document.querySelectorAll('.said .deed')].some((one) => /ブロックを解除しました/.test(one.textContent))").await?;
    // Snoozed to a time when support is there; the row says when.
    desk.eval("document.activeElement.blur()").await?;
    desk.press("s").await?;
    desk.wait("document.querySelectorAll('.menu li').length >= 2").await?;
    desk.picture("inbox-snooze-ja").await?;
    desk.press("明日").await?;
    desk.press(Key::Enter + "").await?;
    press(&desk, ".shelf:nth-child(5)").await?;
    desk.wait("/10:00に再開/.test(document.querySelector('.rows .waits')?.textContent)").await?;
    press(&desk, ".inbox .talk").await?;
    desk.wait("!!document.querySelector('.said li')").await?;
    // The command menu, by keys alone: it finds pages and people as well.
    run(&desk, "解決").await?;
    Widget(&customer).wait(".after .answers", "true").await?;
    transcript_has_what_was_public(&desk).await
}

/// Runs what the finder finds first.
async fn run(desk: &Browser, words: &str) -> Result<()> {
    desk.driver.action_chain().key_down(Key::Control).send_keys("k").key_up(Key::Control).perform().await?;
    desk.wait("document.querySelector('dialog.menu').open && document.activeElement.matches('.menu input')")
        .await?;
    desk.press(words).await?;
    desk.wait(&format!("document.querySelector('.menu li')?.textContent.includes('{words}')")).await?;
    desk.press(Key::Enter + "").await
}

/// The transcript has the messages, and no note.
async fn transcript_has_what_was_public(desk: &Browser) -> Result<()> {
    press(desk, ".shelf:nth-child(6)").await?;
    desk.wait("!!document.querySelector('.inbox .talk')").await?;
    press(desk, ".inbox .talk").await?;
    desk.wait("!!document.querySelector('a[download].transcript')").await?;
    let text = "return fetch(document.querySelector('a[download].transcript').href).then(async (it) => [it.headers.get('content-disposition').startsWith('attachment'), await it.text()])";
    let transcript = desk.eval(text).await?;
    assert_eq!(transcript[0], json!(true));
    let text = transcript[1].as_str().unwrap_or_default();
    assert!(!text.contains("経理"), "a note went to the customer: {text}");
    assert!(
        text.contains("請求書の宛名を変えたい")
            && text.contains("のところですね")
            && !text.contains("請求\n"),
        "{text}"
    );
    Ok(())
}

#[tokio::test]
async fn each_conversation_has_an_address() -> Result<()> {
    let (stack, _demo, _customer) = asked("保存できません").await?;
    stack.add_clip()?;
    let desk = inbox(&stack).await?;
    press(&desk, ".inbox .talk").await?;
    desk.wait("!!document.querySelector('.said li') && location.pathname.length > 30").await?;
    let address = desk.eval("return location.href").await?;
    let address = address.as_str().unwrap_or_default();
    desk.driver.back().await?;
    desk.wait("location.pathname === '/console/inbox' && !document.querySelector('.said')").await?;
    // A link of a colleague leads there, also by way of signing in.
    press(&desk, ".viewer button").await?;
    desk.wait("!!document.querySelector('.door')").await?;
    desk.open(address).await?;
    desk.wait("!!document.querySelector('input[name=email]')").await?;
    desk.driver.find(By::Css("input[name=email]")).await?.send_keys("cs@example.com").await?;
    desk.driver.find(By::Css("input[name=password]")).await?.send_keys("a good passphrase").await?;
    press(&desk, "button[type=submit]").await?;
    desk.wait(&format!("!!document.querySelector('.said li') && location.href === '{address}'")).await?;
    // A clip is chosen by what is said in it, with its picture, and goes from that second on.
    press(&desk, "[data-topic=clips]").await?;
    desk.wait("document.querySelectorAll('.menu li').length > 3").await?;
    desk.press("メールアドレス").await?;
    desk.wait("[...document.querySelectorAll('.menu li')].every((one) => one.textContent.includes('メールアドレス'))").await?;
    desk.picture("inbox-clips-ja").await?;
    desk.press(Key::Enter + "").await?;
    desk.wait("!!document.querySelector('.answer .with .mark')").await?;
    press(&desk, ".answer .action").await?;
    desk.wait("/動画：.*から/.test(document.querySelector('.said .pointed')?.textContent)").await?;
    Ok(())
}
