//! What people paste, and the rows that come of it.

use proptest::prelude::*;
use protocol::files::{Column, ColumnKind};

use super::{Row, read};

fn column(id: &str, label: &str, kind: ColumnKind, optional: bool) -> Column<String> {
    Column { id: id.into(), label: label.into(), example: None, kind, optional }
}

fn name() -> Column<String> {
    column("name", "名前", ColumnKind::Text, false)
}

fn mail() -> Column<String> {
    column("mail", "アドレス", ColumnKind::Email, false)
}

fn yen() -> Column<String> {
    column("yen", "金額", ColumnKind::Number, false)
}

/// Name, address, and what is wrong: the column's label, "double", or "good".
fn people(text: &str) -> Vec<[String; 3]> {
    let columns = [name(), mail()];
    let verdict = |row: &Row| match row.wrong {
        Some(at) => columns[at].label.clone(),
        None => (if row.double { "double" } else { "good" }).to_owned(),
    };
    let rows = read(text, &columns);
    rows.iter().map(|row| [row.values[0].clone(), row.values[1].clone(), verdict(row)]).collect()
}

#[test]
fn one_person_a_line_however_name_and_address_are_put() {
    for line in [
        "山田\ty@x.jp",
        "山田, y@x.jp",
        "山田、y@x.jp",
        "山田 y@x.jp",
        "山田 <y@x.jp>",
        "\"山田\" <y@x.jp>",
        "山田（y@x.jp）",
        "山田 (y@x.jp)",
        "山田：y@x.jp。",
        "y@x.jp 山田",
        "　山田　ｙ＠ｘ．ｊｐ",
        "山田,\"y@x.jp\"",
    ] {
        assert_eq!(people(line), [["山田", "y@x.jp", "good"]], "{line}");
    }
}

#[test]
fn commas_and_brackets_that_belong_to_a_name_stay_in_it() {
    assert_eq!(people("\"Yamada, Taro\" <y@x.jp>"), [["Yamada, Taro", "y@x.jp", "good"]]);
    assert_eq!(people("株式会社A, B\ty@x.jp"), [["株式会社A, B", "y@x.jp", "good"]]);
    assert_eq!(people("山田 太郎 (営業), y@x.jp"), [["山田 太郎 (営業)", "y@x.jp", "good"]]);
    assert_eq!(people("Pat, o'brien@x.com"), [["Pat", "o'brien@x.com", "good"]]);
}

