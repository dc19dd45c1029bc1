//! What each clip shows: where it begins, what was entered before, and what is done until which second. The order is
//! that of the demo's flow.

use Shot::{Choose, Point, Poster, Press, Tick, Until, Write};

/// A clip before it is recorded.
pub struct Script {
    /// Its id in the flow.
    pub clip: &'static str,
    /// The page that it begins on.
    pub page: &'static str,
    /// What was entered into the demo before, as the file that `--book` names.
    pub book: &'static str,
    /// What is seen; the last one is the end.
    pub shots: &'static [Shot],
}

/// A part of a clip. Controls are named by selectors.
pub enum Shot {
    /// The page stands still until this second of the clip.
    Until(u32),
    /// The pointer goes to a control.
    Point(&'static str),
    /// It presses one that leads to a page.
    Press(&'static str),
    /// It presses one that stays on the page.
    Tick(&'static str),
    /// A field, and what is written into it, letter by letter.
    Write(&'static str, &'static str),
    /// A field for a file, the name of the one that is chosen, and its text.
    Choose(&'static str, &'static str, &'static str),
    /// What is in the picture now is shown before the clip plays.
    Poster,
}

/// Nothing was entered.
const NEW: &str = "{}";
/// Two people and a deal at each stage.
const WORKING: &str = include_str!("books/working.json");
/// Three people, one of them with a wrong address.
const MISTYPED: &str = include_str!("books/mistyped.json");

/// As a spreadsheet saves it.
const DEALS: &str = "会社,内容,金額,段階
青空製作所,工程の見える化,\"2,400,000\",提案
みなと食品,受発注の電子化,\"900,000\",見積
山の手建設,原価の管理,\"3,200,000\",受注
";
/// The same with an amount that cannot be read.
const UNREADABLE: &str = "会社,内容,金額,段階
青空製作所,工程の見える化,\"2,400,000\",提案
みなと食品,受発注の電子化,九十万円,見積
山の手建設,原価の管理,\"3,200,000\",受注
";
/// That line as it should be.
const CORRECTED: &str = "みなと食品,受発注の電子化,\"900,000\",見積\n";

const USERS: &str = "[data-tabiji=nav-users]";
const STAGES: &str = "[data-tabiji=nav-pipeline]";
const DEALS_PAGE: &str = "[data-tabiji=nav-deals]";
const REPORTS: &str = "[data-tabiji=nav-reports]";
const NAME: &str = "[data-tabiji=user-name]";
const EMAIL: &str = "[data-tabiji=user-email]";
const REGISTER: &str = "[data-tabiji=user-register]";
const SAVE: &str = "[data-tabiji=pipeline-save]";
const ADD: &str = "[data-tabiji=deal-add]";
const FILE: &str = "input[name=file]";
const IMPORT: &str = "form:has(input[name=file]) button";

/// All clips of the demo.
pub const SCRIPTS: [Script; 10] = [
    Script {
        clip: "first-setup",
        page: "/",
        book: NEW,
        shots: &[
            Until(3),
            Press(USERS),
            Until(8),
            Write(NAME, "佐藤 美咲"),
            Until(14),
            Write(EMAIL, "sato@seizo-a.example"),
            Until(20),
            Press(REGISTER),
            Until(26),
            Write(NAME, "高橋 涼"),
            Write(EMAIL, "takahashi@seizo-a.example"),
            Poster,
            Press(REGISTER),
            Until(36),
        ],
    },
    Script {
        clip: "inviting-managers",
        page: "/users",
        book: WORKING,
        shots: &[
            Until(4),
            Write(NAME, "小林 誠"),
            Until(10),
            Write(EMAIL, "kobayashi@seizo-a.example"),
            Until(16),
            Tick("input[name=manager]"),
            Poster,
            Until(21),
            Press(REGISTER),
            Until(26),
            Point("tbody tr:nth-child(3) td:nth-child(3)"),
            Until(34),
        ],
    },
    Script {
        clip: "resending-invitations",
        page: "/users",
        book: MISTYPED,
        shots: &[
            Until(5),
            Point("tbody tr:nth-child(3) td:nth-child(2)"),
            Until(12),
            Poster,
            Until(14),
            Press("tbody tr:nth-child(3) button"),
            Until(18),
            Write(NAME, "渡辺 陽太"),
            Write(EMAIL, "watanabe@seizo-a.example"),
            Until(26),
            Press(REGISTER),
            Until(30),
            Point("tbody tr:nth-child(3) td:nth-child(2)"),
            Until(38),
        ],
    },
    Script {
        clip: "naming-stages",
        page: "/",
        book: NEW,
        shots: &[
            Until(4),
            Press(STAGES),
            Until(9),
            Write("main label:nth-of-type(1) input", "問い合わせ"),
            Until(16),
            Write("main label:nth-of-type(3) input", "見積の提出"),
            Poster,
            Until(22),
            Press(SAVE),
            Until(28),
            Press(DEALS_PAGE),
            Point("select[name=stage]"),
            Until(36),
        ],
    },
    Script {
        clip: "entering-deals",
        page: "/pipeline",
        book: NEW,
        shots: &[
            Until(4),
            Press(SAVE),
            Until(8),
            Press(DEALS_PAGE),
            Until(12),
            Write("input[name=company]", "日の出商店"),
            Write("input[name=title]", "在庫管理の入れ替え"),
            Write("input[name=yen]", "1800000"),
            Poster,
            Until(24),
            Press(ADD),
            Until(32),
            Point(FILE),
            Until(40),
        ],
    },
    Script {
        clip: "importing-deals",
        page: "/deals",
        book: NEW,
        shots: &[
            Until(4),
            Point("label:has(input[name=file])"),
            Until(11),
            Choose(FILE, "商談.csv", DEALS),
            Poster,
            Until(16),
            Press(IMPORT),
            Until(24),
            Point("tbody tr:nth-child(3) td:nth-child(2)"),
            Until(32),
        ],
    },
    Script {
        clip: "correcting-lines",
        page: "/deals",
        book: NEW,
        shots: &[
            Until(4),
            Choose(FILE, "商談.csv", UNREADABLE),
            Until(7),
            Press(IMPORT),
            Until(10),
            Point(".said"),
            Poster,
            Until(23),
            Choose(FILE, "直した行.csv", CORRECTED),
            Until(26),
            Press(IMPORT),
            Until(30),
            Point("tbody tr:nth-child(3) td:nth-child(2)"),
            Until(36),
        ],
    },
    Script {
        clip: "planning-today",
        page: "/",
        book: WORKING,
        shots: &[
            Until(4),
            Point(".cards .card:nth-child(2) b"),
            Until(7),
            Point(".cards .card:nth-child(3) b"),
            Until(10),
            Point("main li:last-child"),
            Until(17),
            Point("main li:nth-child(2)"),
            Poster,
            Until(23),
            Press(DEALS_PAGE),
            Until(25),
            Point("tbody tr:last-child td:nth-child(2)"),
            Until(30),
        ],
    },
    Script {
        clip: "reading-reports",
        page: "/",
        book: WORKING,
        shots: &[
            Until(4),
            Press(REPORTS),
            Until(10),
            Point("[data-tabiji=report] tbody tr:nth-child(2) th"),
            Until(16),
            Point("[data-tabiji=report] tbody tr:nth-child(2) td:last-child"),
            Poster,
            Until(28),
        ],
    },
    Script {
        clip: "sharing-deals",
        page: "/deals",
        book: WORKING,
        shots: &[
            Until(4),
            Point("tbody tr:last-child td:nth-child(2)"),
            Until(10),
            Press("a[href='/login']"),
            Until(14),
            Press("button[value=suzuki]"),
            Poster,
            Until(18),
            Point("main li:last-child"),
            Until(22),
            Press(REPORTS),
            Until(25),
            Point("[data-tabiji=report] tbody tr:last-child th"),
            Until(32),
        ],
    },
];
