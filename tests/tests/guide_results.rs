//! A guide goes by what came of a press: refused forms, reloads, repetition, colleagues, and the keyboard.

use anyhow::Result;
use serde_json::json;
use tabiji_tests::{Browser, FlowFile, Guide, HostPage, Stack, Widget, identify, snippet, stop};
use thirtyfour::prelude::*;

/// A form that the browser sends.
const FORM: &str =
    "<form action='/' id='form'><label>名前 <input name='name' data-tabiji='name' required></label>
    <label>メールアドレス <input type='email' name='mail' data-tabiji='mail' required></label>
    <p id='error'></p><button data-tabiji='send'>登録する</button></form>";

fn stops(last: &str) -> String {
    [stop("name", "wait = \"input\""), stop("mail", "wait = \"input\""), stop("send", last)].concat()
}

/// The page for its person.
fn content(stack: &Stack, body: &str) -> Result<String> {
    Ok(snippet(stack, "", &identify(stack, "u1", "acct-1")?).replace("<input id=\"field\">", body))
}

/// A page whose step is done when the backend counts this many users.
async fn counting(wanted: u32, stops: &str, body: &str) -> Result<(Stack, HostPage, Browser)> {
    let (stack, ports) = Stack::start(1).await?;
    let done = format!("{{ fact = \"users\", at_least = {wanted} }}");
    stack.publish_text(&FlowFile::done(&done).link("/").with(stops).text())?;
    let content = content(&stack, body)?;
    let page = HostPage::start(ports[0], &content, "").await?;
    let browser = Browser::start_with(&["--window-size=1280,900", "--accept-lang=ja"]).await?;
    browser.open(&page.url).await?;
    Ok((stack, page, browser))
}

/// Waits until an expression about the first match in the guide's layer (`it`) is true.
async fn wait(browser: &Browser, selector: &str, expression: &str) -> Result<()> {
    let it = format!("document.querySelector('#tabiji-guide')?.shadowRoot.querySelector(`{selector}`)");
    browser.wait(&format!("((it) => it && ({expression}))({it})")).await?;
    Ok(())
}

async fn says(browser: &Browser, selector: &str, text: &str) -> Result<()> {
    wait(browser, &format!(".stop {selector}"), &format!("it.textContent.includes('{text}')")).await
}

/// Has the first field of the form shown.
async fn begin(browser: &Browser) -> Result<()> {
    Widget(browser).open().await?;
    Widget(browser).click(".card button.action").await?;
    says(browser, "#text", "nameです").await
}

/// Has the form shown and fills it, up to the button that sends it.
async fn fill(browser: &Browser, mail: &str) -> Result<()> {
    begin(browser).await?;
    enter(browser, "name", "佐藤").await?;
    enter(browser, "mail", mail).await?;
    says(browser, "#text", "sendです").await
}

/// Waits until there is no card.
async fn gone(browser: &Browser) -> Result<()> {
    browser.wait("!document.querySelector('#tabiji-guide')?.shadowRoot.querySelector('.stop')").await?;
    Ok(())
}

async fn field(browser: &Browser, hook: &str) -> Result<WebElement> {
    Ok(browser.driver.find(By::Css(format!("[data-tabiji={hook}]"))).await?)
}

async fn enter(browser: &Browser, hook: &str, text: &str) -> Result<()> {
    let field = field(browser, hook).await?;
    field.clear().await?;
    Ok(field.send_keys(text.to_owned() + Key::Tab).await?)
}

async fn press(browser: &Browser, hook: &str) -> Result<()> {
    Ok(field(browser, hook).await?.click().await?)
}

/// Notes whether anything of ours ever says that something is being checked.
const NOTES: &str = "window.checked = 0; const look = () => { if (/確認しています|確認できません/.test(document.querySelector('#tabiji').shadowRoot.querySelector('.asks')?.textContent)) checked++; requestAnimationFrame(look) }; look()";