#[test]
fn tables_lists_and_links_leave_nothing_at_a_name_or_an_address() {
    for (line, name, address) in [
        ("| 田中 太郎 | tanaka@example.com |", "田中 太郎", "tanaka@example.com"),
        ("|佐藤 花子|sato@example.com|", "佐藤 花子", "sato@example.com"),
        ("鈴木／suzuki@example.com", "鈴木", "suzuki@example.com"),
        ("高橋/takahashi@example.com", "高橋", "takahashi@example.com"),
        ("伊藤=ito@example.com", "伊藤", "ito@example.com"),
        ("小林|kobayashi@example.com", "小林", "kobayashi@example.com"),
        ("・渡辺 watanabe@example.com", "渡辺", "watanabe@example.com"),
        ("- 山本 yamamoto@example.com", "山本", "yamamoto@example.com"),
        ("* 山本 yamamoto@example.com", "山本", "yamamoto@example.com"),
        ("1. 中村 nakamura@example.com", "中村", "nakamura@example.com"),
        ("12) 中村 nakamura@example.com", "中村", "nakamura@example.com"),
        ("加藤 <mailto:kato@example.com>", "加藤", "kato@example.com"),
        ("[吉田](mailto:yoshida@example.com)", "吉田", "yoshida@example.com"),
        ("山田 yamada@example.com.", "山田", "yamada@example.com"),
        ("松本　matsumoto＠example.com", "松本", "matsumoto@example.com"),
        ("井上 'inoue@example.com'", "井上", "inoue@example.com"),
        ("**田中 太郎** tanaka@example.com", "田中 太郎", "tanaka@example.com"),
        ("- **田中**: tanaka@example.com", "田中", "tanaka@example.com"),
        ("__田中__ <tanaka@example.com>", "田中", "tanaka@example.com"),
        ("| **田中** | tanaka@example.com |", "田中", "tanaka@example.com"),
        ("| 田中 | [tanaka@example.com](mailto:tanaka@example.com) |", "田中", "tanaka@example.com"),
        ("【田中】tanaka@example.com", "田中", "tanaka@example.com"),
        ("「田中」 tanaka@example.com", "田中", "tanaka@example.com"),
        ("【営業】田中 tanaka@example.com", "【営業】田中", "tanaka@example.com"),
        ("■渡辺：watanabe@example.com", "渡辺", "watanabe@example.com"),
        ("●渡辺 <watanabe@example.com>", "渡辺", "watanabe@example.com"),
        ("①渡辺 watanabe@example.com", "渡辺", "watanabe@example.com"),
        ("（1）中村 nakamura@example.com", "中村", "nakamura@example.com"),
        ("(2) 中村 nakamura@example.com", "中村", "nakamura@example.com"),
        ("１．中村 nakamura@example.com", "中村", "nakamura@example.com"),
        ("1.中村\tnakamura@example.com", "中村", "nakamura@example.com"),
        ("・渡辺\twatanabe@example.com", "渡辺", "watanabe@example.com"),
        ("- 山本\tyamamoto@example.com", "山本", "yamamoto@example.com"),
        ("加藤\t<mailto:kato@example.com>", "加藤", "kato@example.com"),
        ("加藤 [kato@example.com](mailto:kato@example.com)", "加藤", "kato@example.com"),
        ("加藤 <mailto:kato@example.com|kato@example.com>", "加藤", "kato@example.com"),
        ("加藤\t[kato@example.com](mailto:kato@example.com)", "加藤", "kato@example.com"),
    ] {
        assert_eq!(people(line), [[name, address, "good"]], "{line}");
    }
    for (line, address) in [
        ("mailto:kobayashi@example.com", "kobayashi@example.com"),
        ("'inoue@example.com'", "inoue@example.com"),
    ] {
        assert_eq!(people(line), [["", address, "名前"]], "{line}");
    }
    assert_eq!(people("| --- | :-: |\n|---|"), Vec::<[String; 3]>::new());
    assert_eq!(
        people("佐々木 sasaki@example.com、山口 yamaguchi@example.com"),
        [["佐々木", "sasaki@example.com", "good"], ["山口", "yamaguchi@example.com", "good"]]
    );
}

#[test]
fn a_spreadsheet_quotes_cells_with_line_breaks_tabs_and_quotes() {
    let text = "\"田中\n太郎\"\ttanaka@example.com\r\n\"佐藤ビル \"\"北\"\" 支店\"\tsato@example.com\r\n\
                鈴木 花子\tsuzuki@example.com\n\t\r\n\"a\tb\"\tab@example.com\r\n";
    let expected = [
        ["田中 太郎", "tanaka@example.com", "good"],
        ["佐藤ビル \"北\" 支店", "sato@example.com", "good"],
        ["鈴木 花子", "suzuki@example.com", "good"],
        ["a b", "ab@example.com", "good"],
    ];
    assert_eq!(people(text), expected);
    let text = "\"田中\n太郎\",tanaka@example.com\r\n\"佐藤ビル \"\"北\"\" 支店\",sato@example.com\r\n\
                \"Yamada, Taro\",\"y@example.com\"\n鈴木 花子,\"suzuki@example.com\"\r\n";
    let expected = [
        ["田中 太郎", "tanaka@example.com", "good"],
        ["佐藤ビル \"北\" 支店", "sato@example.com", "good"],
        ["Yamada, Taro", "y@example.com", "good"],
        ["鈴木 花子", "suzuki@example.com", "good"],
    ];
    assert_eq!(people(text), expected);
    let deals = [name(), column("title", "内容", ColumnKind::Text, false), yen()];
    let rows =
        read("青葉,\"旋盤、3台\n(中古)\",\"1,200,000\"\n\"みどり\n(本社)\";\"5\"\" 管\";300\n", &deals);
    let values: Vec<&[String]> = rows.iter().map(|row| &row.values[..]).collect();
    assert_eq!(values, [["青葉", "旋盤、3台 (中古)", "1200000"], ["みどり (本社)", "5\" 管", "300"]]);
    // A quote that nothing ends is a sign like any other.
    assert_eq!(people("\"田中\ttanaka@example.com\n鈴木\tb@example.com").len(), 2);
}

