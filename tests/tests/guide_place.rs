//! Where a guide draws: scrolling, moving, zoom, layers, and a page that is left as it is.

use anyhow::Result;
use serde_json::json;
use tabiji_tests::{Guide, stop};

const X: &str = "document.querySelector('[data-tabiji=x]')";

#[tokio::test]
async fn g32_what_can_be_seen_is_not_scrolled() -> Result<()> {
    let body =
        "<div style='height:200px'></div><button data-tabiji='x'>X</button><div style='height:3000px'></div>";
    let guide = Guide::on(&stop("x", ""), body).await?;
    guide.browser.eval("scrollTo(0, 60)").await?;
    guide.shown().await?;
    guide.frames().await?;
    assert_eq!(guide.browser.eval("return scrollY").await?, json!(60));
    assert!(guide.offset(X).await? < 2.0);
    Ok(())
}

#[tokio::test]
async fn g33_g36_every_container_scrolls_and_a_tall_control_shows_its_start() -> Result<()> {
    let body = "<div style='height:1200px'></div>
        <div id='outer' style='height:300px;overflow:auto'><div style='height:900px'></div>
        <div id='inner' style='height:200px;overflow:auto'><div style='height:700px'></div>
        <button data-tabiji='x'>X</button><div style='height:700px'></div></div><div style='height:900px'></div></div>
        <div style='height:800px'></div><section id='tall' data-tabiji='tall' style='height:2400px'>Tall</section>
        <div style='height:2000px'></div>";
    let guide =
        Guide::on(&[stop("x", "wait = \"read\""), stop("tall", "wait = \"read\"")].concat(), body).await?;
    guide.shown().await?;
    guide.frames().await?;
    assert!(guide.offset(X).await? < 2.0);
    let seen = format!(
        "const b = {X}.getBoundingClientRect(); const i = inner.getBoundingClientRect();
        return b.top >= i.top && b.bottom <= i.bottom && b.top >= 0 && b.bottom <= innerHeight"
    );
    assert_eq!(guide.browser.eval(&seen).await?, json!(true));
    // It stays with its control while the page scrolls, and is cut off with it.
    guide.browser.eval("inner.scrollBy(0, 40); outer.scrollBy(0, 10); scrollBy(0, 30)").await?;
    guide.frames().await?;
    assert!(guide.offset(X).await? < 2.0);
    guide.click(".action").await?;
    guide.text("tallです").await?;
    guide.frames().await?;
    assert_eq!(
        guide.browser.eval("return Math.abs(tall.getBoundingClientRect().top) < 2").await?,
        json!(true)
    );
    let card = "((b) => b.top >= 0 && b.bottom <= innerHeight && b.left >= 0 && b.right <= innerWidth)(it.getBoundingClientRect())";
    assert_eq!(guide.ask(".stop", card).await?, json!(true));
    Ok(())
}

#[tokio::test]
async fn g34_hole_and_card_move_with_the_control() -> Result<()> {
    let body = "<div id='above' style='height:100px'></div><img id='image'><details id='more'><summary>More</summary><p style='height:80px'>…</p></details>
        <button data-tabiji='x' style='transition:margin 200ms'>X</button>";
    let guide = Guide::on(&stop("x", ""), body).await?;
    guide.shown().await?;
    for change in [
        "above.style.height = '180px'",
        "more.open = true",
        "document.querySelector('[data-tabiji=x]').style.padding = '20px'",
        // A style sheet moves it: no element changes that could be watched.
        "const s = new CSSStyleSheet(); s.replaceSync('#above { margin-top: 60px }'); document.adoptedStyleSheets = [s]",
        "const size = \"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='90' height='70'/>\"; image.src = size; return image.decode()",
    ] {
        guide.browser.eval(change).await?;
        guide.frames().await?;
        assert!(guide.offset(X).await? < 2.0, "after {change}");
    }
    // While it glides, the hole is where the control was at most two frames ago, however long a frame is.
    let far = guide
        .browser
        .eval(
            "return new Promise((done) => { const x = document.querySelector('[data-tabiji=x]'); x.style.marginLeft = '300px'; let worst = 0; let left = 30; const lefts = [];
             const look = () => { const hole = Number(document.querySelector('#tabiji-guide').shadowRoot.querySelector('.shade').style.getPropertyValue('--x')) + 8;
               lefts.push(x.getBoundingClientRect().left);
               worst = Math.max(worst, Math.min(...lefts.slice(-3).map((left) => Math.abs(hole - left)))); --left ? requestAnimationFrame(look) : done(worst); }; requestAnimationFrame(look) })",
        )
        .await?;
    assert!(far.as_f64().unwrap_or(f64::INFINITY) < 2.0, "{far} px from where it was two frames ago");
    guide.frames().await?;
    assert!(guide.offset(X).await? < 2.0);
    guide.browser.driver.set_window_rect(0, 0, 900, 900).await?;
    guide.browser.wait("innerWidth < 1000").await?;
    guide.frames().await?;
    assert!(guide.offset(X).await? < 2.0);
    Ok(())
}

