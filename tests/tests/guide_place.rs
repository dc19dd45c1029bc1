//! Where a guide draws: scrolling, moving, zoom, layers, and a page that is left as it is.

use anyhow::Result;
use serde_json::{Value, json};
use tabiji_tests::{Browser, Guide, Widget, identify, snippet, stop};

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
    // What is left to scroll to is too little to take the control out of sight.
    let body = "<div style='height:1200px'></div>
        <div id='outer' style='height:500px;overflow:auto'><div style='height:900px'></div>
        <div id='inner' style='height:400px;overflow:auto'><div style='height:700px'></div>
        <button data-tabiji='x'>X</button><div style='height:300px'></div></div><div style='height:150px'></div></div>
        <div style='height:800px'></div><section id='tall' data-tabiji='tall' style='height:2400px'>Tall</section>
        <div style='height:2000px'></div>";
    let stops = [stop("x", "wait = \"read\""), stop("tall", "wait = \"read\"")].concat();
    let guide = Guide::on(&stops, body).await?;
    guide.shown().await?;
    guide.frames().await?;
    assert!(guide.offset(X).await? < 2.0);
    let seen = format!(
        "const b = {X}.getBoundingClientRect();
        const shows = (i) => b.top >= i.top && b.bottom <= i.bottom;
        return [inner, outer].every((one) => one.scrollTop > 0 && shows(one.getBoundingClientRect()))
            && scrollY > 0 && shows({{ top: 0, bottom: innerHeight }})"
    );
    assert_eq!(guide.browser.eval(&seen).await?, json!(true));
    // Each goes on by itself for a while, as after a fling: the cut-out is with the control on the way, and where it
    // comes to rest.
    guide.note_frames(X).await?;
    let mut from = guide.rest().await?;
    for (container, by) in [("inner", 90), ("outer", 80), ("document.scrollingElement", 60)] {
        guide.browser.eval(&format!("{container}.scrollBy({{ top: {by}, behavior: 'smooth' }})")).await?;
        let next = guide.followed(&from, &format!("a scroll of {container}")).await?;
        let places = format!("return new Set(noted.slice({from}).map(({{ control }}) => control[1])).size");
        let places = guide.browser.eval(&places).await?;
        assert!(places.as_u64() > Some(3), "{container} jumped: {places} places");
        from = next;
    }
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

/// Moves a finger up by 80 pixels in a fifteenth of a second, and lifts it.
async fn fling(browser: &Browser, y: f64) -> Result<()> {
    let begun = tabiji_tests::now() as f64 / 1000.0;
    for n in 0..=6u32 {
        let (kind, finger) = match n {
            0 => ("touchStart", json!([{ "x": 40, "y": y }])),
            6 => ("touchEnd", json!([])),
            _ => ("touchMove", json!([{ "x": 40, "y": y - f64::from(n) * 16.0 }])),
        };
        // How fast the finger was goes by these times, whatever the machine does.
        let at = begun + f64::from(n.min(5)) * 0.013;
        let touch = json!({ "type": kind, "touchPoints": finger, "timestamp": at });
        browser.tools("Input.dispatchTouchEvent", touch).await?;
    }
    Ok(())
}