#[tokio::test]
async fn g52_what_the_browser_refuses_leads_back_to_the_field_and_nothing_is_being_checked() -> Result<()> {
    let (stack, _page, browser) = counting(1, &stops(""), FORM).await?;
    browser.eval(NOTES).await?;
    begin(&browser).await?;
    enter(&browser, "name", "佐藤 花子").await?;
    says(&browser, "#text", "mailです").await?;
    // Refused while it is entered.
    enter(&browser, "mail", "hana-example.jp").await?;
    says(&browser, "h2", "メールアドレスを直しましょう").await?;
    browser.picture("guide-refused-ja").await?;
    // Refused when it is sent: emptied meanwhile.
    enter(&browser, "mail", "hana@example.jp").await?;
    says(&browser, "#text", "sendです").await?;
    browser.eval("document.querySelector('[data-tabiji=name]').value = ''").await?;
    press(&browser, "send").await?;
    says(&browser, "h2", "名前を直しましょう").await?;
    wait(&browser, ".shade", "Math.abs(Number(it.style.getPropertyValue('--y')) + 8 - document.querySelector('[data-tabiji=name]').getBoundingClientRect().y) < 2").await?;
    assert_eq!(browser.eval("return [location.search, checked]").await?, json!(["", 0]));
    enter(&browser, "name", "佐藤 花子").await?;
    says(&browser, "#text", "sendです").await?;
    press(&browser, "send").await?;
    browser.wait("location.search.includes('hana')").await?;
    stack.fact("acct-1", "users", 1).await?;
    gone(&browser).await?;
    ended(&stack, "finished").await
}

/// Waits until a guide ended for this reason.
async fn ended(stack: &Stack, reason: &str) -> Result<()> {
    for _ in 0..200 {
        if stack.export()?.iter().any(|row| row["body"]["data"]["reason"] == reason) {
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    anyhow::bail!("no guide ended as {reason}: {:?}", stack.export()?)
}

#[tokio::test]
async fn g52_what_the_page_refuses_leads_back_to_the_field_in_its_own_words() -> Result<()> {
    // A page that sends by itself, and answers a while later.
    let script = "<script>form.noValidate = true; form.onsubmit = (event) => { event.preventDefault(); setTimeout(() => {
        const mail = form.mail; const bad = !mail.value.includes('@');
        mail.toggleAttribute('aria-invalid', bad); if (bad) mail.setAttribute('aria-invalid', 'true');
        mail.setAttribute('aria-errormessage', 'error'); error.textContent = bad ? '@がありません' : ''; }, 150) }</script>";
    let body = FORM.replace("type='email' ", "") + script;
    let (stack, _page, browser) = counting(1, &stops(""), &body).await?;
    browser.eval(NOTES).await?;
    begin(&browser).await?;
    enter(&browser, "name", "佐藤 花子").await?;
    enter(&browser, "mail", "hana").await?;
    says(&browser, "#text", "sendです").await?;
    press(&browser, "send").await?;
    says(&browser, "h2", "メールアドレスを直しましょう").await?;
    says(&browser, "#text", "@がありません").await?;
    assert_eq!(browser.eval("return checked").await?, json!(0));
    // The page takes its complaint back only when it is sent again; Enter in the field does that.
    browser
        .eval(
            "form.mail.oninput = () => { form.mail.removeAttribute('aria-invalid'); error.textContent = '' }",
        )
        .await?;
    field(&browser, "mail").await?.send_keys("@example.jp" + Key::Enter).await?;
    stack.fact("acct-1", "users", 1).await?;
    gone(&browser).await?;
    ended(&stack, "finished").await
}

#[tokio::test]
async fn g52_what_the_server_refuses_leads_back_after_the_load() -> Result<()> {
    // The server's answer: the same form, with what it says of the field.
    let refusing = "<script>if (location.search) { form.mail.setAttribute('aria-invalid', 'true'); form.mail.setAttribute('aria-errormessage', 'error');
        error.textContent = 'もう登録されています'; form.name.value = '佐藤'; form.mail.value = 'a@example.jp'; form.mail.oninput = () => { form.mail.removeAttribute('aria-invalid'); error.textContent = '' } }</script>";
    let (stack, _page, browser) = counting(1, &stops(""), &[FORM, refusing].concat()).await?;
    fill(&browser, "a@example.jp").await?;
    press(&browser, "send").await?;
    browser.wait("location.search").await?;
    says(&browser, "h2", "メールアドレスを直しましょう").await?;
    says(&browser, "#text", "もう登録されています").await?;
    enter(&browser, "mail", "b@example.jp").await?;
    says(&browser, "#text", "sendです").await?;
    assert!(!stack.export()?.iter().any(|row| row["body"]["data"]["reason"] == "finished"));
    Ok(())
}

