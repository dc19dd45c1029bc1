//! Proxies as people put them in front of a collector: from Debian, with the few lines that each needs to start.

use std::fs;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::port::own_port;
use crate::stack::answers_to;

/// Which proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proxy {
    /// nginx with `proxy_pass` and nothing else.
    Nginx,
    /// nginx that speaks HTTP/2 (RFC 9113) with its clients, here without TLS.
    NginxHttp2,
    /// nginx that is set to hold answers back, whatever they ask for.
    NginxThatBuffers,
    /// Caddy with `reverse_proxy` and nothing else.
    Caddy,
    /// HAProxy with the times of Debian's own configuration.
    Haproxy,
}

/// A running proxy in front of a collector. Dropping it stops it.
pub struct ReverseProxy {
    running: Child,
    _folder: TempDir,
    /// The collector's address through it.
    pub url: String,
}

impl Drop for ReverseProxy {
    fn drop(&mut self) {
        // nginx has a process of its own for the work, which ends with it when it is asked to.
        let _ = Command::new("kill").arg(self.running.id().to_string()).status();
        let _ = self.running.wait();
    }
}

impl Proxy {
    /// Starts it in front of a collector, which is found below `path` (`/help`, or empty), and waits until it answers.
    pub async fn before(self, collector: &str, path: &str) -> Result<ReverseProxy> {
        let folder = tempfile::tempdir()?;
        let port = own_port()?;
        let (file, at) = (folder.path().join("config"), folder.path().display().to_string());
        let to = collector.trim_start_matches("http://");
        fs::write(&file, self.config(port, to, path, &at))?;
        let config = file.display().to_string();
        let (program, arguments) = match self {
            Self::Nginx | Self::NginxHttp2 | Self::NginxThatBuffers => {
                ("/usr/sbin/nginx", vec!["-p", &at, "-c", &config])
            }
            Self::Caddy => ("/usr/bin/caddy", vec!["run", "--adapter", "caddyfile", "--config", &config]),
            Self::Haproxy => ("/usr/sbin/haproxy", vec!["-db", "-f", &config]),
        };
        let mut command = Command::new(program);
        command.args(arguments).env("HOME", folder.path()).stdout(Stdio::null()).stderr(Stdio::null());
        let running = command.spawn().with_context(|| {
            format!(
                "{program} is missing: `cargo xtask test` installs the Debian package, or apt-get install it"
            )
        })?;
        let proxy = ReverseProxy { running, _folder: folder, url: format!("http://127.0.0.1:{port}{path}") };
        let mut client = reqwest::Client::builder();
        if self == Self::NginxHttp2 {
            // Who asks has to speak it from the first byte.
            client = client.http2_prior_knowledge();
        }
        answers_to(&client.build()?, &format!("{}/health/live", proxy.url)).await?;
        Ok(proxy)
    }

    fn config(self, port: u16, to: &str, path: &str, folder: &str) -> String {
        match self {
            Self::Nginx => nginx(port, to, path, folder, ""),
            Self::NginxHttp2 => {
                nginx(port, to, path, folder, "").replace(&format!(":{port};"), &format!(":{port} http2;"))
            }
            Self::NginxThatBuffers => {
                nginx(port, to, path, folder, "proxy_ignore_headers X-Accel-Buffering;")
            }
            Self::Caddy => format!(
                "{{\n admin off\n}}\nhttp://127.0.0.1:{port} {{\n handle_path {path}/* {{\n  reverse_proxy {to}\n }}\n}}\n"
            ),
            Self::Haproxy => format!(
                "defaults\n mode http\n timeout connect 5000\n timeout client 50000\n timeout server 50000\n\
                 frontend all\n bind 127.0.0.1:{port}\n use_backend tabiji if {{ path_beg {path}/ }}\n\
                 backend tabiji\n http-request replace-path {path}(/.*) \\1\n server one {to}\n"
            ),
        }
    }
}

fn nginx(port: u16, to: &str, path: &str, folder: &str, more: &str) -> String {
    let kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    let rooms: String = kinds.iter().map(|kind| format!("{kind}_temp_path {folder}/{kind};\n")).collect();
    // A slash behind the address takes the path away.
    let slash = if path.is_empty() { "" } else { "/" };
    // Its worker may write where this test may; it says so where it is not root.
    format!(
        "daemon off;\nuser root;\nworker_processes 1;\npid {folder}/pid;\nerror_log {folder}/error.log;\nevents {{}}\n\
         http {{\naccess_log off;\n{rooms}server {{\nlisten 127.0.0.1:{port};\n{more}\n\
         location {path}/ {{ proxy_pass http://{to}{slash}; }}\n}}\n}}\n"
    )
}