/// Under a finger a container goes on by itself when the finger is gone, for as far as there is something to scroll to.
#[tokio::test]
async fn g33_cut_out_and_card_are_with_the_control_all_through_a_fling() -> Result<()> {
    let body = "<div style='height:300px'></div>
        <div id='inner' style='height:400px;overflow:auto'><div style='height:300px'></div>
        <button data-tabiji='x'>X</button><div style='height:350px'></div></div><div style='height:450px'></div>";
    let guide = Guide::on(&stop("x", "wait = \"read\""), body).await?;
    guide.browser.tools("Emulation.setTouchEmulationEnabled", json!({ "enabled": true })).await?;
    guide.shown().await?;
    guide.note_frames(X).await?;
    let note = "const scrolled = () => [inner.scrollTop, scrollY];
        addEventListener('touchend', () => (window.lifted = scrolled()), { capture: true, passive: true });
        window.since = () => scrolled().map((now, at) => now - lifted[at])";
    guide.browser.eval(note).await?;
    let mut from = guide.rest().await?;
    for (at, y) in ["inner.getBoundingClientRect().top + 120", "120"].iter().enumerate() {
        let y = guide.browser.eval(&format!("return {y}")).await?.as_f64().unwrap_or_default();
        fling(&guide.browser, y).await?;
        from = guide.followed(&from, "a fling").await?;
        let since = guide.browser.eval("return since()").await?;
        assert!(since[at].as_f64() > Some(40.0), "it stopped with the finger: {since}");
    }
    assert!(guide.offset(X).await? < 2.0);
    Ok(())
}

#[tokio::test]
async fn g34_hole_and_card_move_with_the_control() -> Result<()> {
    let body = "<main style='text-align:center'><div id='above' style='height:60px'></div><img id='image'>
        <p style='font:16px late,monospace'>Words</p>
        <details id='more'><summary>More</summary><p style='height:80px'>…</p></details>
        <button data-tabiji='x' style='transition:margin 200ms'>X</button></main>";
    let guide = Guide::on(&stop("x", ""), body).await?;
    guide.shown().await?;
    guide.note_frames(X).await?;
    let mut from = guide.rest().await?;
    for change in [
        "above.style.height = '100px'",
        "more.open = true",
        "more.open = false",
        "above.insertAdjacentHTML('beforebegin', '<div style=\"height:30px\"></div>')",
        "document.querySelector('[data-tabiji=x]').style.padding = '20px'",
        "image.src = \"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='90' height='70'/>\"",
        "const late = new FontFace('late', 'local(\"Noto Sans CJK JP\"), local(\"NotoSansCJKjp-Regular\"), local(\"DejaVu Sans\")', { sizeAdjust: '250%' });
         document.fonts.add(late); return late.load().then(() => true)",
        // It glides for as long as a transition takes.
        "document.querySelector('[data-tabiji=x]').style.marginLeft = '300px'",
    ] {
        guide.browser.eval(change).await?;
        from = guide.followed(&from, change).await?;
    }
    // A style sheet moves it: no element changes that could be watched, not even its size. The browser tells of it in a
    // task after the frame, and a busy one may draw another frame first.
    let sheet = "const s = new CSSStyleSheet(); s.replaceSync('main { position: relative; top: 30px }'); document.adoptedStyleSheets = [s]";
    guide.browser.eval(sheet).await?;
    from = guide.followed_within(2, &from, sheet).await?;
    guide.browser.driver.set_window_rect(0, 0, 1000, 900).await?;
    guide.followed(&from, "a resize").await?;
    Ok(())
}

