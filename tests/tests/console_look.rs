//! Every page of the console as people see it: in both languages, light and dark, on a desk and on two phones.

use anyhow::Result;
use serde_json::{Value, json};
use tabiji_tests::{ALWAYS, Browser, Console, Demo, Stack, closed_until};
use thirtyfour::prelude::*;

/// The pages: their names, their paths, and what is there once they are loaded.
const PAGES: [(&str, &str, &str); 7] = [
    ("journey", "", "[data-key=entry]"),
    ("inbox", "/inbox", ".inbox .talk"),
    ("thread", "/inbox", ".inbox .talk"),
    ("clips", "/clips", ".report"),
    ("help", "/help", ".report"),
    ("integration", "/integration", ".refused, .report"),
    ("security", "/security", ".browsers tbody tr"),
];
/// Window sizes.
const SIZES: [(&str, u32, u32); 3] = [("desk", 1280, 720), ("phone", 390, 844), ("narrow", 320, 640)];

/// Controls and figures that the window cuts off, outside of what scrolls sideways by itself.
const CUT: &str = "[...document.querySelectorAll('button, a, input, select, textarea, dd, h1, h2')]
    .filter((it) => it.checkVisibility() && !it.closest('.wide, .rail, .skip'))
    .filter((it) => { const box = it.getBoundingClientRect(); return box.width > 0 && (box.right > innerWidth + 1 || box.left < -1); })
    .map((it) => it.textContent || it.name || it.className)";

/// A site where something happened on each page, with names as long as they are in life.
async fn used() -> Result<(Stack, Demo)> {
    let (stack, demo) = Stack::with_demo(&[]).await?;
    stack.publish_desk(ALWAYS)?;
    stack.add_clip()?;
    for (account, users) in [("acct-seizo-a", 5), ("acct-international-logistics-partners", 2)] {
        stack.fact(account, "users", users).await?;
    }
    let film = stack.clip_version().await?;
    for n in 1..=6 {
        let answer = |scale: &str, question: &str, stage: &str, score: u32| {
            let comment = "登録は簡単でしたが、商談のCSVの列の順番が分からず、三回やり直しました。";
            (
                "survey.answered",
                json!({ "question": question, "scale": scale, "stage": stage, "score": score, "comment": comment }),
            )
        };
        let later = json!({ "until": tabiji_tests::now() + 86_400_000, "step": "pipeline", "reason": "月次の会議のあとで、部長と一緒に進めます" });
        let seen = json!({ "clip": "first-setup", "film": film, "seen": "0-9", "at": 9 });
        let all = [
            ("chat.opened", json!({ "help": true })),
            ("faq.viewed", json!({ "article": "register-users" })),
            ("video.progress", seen),
            answer("mood", "mood-usage", "usage", n.min(5)),
            answer("ces", "effort", "usage", n),
            answer("nps", "recommend", "retention", n + 4),
            ("step.snoozed", later),
        ];
        let user = format!("長谷川 健太郎{n}");
        stack.reported((&user, "acct-seizo-a"), &all).await?;
    }
    let question = "商談を取り込むと「三十万円」の行だけが読めないと表示されます。https://app.example.com/deals/import?batch=20261127-very-long-name の画面です。";
    stack.question("長谷川 健太郎1", "acct-seizo-a", question, json!({ "step": "deals" })).await?;
    stack
        .question("user-2", "acct-international-logistics-partners", "Where is the report?", json!({}))
        .await?;
    // Refused, so that the page about the integration has something to say.
    let refused = json!({ "site": stack.key("public_key"), "token": "no token", "sent_at": 0, "events": [] });
    stack.client.post(format!("{}/v1/events", stack.url())).json(&refused).send().await?;
    Ok((stack, demo))
}

async fn size_to(cs: &Browser, width: u32, height: u32) -> Result<()> {
    let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 720 });
    cs.tools("Emulation.setDeviceMetricsOverride", metrics).await?;
    Ok(())
}

/// Looks at every page in one language.
async fn look(language: &str) -> Result<()> {
    let (stack, _demo) = used().await?;
    let cs = Browser::start().await?;
    Console(&cs).enter(&stack.link()?).await?;
    let mut faults = Vec::new();
    for (theme, (size, width, height)) in
        ["light", "dark"].into_iter().flat_map(|theme| SIZES.map(|size| (theme, size)))
    {
        size_to(&cs, width, height).await?;
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": theme }] });
        cs.tools("Emulation.setEmulatedMedia", features).await?;
        for (name, path, content) in PAGES {
            let place = format!("{name}-{language}-{theme}-{size}");
            cs.open(&format!("{}/console{path}?lang={language}", stack.url())).await?;
            cs.wait(&format!("!!document.querySelector('{content}')")).await?;
            if name == "thread" {
                cs.driver.find(By::Css(".inbox .talk")).await?.click().await?;
                cs.wait("!!document.querySelector('.said li')").await?;
            }
            let wide =
                cs.eval("return Math.max(0, document.scrollingElement.scrollWidth - innerWidth)").await?;
            if wide != 0 {
                faults.push(format!("{place}: {wide} pixels wider than the window"));
            }
            let cut = cs.eval(&format!("return {CUT}")).await?;
            if cut != json!([]) {
                faults.push(format!("{place}: cut off: {cut}"));
            }
            if let Value::Array(found) = cs.accessibility_faults().await? {
                faults.extend(found.iter().map(|fault| format!("{place}: {fault}")));
            }
            cs.picture(&format!("console-{place}")).await?;
        }
    }
    assert_eq!(faults, Vec::<String>::new());
    Ok(())
}

#[tokio::test]
async fn every_page_can_be_used_by_everybody_in_japanese() -> Result<()> {
    look("ja").await
}

#[tokio::test]
async fn every_page_can_be_used_by_everybody_in_english() -> Result<()> {
    look("en").await
}

/// A row says at which step a customer asks, however long the words before it are.
#[tokio::test]
async fn w12_a_row_of_the_inbox_shows_its_whole_step() -> Result<()> {
    let (stack, _demo) = Stack::with_demo(&[]).await?;
    stack.publish_desk(&closed_until("2035-05-07"))?;
    stack.question("user-1", "acct-seizo-a", "表のどこを見ますか？", json!({ "step": "report" })).await?;
    let cs = Browser::start().await?;
    Console(&cs).enter(&stack.link()?).await?;
    let mut faults = Vec::new();
    let shown = [
        ("ja", "営業時間外", "最初のレポートを見る"),
        ("en", "Outside business hours", "Look at your first report"),
    ];
    for (language, closed, step) in shown {
        for (size, width, height) in SIZES {
            size_to(&cs, width, height).await?;
            cs.open(&format!("{}/console/inbox?lang={language}", stack.url())).await?;
            cs.wait(&format!("document.querySelector('.talk .step')?.textContent === '{step}'")).await?;
            cs.wait(&format!("document.querySelector('.talk .waits')?.textContent.includes('{closed}')"))
                .await?;
            let cut = "const step = document.querySelector('.talk .step'), row = step.closest('.talk');
                const [inner, outer] = [step, row].map((it) => it.getBoundingClientRect());
                return step.scrollWidth > step.clientWidth || inner.right > outer.right || inner.bottom > outer.bottom";
            if cs.eval(cut).await? != json!(false) {
                faults.push(format!("{language} {size}"));
            }
            cs.picture(&format!("inbox-row-{language}-{size}")).await?;
        }
    }
    assert_eq!(faults, Vec::<String>::new());
    Ok(())
}