#[tokio::test]
async fn g35_under_zoom_and_a_keyboard_the_card_stays_in_sight_and_the_field_keeps_the_focus() -> Result<()> {
    let body =
        "<div style='height:200px'></div><input id='field' data-tabiji='x'><div style='height:2000px'></div>";
    let guide = Guide::on(&stop("x", "wait = \"input\""), body).await?;
    guide.shown().await?;
    guide.press("#field").await?;
    let inside = "((b) => { const v = visualViewport; return b.left >= v.offsetLeft - 1 && b.right <= v.offsetLeft + v.width + 1 && b.top >= v.offsetTop - 1 && b.bottom <= v.offsetTop + v.height + 1 })(it.getBoundingClientRect())";
    guide.browser.tools("Emulation.setPageScaleFactor", json!({ "pageScaleFactor": 2.0 })).await?;
    guide.browser.wait("visualViewport.scale === 2").await?;
    guide.wait(".stop", inside).await?;
    assert_eq!(guide.browser.eval("return document.activeElement.id").await?, json!("field"));
    let shadow = guide.ask(".shade", "getComputedStyle(it, '::before').boxShadow").await?;
    assert!(
        shadow.as_str().is_some_and(|shadow| shadow.contains("0px 0px 0px 2560px")),
        "the dim part reaches over the whole page: {shadow}"
    );
    guide.browser.tools("Emulation.setPageScaleFactor", json!({ "pageScaleFactor": 1.0 })).await?;
    // A keyboard takes half of what can be seen.
    let half = json!({ "width": 1280, "height": 380, "deviceScaleFactor": 1, "mobile": false });
    guide.browser.tools("Emulation.setDeviceMetricsOverride", half).await?;
    guide.browser.wait("innerHeight === 380").await?;
    guide.wait(".stop", inside).await?;
    assert_eq!(guide.browser.eval("return document.activeElement.id").await?, json!("field"));
    Ok(())
}

#[tokio::test]
async fn g37_g38_above_every_layer_and_the_page_is_left_as_it_is() -> Result<()> {
    let body = "<div id='high' style='position:fixed;inset:0;z-index:2147483647;background:#eee'><button id='x' data-tabiji='x' style='margin:200px'>X</button>
        <button id='open' data-tabiji='open' onclick='box.showModal()'>Open</button></div><dialog id='box'><button data-tabiji='in'>In</button></dialog>";
    let guide = Guide::on(&[stop("x", ""), stop("open", ""), stop("in", "")].concat(), body).await?;
    // Before the guide: what each element of the page says of itself.
    let page = "JSON.stringify([...document.querySelectorAll('body *:not(#tabiji, #tabiji-guide, dialog)')].map((e) => [e.outerHTML.split('>')[0], getComputedStyle(e).zIndex, getComputedStyle(e).position, getComputedStyle(e).overflow]))";
    guide.widget().ready().await?;
    let before = guide.browser.eval(&format!("return {page}")).await?;
    guide.shown().await?;
    assert_eq!(guide.browser.eval(&format!("return {page}")).await?, before);
    let hit = "const card = document.querySelector('#tabiji-guide').shadowRoot.querySelector('.stop'); const b = card.getBoundingClientRect();
        return document.elementFromPoint(b.x + b.width / 2, b.y + 8).id";
    assert_eq!(guide.browser.eval(hit).await?, json!("tabiji-guide"));
    guide.press("#x").await?;
    guide.text("openです").await?;
    // Inside a modal dialog everything outside is out of reach: the card comes along.
    guide.press("#open").await?;
    guide.text("inです").await?;
    assert_eq!(guide.browser.eval(hit).await?, json!("tabiji-guide"));
    guide.browser.picture("guide-dialog").await?;
    guide.click(".stop .close").await?;
    guide.gone().await?;
    assert_eq!(
        guide.browser.eval("return document.querySelectorAll('#tabiji-guide').length").await?,
        json!(0)
    );
    guide.browser.eval("box.close()").await?;
    assert_eq!(guide.browser.eval(&format!("return {page}")).await?, before);
    Ok(())
}

