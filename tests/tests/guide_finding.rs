//! A guide looks for its controls: late ones, hidden ones, ones that change, and ones in other places.

use anyhow::Result;
use serde_json::json;
use tabiji_tests::{Guide, stop};

const LATER: &str =
    "[[stage.step.guide]]\ntarget = { hook = \"later\" }\ntext = { ja = \"laterです\", en = \"-\" }\n";

#[tokio::test]
async fn g24_a_late_control_is_pointed_at_and_nothing_else_before() -> Result<()> {
    let guide = Guide::on(LATER, "<main id='main'></main>").await?;
    // Every card that is ever drawn is noted with its place.
    guide
        .browser
        .eval(
            "window.cards = 0; const look = () => { if (document.querySelector('#tabiji-guide')?.shadowRoot.querySelector('.stop') && !document.querySelector('[data-tabiji=later]')) cards++; requestAnimationFrame(look); }; look();
             setTimeout(() => { main.innerHTML = '<button data-tabiji=later>Later</button>' }, 3000)",
        )
        .await?;
    guide.begin().await?;
    guide.text("laterです").await?;
    assert_eq!(guide.browser.eval("return cards").await?, json!(0), "a card was there before its control");
    guide.frames().await?;
    assert!(guide.offset("document.querySelector('[data-tabiji=later]')").await? < 2.0);
    Ok(())
}

#[tokio::test]
async fn g25_a_control_that_never_comes_leaves_a_way_on() -> Result<()> {
    let guide =
        Guide::on(&[stop("never", ""), stop("b", "")].concat(), "<button data-tabiji='b'>B</button>").await?;
    guide.begin().await?;
    guide.wait(".stop h2", "it.textContent === 'この画面に見当たりません'").await?;
    assert_eq!(
        guide.ask(".shade", "getComputedStyle(it).display").await?,
        json!("none"),
        "no dark page remains"
    );
    let astray = "((b, root) => Math.max(Math.abs(b.left + b.right - root.clientWidth), Math.abs(b.top + b.bottom - root.clientHeight)) / 2)
        (it.getBoundingClientRect(), document.documentElement)";
    let astray = guide.ask(".stop", astray).await?;
    assert!(astray.as_f64().is_some_and(|astray| astray < 1.5), "{astray} px from the middle");
    guide.reported("guide.target_missing", 1, "hook").await?;
    guide.browser.picture("guide-missing").await?;
    // "Look again" does.
    guide.click(".stop .action").await?;
    guide.gone().await?;
    guide.wait(".unseen", "it.textContent === '案内する場所を探しています。'").await?;
    guide.wait(".stop h2", "it.textContent === 'この画面に見当たりません'").await?;
    guide.click(".stop .plain").await?;
    guide.text("bです").await?;
    guide.reported("guide.started", 2, "").await?;
    assert_eq!(guide.told()?.iter().filter(|told| told.0 == "guide.target_missing").count(), 2);
    Ok(())
}

#[tokio::test]
async fn g26_what_nobody_can_see_or_reach_is_missing() -> Result<()> {
    let hidden = [
        "style='display:none'",
        "style='visibility:hidden'",
        "style='opacity:0'",
        "style='position:absolute;left:-9999px'",
        "style='width:0;height:0;padding:0;border:0;overflow:hidden'",
    ];
    let guide =
        Guide::on(&stop("x", ""), &format!("<button data-tabiji='x' {}>X</button>", hidden[0])).await?;
    for (at, style) in hidden.iter().enumerate() {
        guide.content(&format!("<button data-tabiji='x' {style}>X</button>"), "localStorage.clear()")?;
        guide.browser.open(&guide.page.url).await?;
        guide.begin().await?;
        // It is looked for, and not found.
        guide.wait(".unseen", "it.textContent === '案内する場所を探しています。'").await?;
        assert_eq!(guide.ask(".stop", "true").await?, json!(null), "{style} ({at})");
    }
    // Under another layer, until that goes away.
    let cover = "<button data-tabiji='x'>X</button><div id='cover' style='position:fixed;inset:0;background:#fff'></div>";
    guide.content(&format!("{cover}<style>#tabiji{{z-index:2147483647}}</style>"), "localStorage.clear()")?;
    guide.browser.open(&guide.page.url).await?;
    guide.begin().await?;
    guide.wait(".unseen", "it.textContent === '案内する場所を探しています。'").await?;
    assert_eq!(guide.ask(".stop", "true").await?, json!(null));
    guide.browser.eval("cover.remove()").await?;
    guide.text("xです").await
}