#[test]
fn the_recipients_of_a_mail_are_a_row_each() {
    assert_eq!(
        people("山田 <a@x.jp>, 鈴木 <b@x.jp>; 佐藤 <c@x.jp>"),
        [["山田", "a@x.jp", "good"], ["鈴木", "b@x.jp", "good"], ["佐藤", "c@x.jp", "good"]]
    );
    assert_eq!(read("a@x.jp, b@x.jp", &[mail()]).len(), 2);
}

#[test]
fn what_is_missing_wrong_or_there_twice_is_said() {
    assert_eq!(people("y@x.jp"), [["", "y@x.jp", "名前"]]);
    assert_eq!(people("山田 y.x.jp"), [["山田 y.x.jp", "", "アドレス"]]);
    assert_eq!(
        people("山田 y@x.jp\n佐藤 Y@x.jp"),
        [["山田", "y@x.jp", "good"], ["佐藤", "Y@x.jp", "double"]]
    );
    // A row that is wrong itself makes no other one a double.
    let verdicts: Vec<String> =
        people("y@x.jp\n山田 y@x.jp").into_iter().map(|[.., verdict]| verdict).collect();
    assert_eq!(verdicts, ["名前", "good"]);
    assert_eq!(read("山田\ty@x.jp\t部長", &[name(), mail()])[0].wrong, Some(1));
}

#[test]
fn numbers_come_in_any_width_with_their_commas() {
    for line in ["商談\t1,200", "商談,\"1,200\"", "商談、１２００", "商談\t¥1,200"] {
        let expected =
            Row {
                line: line.into(), values: vec!["商談".into(), "1200".into()], wrong: None, double: false
            };
        assert_eq!(read(line, &[name(), yen()]), [expected], "{line}");
    }
    assert_eq!(read("商談\t多い", &[name(), yen()])[0].wrong, Some(1));
    for (text, fits) in
        [("-1.5", true), ("2e6", true), (".5", true), ("5.", true), ("1.2.3", false), ("e6", false)]
    {
        assert_eq!(read(text, &[yen()])[0].wrong.is_none(), fits, "{text}");
    }
}

#[test]
fn w6_amounts_are_read_as_people_write_them() {
    let of = |text: &str| {
        let rows = read(&format!("商談\t{text}"), &[name(), yen()]);
        rows[0].wrong.is_none().then(|| rows[0].values[1].clone())
    };
    for (text, value) in [
        ("1,200円", "1200"),
        ("¥1,200", "1200"),
        ("￥１，２００", "1200"),
        ("１，２００，０００ 円", "1200000"),
        ("\\1,200", "1200"),
        ("JPY 1,200", "1200"),
        ("1,200 yen", "1200"),
        ("120万円", "1200000"),
        ("１２０万", "1200000"),
        ("1.5万円", "15000"),
        ("1億2,000万円", "120000000"),
        ("2千万", "20000000"),
        ("1.5千万", "15000000"),
        ("3億5", "300000005"),
        ("-1,200", "-1200"),
        ("－１，２００円", "-1200"),
        ("−1,200", "-1200"),
        ("▲1,200円", "-1200"),
        ("△5万", "-50000"),
        ("¥-1,200", "-1200"),
        ("-¥1,200", "-1200"),
        ("(1,200)", "-1200"),
        ("（￥1,200）", "-1200"),
        ("+1,200.50", "1200.50"),
        ("0", "0"),
    ] {
        assert_eq!(of(text).as_deref(), Some(value), "{text}");
    }
    // What could mean another number, or another currency, is for the person to decide.
    for text in [
        "三十万円",
        "未定",
        "1,5",
        "12,00",
        ",200",
        "1,200,",
        "$1,200",
        "万円",
        "円",
        "-",
        "()",
        "1..2",
        "5万+3",
        "--5",
        "1.23456万",
        "99999999999999億",
        "10%",
        "1 or 2",
    ] {
        assert_eq!(of(text), None, "{text}");
    }
}

