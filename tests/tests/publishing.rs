//! Publishing to a collector behind TLS: a certificate of one's own authority, and where the secret key never goes.

use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use tabiji_tests::{Stack, binary, demo_flow};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

/// Whatever was sent to a listener.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<u8>>>);

impl Seen {
    fn add(&self, bytes: &[u8]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(bytes);
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }
}

/// What a listener does with a request.
#[derive(Clone)]
enum Then {
    /// It passes everything on to this address, as a proxy does.
    PassOn(String),
    /// It gives this answer.
    Answer(String),
}

/// Starts a listener; returns its port and what is sent to it.
async fn listener(tls: Option<TlsAcceptor>, then: Then) -> Result<(u16, Seen)> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let (port, seen) = (listener.local_addr()?.port(), Seen::default());
    let theirs = seen.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (tls, then, seen) = (tls.clone(), then.clone(), theirs.clone());
            tokio::spawn(async move {
                match tls {
                    Some(tls) => serve(tls.accept(stream).await?, then, seen).await,
                    None => serve(stream, then, seen).await,
                }
            });
        }
    });
    Ok((port, seen))
}

async fn serve<S: AsyncRead + AsyncWrite + Unpin>(
    mut client: S,
    then: Then,
    seen: Seen,
) -> std::io::Result<()> {
    let mut piece = vec![0; 64 * 1024];
    match then {
        Then::PassOn(to) => {
            let mut collector = TcpStream::connect(to).await?;
            let mut answer = vec![0; 64 * 1024];
            loop {
                tokio::select! {
                    length = client.read(&mut piece) => match length? {
                        0 => return Ok(()),
                        length => {
                            seen.add(&piece[..length]);
                            collector.write_all(&piece[..length]).await?;
                        }
                    },
                    length = collector.read(&mut answer) => match length? {
                        0 => return client.shutdown().await,
                        length => client.write_all(&answer[..length]).await?,
                    },
                }
            }
        }
        Then::Answer(answer) => {
            let length = client.read(&mut piece).await?;
            seen.add(&piece[..length]);
            client.write_all(answer.as_bytes()).await?;
            client.shutdown().await
        }
    }
}

/// Makes an authority, writes its certificate, and returns what answers as `localhost` with a certificate of it.
fn private_authority(file: &Path) -> Result<TlsAcceptor> {
    let mut authority = CertificateParams::new(Vec::new())?;
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let (authority_key, key) = (KeyPair::generate()?, KeyPair::generate()?);
    std::fs::write(file, authority.self_signed(&authority_key)?.pem())?;
    let issuer = Issuer::new(authority, authority_key);
    let certificate = CertificateParams::new(vec!["localhost".to_owned()])?.signed_by(&key, &issuer)?;
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivateKeyDer::Pkcs8(key.serialize_der().into()),
        )?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// Runs `tabiji` with the site's secret key; returns whether it succeeded, and what it printed.
fn tabiji(stack: &Stack, arguments: &[&str], variable: (&str, &str)) -> Result<(bool, String)> {
    let mut command = Command::new(binary("tabiji")?);
    command.args(arguments).env("TABIJI_SECRET_KEY", stack.key("secret_key")).env_remove("SSL_CERT_FILE");
    let done = command.env(variable.0, variable.1).output()?;
    let printed = [done.stdout, done.stderr].concat();
    Ok((done.status.success(), String::from_utf8(printed)?))
}

const NONE: (&str, &str) = ("TABIJI_LOG", "warn");

#[tokio::test(flavor = "multi_thread")]
async fn s11_publishing_works_over_tls_and_the_key_goes_nowhere_else() -> Result<()> {
    let (stack, _) = Stack::start(1).await?;
    let key = stack.key("secret_key").to_owned();
    let files = tempfile::tempdir()?;
    let (ca, desk) = (files.path().join("ca.pem"), files.path().join("desk.toml"));
    std::fs::write(&desk, "zone = \"Asia/Tokyo\"\n")?;
    let tls = private_authority(&ca)?;
    let collector = stack.url().trim_start_matches("http://").to_owned();
    let (port, seen) = listener(Some(tls.clone()), Then::PassOn(collector.clone())).await?;
    let (flow, ca, url) = (demo_flow(), ca.display().to_string(), format!("https://localhost:{port}"));
    let flow = flow.to_str().context("a path")?;

    // Without the authority nothing is sent.
    let (published, said) = tabiji(&stack, &["publish", flow, "--url", &url], NONE)?;
    assert!(!published && said.contains("does not trust") && said.contains("--ca FILE"), "{said}");
    assert!(!said.contains("is the collector running"), "{said}");
    assert_eq!(seen.text(), "", "a certificate that nobody vouches for");
    let (published, said) = tabiji(&stack, &["publish", flow, "--url", &url, "--ca", &ca], NONE)?;
    assert!(published && seen.text().contains(&key), "{said}");
    let desk = desk.display().to_string();
    for (arguments, variable) in [
        (&["desk", "publish", &desk, "--url", &url, "--ca", &ca][..], NONE),
        (&["publish", flow, "--url", &url], ("TABIJI_CA", ca.as_str())),
        (&["publish", flow, "--url", &url], ("SSL_CERT_FILE", &ca)),
    ] {
        let (published, said) = tabiji(&stack, arguments, variable)?;
        assert!(published, "{arguments:?}: {said}");
    }

    // A redirect is named and not followed, wherever it leads.
    let (trap_port, trap) = listener(Some(tls.clone()), Then::PassOn(collector.clone())).await?;
    for status in ["301 Moved Permanently", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let there = format!("https://localhost:{trap_port}/v1/flows/setup");
        let answer = format!("HTTP/1.1 {status}\r\nlocation: {there}\r\ncontent-length: 0\r\n\r\n");
        for secure in [true, false] {
            let (port, _) = listener(secure.then(|| tls.clone()), Then::Answer(answer.clone())).await?;
            let url =
                if secure { format!("https://localhost:{port}") } else { format!("http://127.0.0.1:{port}") };
            let (published, said) = tabiji(&stack, &["publish", flow, "--url", &url, "--ca", &ca], NONE)?;
            assert!(!published && said.contains(&format!("leads to {there}")), "{status}: {said}");
        }
    }
    assert_eq!(trap.text(), "", "no redirect is followed");

    // Over plain HTTP the key leaves this machine neither by itself nor by a proxy.
    let (proxy_port, proxy) = listener(None, Then::PassOn(collector)).await?;
    let through = format!("http://127.0.0.1:{proxy_port}");
    let (published, said) =
        tabiji(&stack, &["publish", flow, "--url", "http://help.example.com"], ("http_proxy", &through))?;
    assert!(!published && said.contains("over plain HTTP"), "{said}");
    let (published, said) =
        tabiji(&stack, &["publish", flow, "--url", &stack.url()], ("http_proxy", &through))?;
    assert!(published, "{said}");
    assert_eq!(proxy.text(), "", "what is on this machine is asked without a proxy");
    Ok(())
}