/// A server that knows one address, answers after a while, and whose page keeps its complaint until the next answer.
const SLOW_SERVER: &str = "<script>form.onsubmit = (event) => { event.preventDefault(); const bad = form.mail.value === 'a@example.jp';
    setTimeout(() => { if (bad) { form.mail.setAttribute('aria-invalid', 'true'); form.mail.setAttribute('aria-errormessage', 'error') } else { form.mail.removeAttribute('aria-invalid') }
        error.textContent = bad ? 'もう登録されています' : ''; window.answers = (window.answers ?? 0) + 1 }, 1500) }</script>";

#[tokio::test]
async fn w1_what_is_put_right_is_believed_before_the_server_is_asked_again() -> Result<()> {
    let (stack, _page, browser) = counting(1, &stops(""), &[FORM, SLOW_SERVER].concat()).await?;
    fill(&browser, "a@example.jp").await?;
    press(&browser, "send").await?;
    says(&browser, "#text", "もう登録されています").await?;
    // The focus is where it is put right, and what sends it again stays in sight.
    browser.wait("document.activeElement.name === 'mail'").await?;
    let apart = "((card, send) => card.left >= send.right || card.right <= send.left || card.top >= send.bottom || card.bottom <= send.top)(it.getBoundingClientRect(),
        document.querySelector('[data-tabiji=send]').getBoundingClientRect())";
    wait(&browser, ".stop", apart).await?;
    browser.picture("guide-refused-server-ja").await?;
    enter(&browser, "mail", "b@example.jp").await?;
    says(&browser, "#text", "sendです").await?;
    // The complaint of the last time is still there while the server thinks; nobody is led back for it.
    browser.eval("window.led = 0; const look = () => { if (/直しましょう/.test(document.querySelector('#tabiji-guide')?.shadowRoot.querySelector('.stop')?.textContent)) led++; requestAnimationFrame(look) }; look()").await?;
    press(&browser, "send").await?;
    browser.wait("window.answers === 2").await?;
    stack.fact("acct-1", "users", 1).await?;
    gone(&browser).await?;
    assert_eq!(browser.eval("return led").await?, json!(0));
    ended(&stack, "finished").await
}

#[tokio::test]
async fn w1_what_is_refused_in_the_same_words_leads_back_again() -> Result<()> {
    let server =
        SLOW_SERVER.replace("form.mail.value === 'a@example.jp'", "form.mail.value !== 'c@example.jp'");
    let (_stack, _page, browser) = counting(1, &stops(""), &[FORM, &server].concat()).await?;
    fill(&browser, "a@example.jp").await?;
    for next in ["b@example.jp", "c@example.jp"] {
        says(&browser, "#text", "sendです").await?;
        press(&browser, "send").await?;
        says(&browser, "#text", "もう登録されています").await?;
        enter(&browser, "mail", next).await?;
    }
    says(&browser, "#text", "sendです").await
}

#[tokio::test]
async fn w2_nothing_moves_between_pressing_and_letting_go() -> Result<()> {
    let (_stack, _page, browser) = counting(1, &stops(""), FORM).await?;
    begin(&browser).await?;
    enter(&browser, "name", "佐藤").await?;
    says(&browser, "#text", "mailです").await?;
    field(&browser, "mail").await?.send_keys("a@example.jp").await?;
    let place = "const { x, y } = document.querySelector('#tabiji-guide').shadowRoot.querySelector('.stop').getBoundingClientRect(); return [x, y]";
    let before = browser.eval(place).await?;
    // Pressing takes the focus out of the field, which ends its stop; the card follows when the press is over.
    let send = field(&browser, "send").await?;
    browser.driver.action_chain().move_to_element_center(&send).click_and_hold().perform().await?;
    browser.wait("document.activeElement.name !== 'mail'").await?;
    browser.eval("window.frames_left = 20; const count = () => --frames_left > 0 && requestAnimationFrame(count); count()").await?;
    browser.wait("frames_left === 0").await?;
    assert_eq!(browser.eval(place).await?, before);
    says(&browser, "#text", "mailです").await?;
    browser.driver.action_chain().release().perform().await?;
    browser.wait("location.search.includes('a%40example.jp')").await?;
    Ok(())
}

/// The form of a host whose server answers at an address of its own.
async fn answered_elsewhere(answer: &str) -> Result<(Stack, HostPage, Browser)> {
    let here = |hook, wait: &str| stop(hook, &format!("{wait}page = \"/\""));
    let stops =
        [here("name", "wait = \"input\"\n"), here("mail", "wait = \"input\"\n"), here("send", "")].concat();
    let form = FORM.replace("action='/'", "action='/answer'");
    let script = format!("<script>if (location.pathname === '/answer') {{ {answer} }}</script>");
    let (stack, page, browser) = counting(1, &stops, &[form, script].concat()).await?;
    fill(&browser, "a@example.jp").await?;
    press(&browser, "send").await?;
    browser.wait("location.pathname === '/answer'").await?;
    Ok((stack, page, browser))
}