#[tokio::test]
async fn g27_g28_a_control_that_is_replaced_is_followed_and_one_that_goes_is_left_at_once() -> Result<()> {
    let guide = Guide::on(
        &[stop("x", ""), stop("y", "")].concat(),
        "<main id='main'><button data-tabiji='x'>X</button></main><button data-tabiji='y'>Y</button>",
    )
    .await?;
    guide.shown().await?;
    // An equal one, as a framework makes it.
    let back = "return new Promise((done) => { main.innerHTML = '<p>moved</p><button data-tabiji=x>X</button>'; const begun = performance.now();
        const look = () => document.querySelector('#tabiji-guide')?.shadowRoot.querySelector('.stop') ? done(performance.now() - begun) : requestAnimationFrame(look); requestAnimationFrame(look); })";
    let took = guide.browser.eval(back).await?.as_f64().unwrap_or(f64::INFINITY);
    assert!(took < 300.0, "{took} ms until the card was back");
    guide.frames().await?;
    assert!(guide.offset("document.querySelector('[data-tabiji=x]')").await? < 2.0);
    // Gone: the card is gone with it, and never anywhere else.
    let places = "return new Promise((done) => { const seen = []; const card = () => document.querySelector('#tabiji-guide')?.shadowRoot.querySelector('.stop');
        const place = () => { const { x, y } = card().getBoundingClientRect(); return x + ' ' + y; };
        const before = place(); document.querySelector('[data-tabiji=x]').remove(); let left = 20;
        // It may be seen once more where it was, for the frame in which that is noticed.
        const look = () => { if (card()) seen.push(place() == before && left == 20 ? 'as before' : place()); --left ? requestAnimationFrame(look) : done(seen); }; requestAnimationFrame(look); })";
    let seen = guide.browser.eval(places).await?;
    assert!(seen == json!([]) || seen == json!(["as before"]), "{seen}");
    // The wait begins again.
    guide.wait(".unseen", "it.textContent === '案内する場所を探しています。'").await?;
    // It comes back, and its press counts.
    guide.browser.eval("main.innerHTML = '<button data-tabiji=x>X</button>'").await?;
    guide.text("xです").await?;
    guide.press("[data-tabiji=x]").await?;
    guide.text("yです").await
}

#[tokio::test]
async fn g29_shadow_roots_and_frames_of_the_same_origin_are_searched() -> Result<()> {
    let body = r#"<div id="shadow" style="margin:40px"></div>
        <iframe id="frame" style="margin:60px 0 0 120px;border:7px solid" srcdoc="<body style='margin:30px'><input data-tabiji='framed'>"></iframe>
        <script>shadow.attachShadow({ mode: 'open' }).innerHTML = '<button data-tabiji="deep">Deep</button>'</script>"#;
    let guide = Guide::on(&[stop("deep", ""), stop("framed", "wait = \"input\"")].concat(), body).await?;
    guide.shown().await?;
    guide.frames().await?;
    assert!(guide.offset("shadow.shadowRoot.querySelector('button')").await? < 2.0);
    guide.browser.eval("shadow.shadowRoot.querySelector('button').click()").await?;
    guide.text("framedです").await?;
    guide.frames().await?;
    let inner = "(() => { const b = frame.contentDocument.querySelector('input').getBoundingClientRect(), f = frame.getBoundingClientRect();
        return { getBoundingClientRect: () => ({ left: b.left + f.left + 7, top: b.top + f.top + 7 }) } })()";
    assert!(guide.offset(inner).await? < 2.0);
    guide
        .browser
        .eval("const input = frame.contentDocument.querySelector('input'); input.value = 'x'; input.dispatchEvent(new Event('change', { bubbles: true }))")
        .await?;
    guide.gone().await?;
    guide.reported("guide.ended", 2, "finished").await
}

#[tokio::test]
async fn g30_a_foreign_frame_is_pointed_at_as_a_whole() -> Result<()> {
    let guide = Guide::on(&stop("pay", "wait = \"read\""), "").await?;
    let stranger = guide.stranger("<button>Pay</button>").await?;
    guide.content(
        &format!("<iframe data-tabiji='pay' src='{}' width=300 height=120></iframe>", stranger.url),
        "",
    )?;
    guide.browser.open(&guide.page.url).await?;
    guide.shown().await?;
    guide.frames().await?;
    assert!(guide.offset("document.querySelector('iframe')").await? < 2.0);
    assert_eq!(guide.ask(".stop .hint", "it.textContent").await?, json!("操作はこの枠の中で行います。"));
    assert_eq!(guide.ask(".shade", "Number(it.style.getPropertyValue('--w')) > 300").await?, json!(true));
    Ok(())
}