#[test]
fn w6_commas_of_an_amount_divide_no_cells_where_other_signs_do() {
    let columns = [name(), column("title", "内容", ColumnKind::Text, false), yen()];
    for line in
        ["青葉、工作機械、1,200,000円", "青葉, 工作機械, 1,200,000", "青葉；工作機械；￥１，２００，０００"]
    {
        assert_eq!(read(line, &columns)[0].values, ["青葉", "工作機械", "1200000"], "{line}");
        assert_eq!(read(line, &columns)[0].wrong, None, "{line}");
    }
    assert_eq!(read("青葉,5,300,", &columns)[0].values, ["青葉", "5", "300"]);
    // One amount or two numbers: nobody can say.
    assert_eq!(read("青葉,100,200", &[name(), yen()])[0].wrong, Some(1));
}

#[test]
fn w6_a_head_line_is_known_in_other_words_than_the_labels() {
    let deals = [name(), column("title", "内容", ColumnKind::Text, false), yen()];
    for head in [
        "会社名\t案件\t金額",
        "取引先,件名,見込み金額（税抜）",
        "得意先、品名、単価",
        "Company\tDescription\tAmount",
        "Account Name,Opportunity,Deal size",
        "顧客\t商談\tＡＭＯＵＮＴ (JPY)",
        "| 会社 | 内容 | 受注額 |",
        "名前\t内容\t金額 (円)",
        "\u{feff}会社名,内容,売上",
    ] {
        let rows = read(&format!("{head}\n青葉\t旋盤\t30万円"), &deals);
        assert_eq!(rows.len(), 1, "{head}");
        assert_eq!(rows[0].values, ["青葉", "旋盤", "300000"], "{head}");
    }
    for head in
        ["氏名\tメール", "Name,E-mail", "名前 メールアドレス", "Full name\tWork email address", "担当\tMail"]
    {
        assert_eq!(people(&format!("{head}\n山田\ty@x.jp")), [["山田", "y@x.jp", "good"]], "{head}");
    }
}

#[test]
fn w6_a_line_with_a_mistake_is_no_head() {
    let deals = [name(), column("title", "内容", ColumnKind::Text, false), yen()];
    for line in [
        "青葉\t旋盤\t未定",
        "青葉\t旋盤\t三十万円",
        "青葉\t見積金額\t多い",
        "青葉\t見積金額\t5",
        "青葉\t旋盤\t",
    ] {
        assert_eq!(read(&format!("{line}\nみどり\t保守\t5"), &deals).len(), 2, "{line}");
    }
    for line in
        ["山田\tyamada.gmail.com", "山田\tなし", "yamada gmail", "メール係, y@x.jp", "山田 y＠x アドレス"]
    {
        assert_eq!(people(&format!("{line}\n佐藤\ts@x.jp")).len(), 2, "{line}");
    }
}

#[test]
fn columns_keep_their_places_when_a_cell_is_empty() {
    let role = column("role", "役割", ColumnKind::Text, false);
    let team = column("team", "部署", ColumnKind::Text, true);
    assert_eq!(read("\t山田\t部長", &[team, name(), role.clone()])[0].values, ["", "山田", "部長"]);
    let between = [name(), Column { optional: true, ..role }, mail()];
    assert_eq!(read("山田, y@x.jp", &between)[0].values, ["山田", "", "y@x.jp"]);
}

#[test]
fn heads_and_empty_lines_are_no_rows() {
    assert_eq!(people("名前\tアドレス\n\n山田\ty@x.jp\n"), [["山田", "y@x.jp", "good"]]);
    assert_eq!(people("山田\ty@x.jp\r\n\r\n"), [["山田", "y@x.jp", "good"]]);
}