#[tokio::test]
async fn w3_a_form_that_comes_back_at_another_address_is_put_right_there() -> Result<()> {
    let answer = "form.name.value = '佐藤'; if (location.search.includes('a%40')) { form.mail.value = 'a@example.jp';
        form.mail.setAttribute('aria-invalid', 'true'); form.mail.setAttribute('aria-errormessage', 'error'); error.textContent = 'もう登録されています' }";
    let (stack, _page, browser) = answered_elsewhere(answer).await?;
    says(&browser, "h2", "メールアドレスを直しましょう").await?;
    says(&browser, "#text", "もう登録されています").await?;
    enter(&browser, "mail", "b@example.jp").await?;
    says(&browser, "#text", "sendです").await?;
    press(&browser, "send").await?;
    browser.wait("location.search.includes('b%40')").await?;
    stack.fact("acct-1", "users", 1).await?;
    ended(&stack, "finished").await
}

#[tokio::test]
async fn w3_an_answer_without_the_form_leads_back_to_its_page() -> Result<()> {
    let (_stack, _page, browser) = answered_elsewhere("form.remove()").await?;
    for _ in 0..3 {
        // Longer than the host's backend may take.
        if says(&browser, "#text", "まだ確認できません").await.is_ok() {
            break;
        }
    }
    says(&browser, "#text", "まだ確認できません").await?;
    wait(&browser, ".stop a.action", "it.getAttribute('href') === '/'").await?;
    browser.picture("guide-unconfirmed-away-ja").await
}

