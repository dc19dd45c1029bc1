//! Deals as people have them in a spreadsheet: the head line is passed over, and what cannot be read is named.

use std::borrow::Cow;

use encoding_rs::SHIFT_JIS;

use crate::book::Deal;
use crate::text::Language;

/// How people head the columns.
const HEADS: [&str; 8] = ["会社", "会社名", "顧客", "取引先", "金額", "company", "customer", "amount"];

/// The text of a file as spreadsheets save it in Japan: UTF-8, or Shift_JIS; none for anything else.
pub fn decoded(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let utf_8 = std::str::from_utf8(bytes).ok().map(Cow::Borrowed);
    utf_8.or_else(|| SHIFT_JIS.decode_without_bom_handling_and_without_replacement(bytes))
}

/// Reads the lines of a file; gives the deals, and a sentence for each line that is none.
pub fn read_csv(text: &str, stages: &[String], language: Language) -> (Vec<Deal>, Vec<String>) {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let (mut deals, mut problems) = (Vec::new(), Vec::new());
    for (at, line) in reader.records().enumerate() {
        let line = line.unwrap_or_default();
        let cell = |at: usize| line.get(at).unwrap_or_default().trim_start_matches('\u{feff}').trim();
        let is_head = |cell: &str| HEADS.iter().any(|head| cell.to_lowercase().starts_with(head));
        // A customer may be called "Company A"; a head has no amount.
        if at == 0 && yen(cell(2)).is_none() && (is_head(cell(0)) || is_head(cell(2))) {
            continue;
        }
        match read([0, 1, 2, 3].map(cell), stages, language) {
            Ok(deal) => deals.push(deal),
            Err((_, problem)) => {
                problems.push(format!("{}{}{problem}", at + 1, language.say("行目：", ": ")));
            }
        }
    }
    (deals, problems)
}

/// Reads one deal from company, description, amount and stage; an error names the field and says what to do.
pub fn read(
    [company, title, amount, stage]: [&str; 4],
    stages: &[String],
    language: Language,
) -> Result<Deal, (&'static str, String)> {
    let say = |ja, en| language.say(ja, en);
    if company.is_empty() {
        return Err(("company", say("会社が空です。", "the company is missing.").into()));
    }
    if title.is_empty() {
        return Err(("title", say("内容が空です。", "the description is missing.").into()));
    }
    let Some(yen) = yen(amount) else {
        let (open, close) = (
            say("金額「", "write the amount “"),
            say("」を、300000のように数字で書いてください。", "” in digits, like 300000."),
        );
        return Err(("yen", format!("{open}{amount}{close}")));
    };
    let stage = stages.iter().find(|known| *known == stage).or(stages.first()).cloned().unwrap_or_default();
    Ok(Deal { company: company.into(), title: title.into(), yen, stage })
}

/// An amount as people write it: with a sign, commas, full width, or 円 behind it.
fn yen(text: &str) -> Option<u64> {
    let narrow = |letter: char| match letter {
        '０'..='９' => char::from_u32(letter as u32 - '０' as u32 + '0' as u32).unwrap_or(letter),
        _ => letter,
    };
    let digits: String = text.chars().map(narrow).filter(|letter| !"¥￥,，円 　".contains(*letter)).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_lines(text: &str) -> (Vec<u64>, Vec<String>) {
        let stages = ["初回訪問".to_owned(), "受注".to_owned()];
        let (deals, problems) = read_csv(text, &stages, Language::Japanese);
        (deals.into_iter().map(|deal| deal.yen).collect(), problems)
    }

    #[test]
    fn a_head_line_is_no_deal_and_amounts_are_read_as_people_write_them() {
        let file = "\u{feff}会社名,内容,金額,段階\nA社,見積,\"¥300,000\",受注\nB社,提案,３００円\n";
        assert_eq!(read_lines(file), (vec![300_000, 300], vec![]));
        assert_eq!(read_lines("A社,見積,1\n"), (vec![1], vec![]), "without a head line");
        assert_eq!(read_lines("Company A,Lathe,1\n"), (vec![1], vec![]), "a customer of that name");
    }

    #[test]
    fn a_file_is_read_in_the_encoding_that_spreadsheets_save() {
        let (shift_jis, _, _) = SHIFT_JIS.encode("会社,内容,金額\n青葉商事,旋盤,５円\n");
        let text = decoded(&shift_jis).expect("Shift_JIS is read");
        assert_eq!(read_lines(&text), (vec![5], vec![]));
        assert_eq!(decoded(b"PK\x03\x04\xff\xfe\x80"), None, "a workbook is no CSV file");
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let (deals, problems) = read_lines("A社,見積,三十万円\nB社,,5\n,提案,5\nC社,提案,5\n");
        assert_eq!(deals, [5]);
        assert_eq!(
            problems,
            [
                "1行目：金額「三十万円」を、300000のように数字で書いてください。",
                "2行目：内容が空です。",
                "3行目：会社が空です。",
            ]
        );
    }
}
