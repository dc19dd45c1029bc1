//! Deals as people have them in a spreadsheet: the head line is passed over, and what cannot be read is named.

use crate::book::Deal;
use crate::text::Language;

/// How people head the columns.
const HEADS: [&str; 8] = ["会社", "会社名", "顧客", "取引先", "金額", "company", "customer", "amount"];

/// Reads the lines of a file; gives the deals, and a sentence for each line that is none.
pub fn read_csv(bytes: &[u8], stages: &[String], language: Language) -> (Vec<Deal>, Vec<String>) {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    let (mut deals, mut problems) = (Vec::new(), Vec::new());
    for (at, line) in reader.records().enumerate() {
        let line = line.unwrap_or_default();
        let cell = |at: usize| line.get(at).unwrap_or_default().trim_start_matches('\u{feff}').trim();
        let is_head = |cell: &str| HEADS.iter().any(|head| cell.to_lowercase().starts_with(head));
        if at == 0 && (is_head(cell(0)) || is_head(cell(2))) {
            continue;
        }
        match read(cell(0), cell(1), cell(2), cell(3), stages, language) {
            Ok(deal) => deals.push(deal),
            Err(problem) => {
                problems.push(format!("{}{}{problem}", at + 1, language.say("行目：", ": ")));
            }
        }
    }
    (deals, problems)
}

/// Reads one deal; an error names the field and says what to do.
pub fn read(
    company: &str,
    title: &str,
    amount: &str,
    stage: &str,
    stages: &[String],
    language: Language,
) -> Result<Deal, String> {
    let say = |ja, en| language.say(ja, en);
    if company.is_empty() {
        return Err(say("会社が空です。", "the company is missing.").into());
    }
    if title.is_empty() {
        return Err(say("内容が空です。", "the description is missing.").into());
    }
    let Some(yen) = yen(amount) else {
        let (open, close) = (
            say("金額「", "write the amount “"),
            say("」を、300000のように数字で書いてください。", "” in digits, like 300000."),
        );
        return Err(format!("{open}{amount}{close}"));
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
        let (deals, problems) = read_csv(text.as_bytes(), &stages, Language::Japanese);
        (deals.into_iter().map(|deal| deal.yen).collect(), problems)
    }

    #[test]
    fn a_head_line_is_no_deal_and_amounts_are_read_as_people_write_them() {
        let file = "\u{feff}会社名,内容,金額,段階\nA社,見積,\"¥300,000\",受注\nB社,提案,３００円\n";
        assert_eq!(read_lines(file), (vec![300_000, 300], vec![]));
        assert_eq!(read_lines("A社,見積,1\n"), (vec![1], vec![]), "without a head line");
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