/// Fills the form and sends it, and waits until the guide is back after the usual time.
async fn unconfirmed(script: &str) -> Result<(Stack, HostPage, Browser)> {
    let body = format!("{FORM}<script>form.onsubmit = () => {{ {script}; return false }}</script>");
    let (stack, page, browser) = counting(1, &stops(""), &body).await?;
    fill(&browser, "a@example.jp").await?;
    press(&browser, "send").await?;
    Widget(&browser).wait(".asks .hint", "it.textContent === '確認しています…'").await?;
    for _ in 0..40 {
        if browser
            .eval("return !!document.querySelector('#tabiji-guide')?.shadowRoot.querySelector('.stop')")
            .await?
            == true
        {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    }
    says(&browser, "#text", "まだ確認できません").await?;
    assert_eq!(Widget(&browser).ask(".asks", "true").await?, json!(null));
    Ok((stack, page, browser))
}

/// Whether the guide points at a field: the cut-out stands around it.
async fn points_at(browser: &Browser, hook: &str) -> Result<()> {
    let is_there = "Math.abs(Number(it.style.getPropertyValue('--y')) + 8";
    let field = format!("document.querySelector('[data-tabiji={hook}]').getBoundingClientRect().top");
    wait(browser, ".shade", &format!("{is_there} - {field}) < 2")).await
}

#[tokio::test]
async fn g57_what_nothing_confirms_leads_back_to_where_it_was_entered() -> Result<()> {
    let (_stack, _page, browser) = unconfirmed("").await?;
    points_at(&browser, "name").await?;
    browser.picture("guide-unconfirmed-ja").await
}

#[tokio::test]
async fn g57_what_nothing_confirms_leads_past_what_is_filled_to_the_empty_field() -> Result<()> {
    let (_stack, _page, browser) = unconfirmed("form.mail.value = ''").await?;
    points_at(&browser, "mail").await
}

#[tokio::test]
async fn g53_after_a_reload_it_goes_to_the_first_stop_that_lacks_something() -> Result<()> {
    let (stack, page, browser) = counting(1, &stops(""), FORM).await?;
    begin(&browser).await?;
    for entered in [&["name"][..], &["name", "mail"]] {
        for hook in entered {
            enter(&browser, hook, "a@example.jp").await?;
        }
        let next = if entered.len() == 1 { "mailです" } else { "sendです" };
        says(&browser, "#text", next).await?;
        browser.open(&page.url).await?;
        says(&browser, "#text", "nameです").await?;
    }
    browser.picture("guide-resumed-ja").await?;
    // What the page kept is passed over.
    enter(&browser, "name", "佐藤").await?;
    enter(&browser, "mail", "a@example.jp").await?;
    says(&browser, "#text", "sendです").await?;
    let keeps = format!("{FORM}<script>form.name.value = '佐藤'</script>");
    page.change(&content(&stack, &keeps)?);
    browser.open(&page.url).await?;
    says(&browser, "#text", "mailです").await?;
    enter(&browser, "mail", "a@example.jp").await?;
    says(&browser, "#text", "sendです").await
}

#[tokio::test]
async fn g54_a_stop_repeats_until_its_step_is_done_and_says_how_far_it_is() -> Result<()> {
    let body = format!("{FORM}<script>form.onsubmit = () => {{ form.reset(); return false }}</script>");
    let (stack, _page, browser) = counting(3, &stops("repeat_from = 1"), &body).await?;
    begin(&browser).await?;
    for round in 1..=3 {
        says(&browser, "#text", "nameです").await?;
        let nth = if round == 1 {
            "案内 1/3".to_owned()
        } else {
            format!("案内 1/3・{}/3 まで済みました", round - 1)
        };
        wait(&browser, ".stop .nth", &format!("it.textContent === '{nth}'")).await?;
        enter(&browser, "name", "佐藤").await?;
        says(&browser, "#text", "mailです").await?;
        enter(&browser, "mail", "a@example.jp").await?;
        says(&browser, "#text", "sendです").await?;
        press(&browser, "send").await?;
        gone(&browser).await?;
        stack.fact("acct-1", "users", round).await?;
    }
    browser.wait("!document.querySelector('#tabiji-guide')").await?;
    ended(&stack, "finished").await
}

#[tokio::test]
async fn g55_a_guide_whose_step_a_colleague_finishes_says_so_and_ends() -> Result<()> {
    let (stack, page, browser) = counting(1, &stops(""), FORM).await?;
    // The colleague's name is in the token.
    let colleague = Browser::start().await?;
    page.change(&snippet(&stack, "", &identify(&stack, "u2", "acct-1")?));
    colleague.open(&page.url).await?;
    Widget(&colleague).ready().await?;
    colleague.wait("tabiji('ready').then(() => true)").await?;
    page.change(&content(&stack, FORM)?);
    begin(&browser).await?;
    stack.fact_by(Some("u2"), "acct-1", "users", 1).await?;
    wait(&browser, ".stop h2", "/さんが終えました$/.test(it.textContent)").await?;
    let said =
        "return document.querySelector('#tabiji-guide').shadowRoot.querySelector('.stop h2').textContent";
    assert_eq!(browser.eval(said).await?, "この手順はu2さんが終えました");
    // No word is broken over two lines.
    let lines = "((text, range) => { const at = text.data.indexOf('終えました'); range.setStart(text, at); range.setEnd(text, at + 5);
        return range.getClientRects().length })(it.firstChild, new Range()) === 1";
    wait(&browser, ".stop h2", lines).await?;
    browser.picture("guide-done-by-ja").await?;
    wait(&browser, ".stop .action", "it.click() ?? true").await?;
    browser.wait("!document.querySelector('#tabiji-guide')").await?;
    ended(&stack, "done").await
}

#[tokio::test]
async fn g55_a_step_that_is_done_in_another_tab_ends_the_guide() -> Result<()> {
    let (stack, _page, browser) = counting(1, &stops(""), FORM).await?;
    begin(&browser).await?;
    stack.fact_by(Some("u1"), "acct-1", "users", 1).await?;
    says(&browser, "h2", "この手順は終わりました").await?;
    browser
        .wait("document.querySelector('#tabiji').shadowRoot.querySelector('.launcher').textContent !== ''")
        .await?;
    // It goes by itself, unless a person reads it with the keyboard.
    browser.eval("document.body.tabIndex = -1; document.body.focus()").await?;
    browser.wait("!document.querySelector('#tabiji-guide')").await?;
    Ok(())
}

/// Where the focus is: an id or hook of the page, or a class inside the card.
const FOCUS: &str = "((a) => a?.id === 'tabiji-guide' ? (a.shadowRoot.activeElement?.className || 'none') : (a?.dataset?.tabiji ?? a?.localName))(document.activeElement)";