#[tokio::test]
async fn g35_under_zoom_and_a_keyboard_the_card_stays_in_sight_and_the_field_keeps_the_focus() -> Result<()> {
    let body = "<style>html{scrollbar-width:none}</style><div style='height:200px'></div><input id='field' data-tabiji='x'><div style='height:2000px'></div>";
    let guide = Guide::on(&stop("x", "wait = \"input\""), body).await?;
    guide.shown().await?;
    guide.press("#field").await?;
    guide.browser.eval("window.blurs = 0; addEventListener('blur', () => blurs++, true)").await?;
    assert_eq!(shades(&guide, "[0, 0, picture.width, picture.height]").await?, json!([true, false]));
    let inside = "((b) => { const v = visualViewport; return b.left >= v.offsetLeft - 1 && b.right <= v.offsetLeft + v.width + 1 && b.top >= v.offsetTop - 1 && b.bottom <= v.offsetTop + v.height + 1 })(it.getBoundingClientRect())";
    guide.browser.tools("Emulation.setPageScaleFactor", json!({ "pageScaleFactor": 2.0 })).await?;
    guide.browser.wait("visualViewport.scale === 2").await?;
    guide.wait(".stop", inside).await?;
    assert_eq!(shades(&guide, "[0, 0, picture.width, picture.height]").await?, json!([true, false]));
    guide.browser.tools("Emulation.setPageScaleFactor", json!({ "pageScaleFactor": 1.0 })).await?;
    guide.browser.wait("visualViewport.scale === 1").await?;
    // A keyboard that lies over the page makes what can be seen smaller, and nothing else: so say phones.
    let keyboard = "for (const [name, value] of [['height', 380], ['offsetTop', 150]])
            Object.defineProperty(visualViewport, name, { value, configurable: true });
        visualViewport.dispatchEvent(new Event('resize'))";
    guide.browser.eval(keyboard).await?;
    guide.wait(".stop", inside).await?;
    assert_eq!(shades(&guide, "[0, 150, picture.width, 530]").await?, json!([true, false]));
    let gone = "delete visualViewport.height; delete visualViewport.offsetTop; visualViewport.dispatchEvent(new Event('resize'))";
    guide.browser.eval(gone).await?;
    guide.wait(".stop", inside).await?;
    // Another makes the page itself smaller.
    let half = json!({ "width": 1280, "height": 380, "deviceScaleFactor": 1, "mobile": false });
    guide.browser.tools("Emulation.setDeviceMetricsOverride", half).await?;
    guide.browser.wait("innerHeight === 380").await?;
    guide.wait(".stop", inside).await?;
    assert_eq!(guide.browser.eval("return [document.activeElement.id, blurs]").await?, json!(["field", 0]));
    Ok(())
}

#[tokio::test]
async fn what_a_page_enlarges_by_css_is_pointed_at_where_it_is() -> Result<()> {
    for style in ["body{zoom:1.25}", "html{zoom:.9}", "#part{zoom:1.5}"] {
        let body = format!(
            "<style>html{{scrollbar-width:none}}{style}</style><p style='height:180px'>Long</p><div id='part' style='margin-left:320px'><input id='field' data-tabiji='x'></div><p style='height:900px'></p>"
        );
        let guide = Guide::on(&stop("x", ""), &body).await?;
        guide.shown().await?;
        assert_eq!(shades(&guide, "[0, 0, picture.width, picture.height]").await?, json!([true, false]), "{style}");
        let (edges, within) = ("it.getBoundingClientRect()", "left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight");
        let inside = format!("(({{ left, top, right, bottom }}) => {within})({edges})");
        guide.wait(".stop", &inside).await?;
        let widget = Widget(&guide.browser);
        for part in [".launcher", ".panel"] {
            assert_eq!(widget.ask(part, &inside).await?, json!(true), "{style}: {part}");
            if part == ".launcher" {
                widget.click(part).await?;
                widget.wait(".panel .card", "true").await?;
            }
        }
    }
    Ok(())
}

/// Whether, as the screen shows it, all corners of a part of the picture are dimmed, and whether the field is.
async fn shades(guide: &Guide, part: &str) -> Result<Value> {
    guide.frames().await?;
    let picture = guide.browser.driver.screenshot_as_png_base64().await?;
    let look = format!(
        "return new Promise((done) => {{
            const picture = new Image();
            picture.onload = () => {{
                const canvas = Object.assign(document.createElement('canvas'), {{ width: picture.width, height: picture.height }});
                const pen = canvas.getContext('2d');
                pen.drawImage(picture, 0, 0);
                const isDim = (x, y) => pen.getImageData(x, y, 1, 1).data[0] < 240;
                const [left, top, right, bottom] = {part};
                const corners = [[left + 2, top + 2], [right - 3, top + 2], [left + 2, bottom - 3], [right - 3, bottom - 3]];
                const b = field.getBoundingClientRect();
                const {{ offsetLeft, scale }} = visualViewport;
                const offsetTop = scale == 1 ? 0 : visualViewport.offsetTop;
                const inField = [(b.left + b.width * 0.7 - offsetLeft) * scale, (b.top + b.height / 2 - offsetTop) * scale];
                done([corners.every(([x, y]) => isDim(x, y)), isDim(...inField)]);
            }};
            picture.src = 'data:image/png;base64,{picture}';
        }})"
    );
    guide.browser.eval(&look).await
}

