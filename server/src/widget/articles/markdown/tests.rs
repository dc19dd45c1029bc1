//! Articles as authors write them, and as nobody should.

use super::*;

fn span(t: &str, b: bool, to: &str) -> Span {
    Span { text: t.into(), strong: b, link: to.into() }
}

#[test]
fn articles_are_words_lists_and_links_and_nothing_that_runs() {
    let text = "まず**設定**を開き、[ここ](step:users)へ。\n\n1. ひとつ\n2. ふたつ\n\n<script>alert(1)</script>\n\n[x](javascript:alert(1)) ![p](https://e.example/p.png)";
    let found = blocks(text);
    assert_eq!(
        found[0],
        Block::Paragraph(vec![
            span("まず", false, ""),
            span("設定", true, ""),
            span("を開き、", false, ""),
            span("ここ", false, "step:users"),
            span("へ。", false, "")
        ])
    );
    assert_eq!(
        found[1],
        Block::NumberedList(vec![vec![span("ひとつ", false, "")], vec![span("ふたつ", false, "")]])
    );
    let rest = format!("{:?}", &found[2..]);
    assert!(!rest.contains("script") && !rest.contains("e.example"), "{rest}");
}

fn text(spans: &[Span]) -> String {
    spans
        .iter()
        .map(|span| if span.strong { format!("<{}>", span.text) } else { span.text.clone() })
        .collect()
}

/// Each block as a line; items are divided by bars.
fn read(markdown: &str) -> Vec<String> {
    let list = |mark: &str, items: &[Vec<Span>]| {
        format!("{mark} {}", items.iter().map(|item| text(item)).collect::<Vec<_>>().join(" | "))
    };
    let line = |block: &Block| match block {
        Block::Paragraph(spans) => text(spans),
        Block::Heading(spans) => format!("# {}", text(spans)),
        Block::NumberedList(items) => list("1.", items),
        Block::BulletedList(items) => list("-", items),
    };
    blocks(markdown).iter().map(line).collect()
}

#[test]
fn markdown_reads_as_people_of_support_write_it() {
    for (markdown, expected) in [
        (
            "**「設定」**を開き、**「ユーザー」（一覧）**を選びます。",
            vec!["<「設定」>を開き、<「ユーザー」（一覧）>を選びます。"],
        ),
        ("次に**「設定」**を開きます。", vec!["次に<「設定」>を開きます。"]),
        ("まとめて登録\nできます。途中で\n改行", vec!["まとめて登録できます。途中で改行"]),
        ("one line\nand another", vec!["one line and another"]),
        ("CSV\nを選ぶ", vec!["CSV を選ぶ"]),
        ("住所:  \n東京都\\\n例ビル", vec!["住所:\n東京都\n例ビル"]),
        (
            "1. 設定を開く\n   - 管理者の場合\n   - 一般の場合\n2. 貼り付ける\n\n   二つめの段落です。\n3. 登録する",
            vec!["1. 設定を開く\n・管理者の場合\n・一般の場合 | 貼り付ける\n二つめの段落です。 | 登録する"],
        ),
        ("- a\n  1. b\n  2. c\n\n     d\n- e", vec!["- a\n1. b\n2. c\nd | e"]),
        ("- a\n\n- b", vec!["- a | b"]),
        ("# 題\n\n本文", vec!["# 題", "本文"]),
        ("**注意:**必ず保存します。", vec!["<注意:>必ず保存します。"]),
        (
            "次に**\"設定\"**を開き、**(1)**から**100%**まで",
            vec!["次に<\"設定\">を開き、<(1)>から<100%>まで"],
        ),
        ("これは*重要!*です。**`.csv`**を選ぶ", vec!["これは<重要!>です。<.csv>を選ぶ"]),
        ("2*(3)*4 と \\*「a」\\* と**太字**、**次**", vec!["2*(3)*4 と *「a」* と<太字>、<次>"]),
        (
            "手順は次のとおりです。\n・設定を開く\n・保存する",
            vec!["手順は次のとおりです。\n・設定を開く\n・保存する"],
        ),
        (
            "１．設定を開く\n２．保存する\n①一覧\n②詳細\n（3）終わり",
            vec!["１．設定を開く\n２．保存する\n①一覧\n②詳細\n（3）終わり"],
        ),
        ("住所<br>東京都<br/>例ビル<BR />2階", vec!["住所\n東京都\n例ビル\n2階"]),
        (
            "1. 開く\n\nここで待ちます。\n\n2. 保存する\n3. 閉じる",
            vec!["1. 開く", "ここで待ちます。", "2. 保存する", "3. 閉じる"],
        ),
        ("2 * 3 * 4 と `**`", vec!["2 * 3 * 4 と **"]),
    ] {
        assert_eq!(read(markdown), expected, "{markdown}");
    }
}

