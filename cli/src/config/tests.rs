//! Which value counts, and where it comes from.

use super::*;

#[test]
fn an_unknown_key_is_named_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tabiji.toml");
    std::fs::write(&file, "port = 7700\nprot = 1\n").unwrap();
    let flags = Flags { config: Some(file), ..Flags::default() };
    let error = format!("{:#}", load(&flags, &ServeFlags::default()).unwrap_err());
    assert!(error.contains("line 2") && error.contains("unknown field `prot`"), "{error}");
}

#[test]
fn a_public_url_that_no_browser_could_open_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let flags = Flags { data: Some(folder.path().into()), ..Flags::default() };
    let with = |url: &str| ServeFlags { public_url: Some(url.to_owned()), ..ServeFlags::default() };
    for bad in [
        "foo",
        "localhost:7600",
        "ftp://a.example",
        "https://",
        "https://a.example?x",
        "https://a.example/a;b",
        "https://a.example/a&b",
    ] {
        let error = load(&flags, &with(bad)).unwrap_err().to_string();
        assert!(error.contains(bad) && error.contains("such as https://"), "{error}");
    }
    for (given, expected) in [
        ("https://a.example/tabiji/", "https://a.example/tabiji"),
        (" HTTPS://A.Example ", "https://a.example"),
        ("https://a.example:443", "https://a.example"),
        ("http://日本.example", "http://xn--wgv71a.example"),
    ] {
        let config = load(&flags, &with(given)).unwrap();
        assert_eq!(config.public_url, expected);
        assert_eq!(config.is_https(), expected.starts_with("https"), "{given}");
    }
}

#[test]
fn flags_win_over_the_file() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("tabiji.toml"), "port = 7700\nhost = \"0.0.0.0\"\n").unwrap();
    let flags = Flags { data: Some(folder.path().into()), ..Flags::default() };
    let serve = ServeFlags { port: Some(1), ..ServeFlags::default() };
    let config = load(&flags, &serve).unwrap();
    assert_eq!((config.port, config.host.as_str()), (1, "0.0.0.0"));
    assert_eq!(config.public_url, "http://127.0.0.1:1");
}

#[test]
fn a_command_beside_the_collector_knows_where_that_listens() {
    let folder = tempfile::tempdir().unwrap();
    let flags = Flags { data: Some(folder.path().into()), ..Flags::default() };
    let url = |serve: &ServeFlags| beside(&flags, serve).unwrap().public_url;
    assert_eq!(url(&ServeFlags::default()), "http://127.0.0.1:7600", "none was ever started");
    std::fs::write(folder.path().join("tabiji.lock"), "17\nhttp://127.0.0.1:7950\n").unwrap();
    assert_eq!(url(&ServeFlags::default()), "http://127.0.0.1:7950");
    assert_eq!(url(&ServeFlags { port: Some(1), ..ServeFlags::default() }), "http://127.0.0.1:1");
    std::fs::write(folder.path().join("tabiji.toml"), "public_url = \"https://a.example\"\n").unwrap();
    assert_eq!(url(&ServeFlags::default()), "https://a.example", "what an operator chose counts");
}

#[test]
fn each_value_is_printed_with_where_it_comes_from() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tabiji.toml");
    std::fs::write(&file, "chat = false\n[limits]\nhorizon_days = 7\n").unwrap();
    let flags = Flags { config: Some(file.clone()), ..Flags::default() };
    let printed = explained(&flags, &ServeFlags { port: Some(7950), ..ServeFlags::default() }).unwrap();
    let line =
        |start: &str| printed.lines().find(|line| line.starts_with(start)).unwrap_or_default().to_owned();
    assert!(line("port = 7950").ends_with("# flag --port"), "{printed}");
    assert!(line("host =").ends_with("# default"), "{printed}");
    assert!(line("chat = false").ends_with(&format!("# {}", file.display())), "{printed}");
    assert!(line("horizon_days = 7").ends_with(&format!("# {}", file.display())), "{printed}");
    assert!(line("files_mib").ends_with("# default"), "{printed}");
    assert!(line("public_url = \"http://127.0.0.1:7950\"").ends_with("# from host and port"), "{printed}");
    toml::from_str::<Config>(&printed).expect("it is a configuration file");
}
