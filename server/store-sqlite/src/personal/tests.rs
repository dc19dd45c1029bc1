//! Every table and column is described in the data dictionary, and every table about people is reached by an erasure.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;

use super::tables::{BESIDE, OF_ACCOUNT, OF_PERSON};
use crate::connection::migrations::migrations::runner;

/// The tables of the data dictionary: columns, and whether an erasure reaches the table.
fn described() -> BTreeMap<String, (BTreeSet<String>, bool)> {
    let page = include_str!("../../../../docs/data-dictionary.md");
    let section = page.split("## In the collector").nth(1).unwrap().split("\n## ").next().unwrap();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `"));
    let row = |line: &str| {
        let (table, rest) = line.split_once("` |").unwrap();
        let mut cells = rest.split(" | ");
        let (columns, _, erasure) = (cells.next().unwrap(), cells.next(), cells.next().unwrap());
        let columns = columns.split('`').skip(1).step_by(2).map(str::to_owned).collect();
        (table.to_owned(), (columns, !erasure.trim_end_matches(['|', ' ']).trim().starts_with('–')))
    };
    rows.map(row).collect()
}

/// The tables of the schema, with their columns.
fn declared() -> BTreeMap<String, BTreeSet<String>> {
    let mut db = Connection::open_in_memory().unwrap();
    runner().run(&mut db).unwrap();
    let mut query = db
        .prepare(
            "SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c
             WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND t.name NOT LIKE 'refinery%'",
        )
        .unwrap();
    let mut tables: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let rows = query.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))).unwrap();
    for row in rows {
        let (table, column) = row.unwrap();
        tables.entry(table).or_default().insert(column);
    }
    tables
}

#[test]
fn s21_every_table_and_column_is_in_the_data_dictionary() {
    let described: BTreeMap<_, _> =
        described().into_iter().map(|(table, (columns, _))| (table, columns)).collect();
    assert_eq!(described, declared(), "docs/data-dictionary.md, left, is not what the migrations make");
}

#[test]
fn s24_an_erasure_reaches_every_table_about_people() {
    let reached: BTreeSet<&str> = [&OF_PERSON[..], &OF_ACCOUNT, &BESIDE].concat().into_iter().collect();
    let described = described();
    let said: BTreeSet<&str> =
        described.iter().filter(|(_, (_, erased))| *erased).map(|(table, _)| table.as_str()).collect();
    assert_eq!(said, reached, "the dictionary, left, and the erasure name other tables");
    // A column that names a person or an account cannot stand in a table that no erasure reaches.
    for (table, columns) in declared() {
        let names_somebody =
            ["user", "account", "owner", "author"].iter().any(|name| columns.contains(*name));
        assert!(!names_somebody || reached.contains(table.as_str()) || table == "projected", "{table}");
    }
}