#[tokio::test]
async fn g56_the_keyboard_goes_to_the_control_back_to_the_card_and_out() -> Result<()> {
    let links = "<nav><a href='#1'>1</a><a href='#2'>2</a><a href='#3'>3</a></nav>";
    let body = format!("{links}{FORM}<p><a href='#4'>4</a></p>");
    let (stack, _page, browser) = counting(1, &stops(""), &body).await?;
    let focus = async || Ok::<_, anyhow::Error>(browser.eval(&format!("return {FOCUS}")).await?);
    begin(&browser).await?;
    browser.wait(&format!("{FOCUS} === 'stop'")).await?;
    // One Tab from the card to its control.
    browser.press(Key::Tab).await?;
    assert_eq!(focus().await?, json!("name"));
    browser.press(Key::Escape).await?;
    assert_eq!(focus().await?, json!("stop"));
    browser.press(Key::Enter).await?;
    assert_eq!(focus().await?, json!("name"));
    // The whole form by the keyboard.
    browser.press("佐藤".to_owned() + Key::Tab).await?;
    says(&browser, "#text", "mailです").await?;
    browser.press("a@example.jp").await?;
    browser.press(Key::Enter).await?;
    browser.wait("location.search.includes('example')").await?;
    stack.fact("acct-1", "users", 1).await?;
    ended(&stack, "finished").await
}

#[tokio::test]
async fn g56_escape_again_ends_it() -> Result<()> {
    let guide = Guide::on(&stop("name", "wait = \"input\""), FORM).await?;
    guide.shown().await?;
    guide.browser.wait(&format!("{FOCUS} === 'stop'")).await?;
    guide.browser.press(Key::Enter).await?;
    guide.browser.press(Key::Escape).await?;
    guide.text("nameです").await?;
    // From the second time on Tab reaches the card's own buttons.
    guide.browser.press(Key::Tab).await?;
    guide.browser.wait(&format!("{FOCUS} === 'plain'")).await?;
    guide.browser.press(Key::Escape).await?;
    guide.gone().await?;
    guide.reported("guide.ended", 1, "closed").await
}

#[tokio::test]
async fn a_card_says_what_to_press_and_breaks_no_word() -> Result<()> {
    let stops = [stop("a", ""), stop("b", "wait = \"read\"")].concat();
    let guide =
        Guide::on(&stops, "<button data-tabiji='a'>ユーザー</button><button data-tabiji='b'>B</button>")
            .await?;
    guide.shown().await?;
    assert_eq!(guide.ask(".nth", "it.textContent").await?, json!("案内 1/2"));
    assert_eq!(guide.ask(".hint", "it.textContent").await?, json!("「ユーザー」を押します。"));
    assert_eq!(guide.ask("#text", "getComputedStyle(it).wordBreak").await?, json!("auto-phrase"));
    guide.browser.picture("guide-words-ja").await
}

#[tokio::test]
async fn nothing_is_dimmed_under_the_open_panel() -> Result<()> {
    let guide = Guide::on(&stop("a", ""), "<button data-tabiji='a'>A</button>").await?;
    let dimmed = "getComputedStyle(it, '::before').boxShadow !== 'none'";
    guide.shown().await?;
    guide.wait(".shade", dimmed).await?;
    guide.widget().open().await?;
    guide.wait(".shade.quiet", &format!("!({dimmed})")).await?;
    guide.browser.eval("tabiji('close')").await?;
    guide.wait(".shade", dimmed).await?;
    Ok(())
}

#[tokio::test]
async fn g52_on_a_phone_in_the_dark_the_card_leaves_the_refused_field_in_sight() -> Result<()> {
    let (_stack, _page, browser) = counting(1, &stops(""), FORM).await?;
    for (width, height) in [(390, 844), (320, 568)] {
        let phone = json!({ "width": width, "height": height, "deviceScaleFactor": 2, "mobile": false });
        browser.tools("Emulation.setDeviceMetricsOverride", phone).await?;
        let dark = json!({ "features": [{ "name": "prefers-color-scheme", "value": "dark" }] });
        browser.tools("Emulation.setEmulatedMedia", dark).await?;
        if width == 390 {
            begin(&browser).await?;
            enter(&browser, "name", "佐藤").await?;
            enter(&browser, "mail", "hana-example.jp").await?;
        }
        says(&browser, "h2", "メールアドレスを直しましょう").await?;
        let apart = "((card, field) => card.top >= field.bottom || card.bottom <= field.top)(it.getBoundingClientRect(),
            document.querySelector('[data-tabiji=mail]').getBoundingClientRect())";
        wait(&browser, ".stop", apart).await?;
        browser.picture(&format!("guide-refused-dark-{width}")).await?;
    }
    Ok(())
}