/// A person's name as it may stand in a list: no sign that divides cells or wraps an address.
fn some_name() -> impl Strategy<Value = String> {
    "[山田太郎佐藤鈴木ーA-Za-z]{1,6}( [花子一郎A-Za-z]{1,6})?"
}

fn some_address() -> impl Strategy<Value = String> {
    "[a-z0-9][a-z0-9.+_-]{0,8}[a-z0-9]@[a-z0-9]{1,8}(\\.[a-z]{2,4}){1,2}"
}

#[test]
fn a_quote_without_a_twin_stays_one_when_its_row_is_put_back() {
    let columns = [name(), mail()];
    for text in ["\"\t\">\"\t\"\t", "\"a\t\"b\"\t\"c", "\"\"\"\t\"", "|\"|a|\"|"] {
        let rows = read(text, &columns);
        let lines: Vec<&str> = rows.iter().map(|row| row.line.as_str()).collect();
        assert_eq!(read(&lines.join("\n"), &columns), rows, "{text:?}");
    }
}

/// Signs that mean something to the parser, and some that do not.
fn anything() -> impl Strategy<Value = String> {
    "[山a@＠.．,、;；\"'<>()（） \u{3000}\t\n:：。0-9０-９-]{0,60}"
}

fn full(text: &str) -> String {
    text.chars()
        .map(|sign| {
            char::from_u32(u32::from(sign) + 0xfee0).filter(|_| sign.is_ascii_graphic()).unwrap_or(sign)
        })
        .collect()
}

proptest! {
    #[test]
    fn a_person_is_read_whatever_stands_between_name_and_address(name in some_name(), address in some_address()) {
        let forms = [
            format!("{name}\t{address}"), format!("{name}, {address}"), format!("{name}、{address}"),
            format!("{name} <{address}>"), format!("\"{name}\" <{address}>"), format!("{address} {name}"),
            format!("{name}（{address}）"), format!("{name}　{}", full(&address)),
        ];
        for form in forms {
            prop_assert_eq!(people(&form), vec![[name.clone(), address.clone(), "good".to_owned()]], "{}", form);
        }
    }

    #[test]
    fn recipients_are_as_many_rows_as_there_are_addresses(people in prop::collection::vec((some_name(), some_address()), 1..6)) {
        let line: Vec<String> = people.iter().map(|(name, address)| format!("{name} <{address}>")).collect();
        let rows = read(&line.join(", "), &[name(), mail()]);
        let values: Vec<(String, String)> = rows.into_iter().map(|row| (row.values[0].clone(), row.values[1].clone())).collect();
        prop_assert_eq!(values, people);
    }

    #[test]
    fn every_row_has_a_value_for_each_column(text in anything()) {
        for columns in [vec![mail()], vec![name(), mail()], vec![name(), yen(), mail()], vec![name()]] {
            for row in read(&text, &columns) {
                prop_assert_eq!(row.values.len(), columns.len());
                prop_assert!(row.wrong.is_none_or(|at| at < columns.len()));
                prop_assert!(!row.line.contains('\n') && !row.line.is_empty());
                // What counts as right has its value, and an address that is one.
                if row.wrong.is_none() {
                    prop_assert!(row.values.iter().all(|value| !value.is_empty()));
                }
            }
        }
    }

    /// What was refused is put back into the field, line by line, to be corrected.
    #[test]
    fn rows_that_are_put_back_are_read_as_before(text in anything()) {
        let columns = [name(), mail()];
        let rows = read(&text, &columns);
        let lines: Vec<&str> = rows.iter().map(|row| row.line.as_str()).collect();
        prop_assert_eq!(read(&lines.join("\n"), &columns), rows);
    }

    #[test]
    fn an_address_counts_once(address in some_address(), name in some_name()) {
        let line = format!("{name} {address}");
        let rows = read(&format!("{line}\n{}\n{line}", line.to_uppercase()), &[column("name", "n", ColumnKind::Text, false), mail()]);
        prop_assert_eq!(rows.iter().map(|row| row.double).collect::<Vec<_>>(), [false, true, true]);
    }
}