#[tokio::test]
async fn g31_g39_on_a_phone_the_card_is_a_sheet_that_scrolls_by_touch() -> Result<()> {
    let long = format!(
        "[[stage.step.guide]]\ntarget = {{ hook = \"x\" }}\nwait = \"read\"\ntext = {{ ja = \"xです。{}\", en = \"-\" }}\n",
        "とても長い説明です。".repeat(60)
    );
    let arguments = ["--window-size=520,640", "--accept-lang=ja", "--touch-events=enabled"];
    let guide = Guide::with(
        &long,
        "<div style='height:60px'></div><button data-tabiji='x'>X</button><div style='height:3000px'></div>",
        "",
        &arguments,
    )
    .await?;
    let phone = json!({ "width": 360, "height": 640, "deviceScaleFactor": 2, "mobile": false });
    guide.browser.tools("Emulation.setDeviceMetricsOverride", phone).await?;
    guide.browser.tools("Emulation.setTouchEmulationEnabled", json!({ "enabled": true })).await?;
    guide.browser.open(&guide.page.url).await?;
    guide.shown().await?;
    guide.frames().await?;
    assert_eq!(guide.ask(".stop", "it.dataset.side").await?, json!("docked"));
    let inside = "((b) => b.left >= 0 && b.right <= innerWidth && b.top >= 0 && b.bottom <= innerHeight)(it.getBoundingClientRect())";
    assert_eq!(guide.ask(".stop", inside).await?, json!(true));
    guide.browser.picture("guide-phone").await?;
    let swipe = json!({ "x": 180, "y": 500, "yDistance": -300, "speed": 1200 });
    guide.browser.tools("Input.synthesizeScrollGesture", swipe).await?;
    guide.wait(".body", "it.scrollTop > 100").await?;
    assert_eq!(guide.browser.eval("return scrollY").await?, json!(0), "the page scrolled instead");
    Ok(())
}

#[tokio::test]
async fn g49_a_guide_that_nobody_disturbs_costs_nothing() -> Result<()> {
    let guide =
        Guide::on(&stop("x", ""), "<div style='height:60px'></div><button data-tabiji='x'>X</button>")
            .await?;
    guide.browser.tools("Performance.enable", json!({})).await?;
    guide.shown().await?;
    let metrics = async || -> Result<[f64; 3]> {
        let all = guide.browser.tools("Performance.getMetrics", json!({})).await?;
        let named = |name: &str| {
            let metric = all["metrics"].as_array().and_then(|all| all.iter().find(|one| one["name"] == name));
            metric.and_then(|metric| metric["value"].as_f64()).unwrap_or(f64::NAN)
        };
        Ok([named("ScriptDuration"), named("JSEventListeners"), named("Nodes")])
    };
    let rest = async |seconds: u64| {
        guide.browser.eval(&format!("return new Promise((done) => setTimeout(done, {seconds}000))")).await
    };
    rest(2).await?;
    let before = metrics().await?;
    // A page that changes all the time, for a while: nothing may add up.
    guide.browser.eval("window.busy = setInterval(() => { document.title = String(Math.random()); document.body.append(document.createElement('p')); document.body.lastChild.remove(); }, 50)").await?;
    rest(3).await?;
    guide.browser.eval("clearInterval(busy)").await?;
    guide.browser.tools("HeapProfiler.collectGarbage", json!({})).await?;
    let busy = metrics().await?;
    rest(5).await?;
    let after = metrics().await?;
    assert!(
        after[0] - busy[0] < 0.05,
        "{} s of scripts in 5 s in which nothing happened",
        after[0] - busy[0]
    );
    assert!(after[1] <= before[1] + 2.0, "{before:?} {after:?}: listeners add up");
    assert!(after[2] <= before[2] + 20.0, "{before:?} {after:?}: nodes add up");
    Ok(())
}
