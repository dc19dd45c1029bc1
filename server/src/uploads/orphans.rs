//! Removes uploads that were never sent, and files on disk that no conversation has any more.

use std::collections::HashMap;

use store::SiteId;
use tokio::fs;

use super::{ORPHAN_AGE, UPLOAD_TIME, folder};
use crate::app::AppInner;
use crate::http::Refusal;

/// Removes the orphans of a site.
///
/// # Errors
/// When the store does not answer; the next sweep removes what is left.
pub async fn remove_orphans(app: &AppInner, site: SiteId) -> Result<(), Refusal> {
    let now = app.clock.now();
    app.store.delete_unsent(site, now - UPLOAD_TIME, now - ORPHAN_AGE).await?;
    // The disk is listed first: an upload is known to the store before there is a file of it.
    let mut on_disk = Vec::new();
    if let Ok(mut folder) = fs::read_dir(folder(&app.config, site)).await {
        while let Ok(Some(entry)) = folder.next_entry().await {
            on_disk.push(entry.path());
        }
    }
    let known: HashMap<String, bool> =
        app.store.uploads(site).await?.into_iter().map(|(id, whole)| (id.to_string(), whole)).collect();
    for path in on_disk {
        let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
        // Chunks of a file that is whole are left over, too.
        let is_chunk = path.extension().is_some();
        if known.get(name).is_none_or(|whole| is_chunk && *whole)
            && let Err(error) = fs::remove_file(&path).await
        {
            tracing::warn!(%error, "an orphaned file was not removed");
        }
    }
    Ok(())
}