#[tokio::test]
async fn g37_g38_above_every_layer_and_the_page_is_left_as_it_is() -> Result<()> {
    let body = "<div id='high' style='position:fixed;inset:0;z-index:2147483647;background:#eee'><div style='position:relative;z-index:7;height:40px;overflow:auto'><p style='position:sticky;top:0'>Sticky</p></div>
        <button id='x' data-tabiji='x' style='margin:200px'>X</button>
        <button id='open' data-tabiji='open' onclick='box.showModal()'>Open</button></div><dialog id='box'><button data-tabiji='in'>In</button></dialog>";
    let stops = [stop("x", "blocking = true"), stop("open", ""), stop("in", "")].concat();
    let guide = Guide::on(&stops, body).await?;
    // Before the guide: what each element of the page says of itself, and how it is laid out. A stop that blocks makes
    // some of them inert and nothing else; how the dialog is laid out is its own doing.
    let page = "JSON.stringify([...document.querySelectorAll('html, body, body *:not(#tabiji, #tabiji-guide, dialog)')].map((e) => {
        const { zIndex, position, overflowX, overflowY, transform, display } = getComputedStyle(e);
        const said = [...e.attributes].filter(({ name }) => name !== 'inert').map(({ name, value }) => name + '=' + value);
        return [e.tagName, said, zIndex, position, overflowX, overflowY, transform, display]; }))";
    let page = &format!("return {page}");
    guide.widget().ready().await?;
    let before = guide.browser.eval(page).await?;
    guide.shown().await?;
    assert_eq!(
        guide.browser.eval("return document.querySelectorAll('[inert]').length > 0").await?,
        json!(true)
    );
    assert_eq!(guide.browser.eval(page).await?, before);
    let hit = "const card = document.querySelector('#tabiji-guide').shadowRoot.querySelector('.stop'); const b = card.getBoundingClientRect();
        return document.elementFromPoint(b.x + b.width / 2, b.y + 8).id";
    assert_eq!(guide.browser.eval(hit).await?, json!("tabiji-guide"));
    guide.press("#x").await?;
    guide.text("openです").await?;
    assert_eq!(guide.browser.eval(page).await?, before);
    // Inside a modal dialog everything outside is out of reach: the card comes along.
    guide.press("#open").await?;
    guide.text("inです").await?;
    assert_eq!(guide.browser.eval(page).await?, before);
    assert_eq!(guide.browser.eval(hit).await?, json!("tabiji-guide"));
    guide.browser.picture("guide-dialog").await?;
    guide.click(".stop .close").await?;
    guide.gone().await?;
    assert_eq!(
        guide.browser.eval("return document.querySelectorAll('#tabiji-guide').length").await?,
        json!(0)
    );
    guide.browser.eval("box.close()").await?;
    assert_eq!(guide.browser.eval(page).await?, before);
    // A host that opts out has its own order: what it lays over everything lies over the widget, too.
    let calls = identify(&guide.stack, "u1", "acct-1")?;
    let opted = snippet(&guide.stack, "", &calls).replace(" data-site=", " data-layer=\"page\" data-site=");
    guide.page.change(&opted.replace("<input id=\"field\">", body));
    guide.browser.open(&guide.page.url).await?;
    guide.widget().ready().await?;
    let covered = |host: &str, part: &str| {
        format!(
            "return ((b) => !{host}.matches(':popover-open') && !!document.elementFromPoint(b.x + b.width / 2, b.y + 8).closest('#high'))
                ({host}.shadowRoot.querySelector('{part}').getBoundingClientRect())"
        )
    };
    let launcher = covered("document.getElementById('tabiji')", ".launcher");
    assert_eq!(guide.browser.eval(&launcher).await?, json!(true));
    guide.browser.eval("tabiji('open')").await?;
    guide.widget().wait(".card button.action", "(it.click(), true)").await?;
    guide.text("xです").await?;
    let card = covered("document.getElementById('tabiji-guide')", ".stop");
    assert_eq!(guide.browser.eval(&card).await?, json!(true));
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

