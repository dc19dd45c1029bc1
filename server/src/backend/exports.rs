//! `GET /v1/export/{events,accounts,steps}?after=CURSOR`: what was collected, a page at a time. The header
//! `Tabiji-After` is the cursor of the next page; it is missing at the end.

use std::cmp::Ordering;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use protocol::ids::AccountId;
use schemars::JsonSchema;
use serde::Deserialize;
use store::{Mark, Site, StepPlace};

use crate::app::App;
use crate::auth::HostBackend;
use crate::exports::{AccountLine, EventLine, Format, Line, StepLine, Writer};
use crate::http::{Path, Query, Refusal};

/// Rows of one page.
const PAGE: usize = 1000;
/// The header with the cursor of the next page.
const AFTER: &str = "tabiji-after";
/// The media type of Parquet, as it is registered.
pub const PARQUET: &str = "application/vnd.apache.parquet";

/// What is exported.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Every record of the journal.
    Events,
    /// Every account.
    Accounts,
    /// Every transition of an account.
    Steps,
}

/// Where to go on.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct PageQuery {
    #[serde(default)]
    after: String,
}

/// Returns a page in the format that the caller accepts: CSV, Parquet, or else NDJSON.
///
/// # Errors
/// `Malformed` for a cursor that is none, or that the journal does not have.
pub async fn get(
    State(app): State<App>,
    HostBackend { site, .. }: HostBackend,
    Path(kind): Path<Kind>,
    Query(PageQuery { after }): Query<PageQuery>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let format = accepted(&headers);
    let page = match kind {
        Kind::Events => events(&app, &site, &after, format).await,
        Kind::Accounts => accounts(&app, &site, after, format).await,
        Kind::Steps => steps(&app, &site, &after, format).await,
    }?;
    app.security.note_export(site.id).await;
    Ok(page)
}

fn accepted(headers: &HeaderMap) -> Format {
    let accepts = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if accepts.contains("text/csv") {
        Format::Csv
    } else if accepts.contains(PARQUET) {
        Format::Parquet
    } else {
        Format::Ndjson
    }
}

async fn events(app: &App, site: &Site, after: &str, format: Format) -> Result<Response, Refusal> {
    let mut mark: Mark =
        if after.is_empty() { Mark::start() } else { after.parse().map_err(|_| no_cursor())? };
    // A backup was restored since: what follows is another history.
    let head = app.store.head().await?;
    if mark.partial_cmp(&head).is_none_or(Ordering::is_gt) {
        return Err(no_cursor());
    }
    let records = app.store.records(site.id, &mark, PAGE).await?;
    records.iter().for_each(|record| mark.advance(record.position));
    let next = (records.len() == PAGE).then(|| mark.to_string());
    let rows: Result<Vec<EventLine>, _> =
        records.into_iter().map(|record| EventLine::new(&site.public_key, record)).collect();
    page(format, after.is_empty(), rows.map_err(|_| Refusal::Failed)?, next)
}

async fn accounts(app: &App, site: &Site, after: String, format: Format) -> Result<Response, Refusal> {
    let is_first = after.is_empty();
    let found = app.store.accounts_after(site.id, &AccountId(after), PAGE).await?;
    let last = found.last().filter(|_| found.len() == PAGE).map(|(account, _)| account.to_string());
    page(format, is_first, found.into_iter().map(AccountLine::from).collect(), last)
}

async fn steps(app: &App, site: &Site, after: &str, format: Format) -> Result<Response, Refusal> {
    let place = if after.is_empty() { StepPlace::default() } else { place(after).ok_or_else(no_cursor)? };
    let found = app.store.steps_after(site.id, &place, PAGE).await?;
    let last = found.last().filter(|_| found.len() == PAGE).map(|step| {
        let StepPlace { flow, account, number } = &step.place;
        format!("{number}\n{flow}\n{account}")
    });
    page(format, after.is_empty(), found.into_iter().map(StepLine::from).collect(), last)
}

fn place(cursor: &str) -> Option<StepPlace> {
    let mut parts = cursor.splitn(3, '\n');
    let (number, flow, account) = (parts.next()?, parts.next()?, parts.next()?);
    Some(StepPlace { flow: flow.into(), account: account.into(), number: number.parse().ok()? })
}

fn no_cursor() -> Refusal {
    Refusal::Malformed("after is the cursor that the page before ended with (Tabiji-After)".into())
}

fn page<L: Line>(
    format: Format,
    is_first: bool,
    rows: Vec<L>,
    next: Option<String>,
) -> Result<Response, Refusal> {
    let written = Writer::begin(Vec::new(), format, is_first).and_then(|mut writer| {
        writer.write(rows)?;
        writer.end()
    });
    let out = written.map_err(|_| Refusal::Failed)?;
    let content_type = match format {
        Format::Ndjson => "application/x-ndjson",
        Format::Csv => "text/csv; charset=utf-8",
        Format::Parquet => PARQUET,
    };
    let headers = [(header::CONTENT_TYPE, content_type), (header::CACHE_CONTROL, "no-store")];
    let mut response = (headers, Body::from(out)).into_response();
    let next = next.map(|next| utf8_percent_encode(&next, NON_ALPHANUMERIC).to_string());
    if let Some(next) = next.and_then(|next| HeaderValue::from_str(&next).ok()) {
        response.headers_mut().insert(AFTER, next);
    }
    Ok(response)
}