#[test]
fn links_lead_where_they_say_or_their_author_is_told() {
    let links = |markdown: &str| {
        let Some(Block::Paragraph(spans)) = blocks(markdown).into_iter().next() else {
            return Vec::new();
        };
        spans.into_iter().map(|span| span.link).filter(|link| !link.is_empty()).collect()
    };
    for to in [
        "/users",
        "tel:0312345678",
        "HTTPS://HELP.EXAMPLE.COM/",
        "step:users",
        "clip:first-setup",
        "mailto:a@example.com",
    ] {
        assert_eq!(links(&format!("[x]({to})")), [to], "{to}");
        assert!(warnings(&format!("[x]({to})")).is_empty(), "{to}");
    }
    for to in [
        "//evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "users",
        "/\\\\evil.example",
        "ftp://a.b",
    ] {
        assert_eq!(links(&format!("[x]({to})")), [""; 0], "{to}");
        assert_eq!(warnings(&format!("[x]({to})")).len(), 1, "{to}");
    }
    for (text, to) in [
        ("詳しくは https://help.example.com/a_b/ をご覧ください", "https://help.example.com/a_b/"),
        ("【https://help.example.com/a】をご覧ください", "https://help.example.com/a"),
        ("https://help.example.com/?a=1&b=2、または", "https://help.example.com/?a=1&b=2"),
        ("mailto:a@example.comまで", "mailto:a@example.com"),
        ("<https://help.example.com/>", "https://help.example.com/"),
        ("[一覧](/日*)", "/日*"),
    ] {
        assert_eq!(links(text), [to], "{text}");
    }
    assert_eq!(links("`https://help.example.com/`"), [""; 0]);
    assert_eq!(links("[https://a.example/](https://b.example/)"), ["https://b.example/"]);
    assert_eq!(warnings("| 列 | 意味 |\n| --- | --- |\n| 名前 | 必須 |\n\n![p](/p.png)").len(), 2);
}

/// S37: any text becomes blocks that the widget can read, and none of its links leads to a script.
#[test]
fn s37_an_article_of_any_bytes_becomes_blocks_without_scripts() {
    fuzz::fuzz("faq", |bytes| {
        let found = blocks(&String::from_utf8_lossy(bytes));
        let wire = serde_json::to_string(&found).unwrap();
        assert_eq!(serde_json::from_str::<Vec<Block>>(&wire).unwrap(), found);
        let spans = found.iter().flat_map(|block| match block {
            Block::Paragraph(spans) | Block::Heading(spans) => spans.iter().collect::<Vec<_>>(),
            Block::BulletedList(items) | Block::NumberedList(items) => items.iter().flatten().collect(),
        });
        for link in spans.map(|span| span.link.trim().to_lowercase()) {
            assert!(!link.starts_with("javascript") && !link.starts_with("data"), "{link}");
        }
    });
}

#[test]
fn an_author_hears_of_what_is_shown_as_it_stands() {
    for markdown in [
        "これは__重要__です",
        "**閉じない",
        "<u>下線</u>",
        "<details>\n<summary>続き</summary>\n</details>",
        "~~古い~~",
    ] {
        assert!(!warnings(markdown).is_empty(), "{markdown}");
    }
    for markdown in
        ["**注意:**必ず", "`a**b` と `__init__`", "一行<br>二行", "<!-- 覚え書き -->", "2 * 3", "snake_case"]
    {
        assert_eq!(warnings(markdown), [""; 0], "{markdown}");
    }
}