/// What the page cost until now: seconds of a core, which no other program's work is part of; listeners; nodes.
async fn cost(guide: &Guide) -> Result<[f64; 3]> {
    guide.browser.tools("HeapProfiler.collectGarbage", json!({})).await?;
    let all = guide.browser.tools("Performance.getMetrics", json!({})).await?;
    let named = |name: &str| {
        let metric = all["metrics"].as_array().and_then(|all| all.iter().find(|one| one["name"] == name));
        metric.and_then(|metric| metric["value"].as_f64()).unwrap_or(f64::NAN)
    };
    Ok(["ThreadTime", "JSEventListeners", "Nodes"].map(named))
}

/// Lets the page's own time pass, as fast as the page can: a slow machine takes seconds for a minute of a page that
/// changes. It stands still afterwards.
async fn pass(guide: &Guide, minutes: u32) -> Result<()> {
    const MINUTE: f64 = 60_000.0;
    for _ in 0..minutes {
        let begun = guide.browser.eval("return performance.now()").await?.as_f64().unwrap_or(f64::NAN);
        let policy = json!({ "policy": "advance", "budget": MINUTE });
        guide.browser.tools("Emulation.setVirtualTimePolicy", policy).await?;
        guide.browser.wait(&format!("performance.now() >= {}", begun + MINUTE - 1.0)).await?;
    }
    Ok(())
}

const CHANGES: &str = "on a page that changes";

/// An hour at one control, ten minutes of a page that changes all the time, and ten of looking for a control that does
/// not come, by a clock of the page that is ahead of ours.
#[tokio::test]
async fn g49_an_hour_at_one_control_costs_little_and_leaves_nothing() -> Result<()> {
    let body = "<div style='height:60px'></div><button data-tabiji='x'>X</button>";
    let guide = Guide::on(&[stop("x", ""), stop("never", "")].concat(), body).await?;
    guide.browser.tools("Performance.enable", json!({})).await?;
    guide.shown().await?;
    pass(&guide, 1).await?;
    let mut before = cost(&guide).await?;
    let mut spent = async |what: &str, minutes: u32| -> Result<()> {
        pass(&guide, minutes).await?;
        let after = cost(&guide).await?;
        let share = (after[0] - before[0]) / f64::from(minutes * 60);
        // What a page that changes all the time costs by itself is in it, too.
        let most = if what == CHANGES { 0.02 } else { 0.01 };
        assert!(share < most, "{what}: {share} of a core");
        assert!(after[1] <= before[1] + 2.0, "{what}: {before:?} {after:?}: listeners add up");
        assert!(after[2] <= before[2] + 20.0, "{what}: {before:?} {after:?}: nodes add up");
        before = after;
        Ok(())
    };
    spent("at one control", 60).await?;
    guide.text("xです").await?;
    let busy = "const change = () => { document.title = String(Math.random()); document.body.append(document.createElement('p')); document.body.lastChild.remove(); };
        let left = 5000; window.busy = setInterval(() => --left ? change() : clearInterval(busy), 100)";
    guide.browser.eval(busy).await?;
    spent(CHANGES, 10).await?;
    guide.press("[data-tabiji=x]").await?;
    pass(&guide, 1).await?;
    guide.wait(".stop h2", "it.textContent === 'この画面に見当たりません'").await?;
    spent("without the control", 10).await
}