#[tokio::test]
async fn a_late_field_inside_a_shadow_root_is_found_and_heard() -> Result<()> {
    let body = "<div id='app'></div><script>setTimeout(() => { app.attachShadow({ mode: 'open' }).innerHTML = '<p></p>';
        setTimeout(() => { app.shadowRoot.innerHTML = '<input data-tabiji=deep>' }, 900) }, 600)</script>";
    let guide = Guide::on(
        &[stop("deep", "wait = \"input\""), stop("b", "")].concat(),
        &format!("{body}<button data-tabiji='b'>B</button>"),
    )
    .await?;
    guide.shown().await?;
    let enter = "const field = app.shadowRoot.querySelector('input'); field.focus(); field.value = 'x';
        field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true })); field.dispatchEvent(new Event('change', { bubbles: true }))";
    guide.browser.eval(enter).await?;
    guide.text("bです").await?;
    assert_eq!(guide.browser.eval("return errors").await?, json!([]));
    Ok(())
}

#[tokio::test]
async fn what_only_looks_like_it_is_not_taken_while_the_right_one_is_on_its_way() -> Result<()> {
    let stops = "[[stage.step.guide]]\ntarget = { hook = \"save\", role = \"button\", name = { ja = \"保存\", en = \"Save\" } }\ntext = { ja = \"保存です\", en = \"-\" }\n";
    let body = "<button id='wrong'>保存</button><main id='main'></main><script>setTimeout(() => { main.innerHTML = '<button id=right data-tabiji=save>保存</button>' }, 1000)</script>";
    let guide = Guide::on(stops, body).await?;
    guide.begin().await?;
    guide.text("保存です").await?;
    guide.frames().await?;
    assert!(guide.offset("right").await? < 2.0);
    // The next visits go on by what the collector knows.
    guide.reported("guide.started", 1, "").await?;
    // A redesign that lost the hook: role and name are enough, after a while.
    guide.content("<button id='wrong'>保存</button>", "localStorage.clear()")?;
    guide.browser.open(&guide.page.url).await?;
    guide.text("保存です").await?;
    guide.frames().await?;
    assert!(guide.offset("wrong").await? < 2.0);
    // Two that are equally good: none.
    guide.content("<button>保存</button><button>保存</button>", "localStorage.clear()")?;
    guide.browser.open(&guide.page.url).await?;
    guide.wait(".stop h2", "it.textContent === 'この画面に見当たりません'").await?;
    Ok(())
}

#[tokio::test]
async fn somebody_who_scrolls_away_is_left_alone() -> Result<()> {
    let body = "<header style='position:sticky;top:0;height:80px;background:#fff;z-index:5'>Sticky</header><div style='height:300px'></div>
        <button data-tabiji='x'>X</button><div style='height:3000px'></div>";
    let guide = Guide::on(&stop("x", ""), body).await?;
    guide.shown().await?;
    // Under the header, then out of the page, then back.
    for top in [40, -400] {
        guide
            .browser
            .eval(&format!(
                "scrollBy(0, document.querySelector('[data-tabiji=x]').getBoundingClientRect().top - {top})"
            ))
            .await?;
        let at = guide.browser.eval("return scrollY").await?;
        guide.wait(".stop", "it.dataset.side === 'docked'").await?;
        assert_eq!(guide.browser.eval("return scrollY").await?, at, "the page was pulled back");
        assert_eq!(guide.ask(".shade", "getComputedStyle(it).display").await?, json!("none"));
    }
    guide.browser.eval("scrollTo(0, 0)").await?;
    guide.wait(".stop", "it.dataset.side !== 'docked'").await?;
    guide.press("[data-tabiji=x]").await?;
    guide.reported("guide.ended", 1, "finished").await?;
    assert_eq!(guide.told()?.iter().filter(|told| told.0 == "guide.started").count(), 1);
    Ok(())
}

#[tokio::test]
async fn a_card_without_a_control_can_be_pressed_while_a_dialog_is_open() -> Result<()> {
    let body = "<dialog id='box'><button>In</button></dialog><button data-tabiji='b'>B</button>";
    let guide = Guide::on(&[stop("never", ""), stop("b", "")].concat(), body).await?;
    guide.begin().await?;
    guide.browser.eval("box.showModal()").await?;
    guide.wait(".stop h2", "it.textContent === 'この画面に見当たりません'").await?;
    guide.click(".stop .close").await?;
    guide.gone().await?;
    guide.reported("guide.ended", 1, "target_missing").await
}
