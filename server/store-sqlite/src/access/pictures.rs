//! Pictures of operators.

use rusqlite::{Connection, OptionalExtension, Row, params};
use store::{OperatorPicture, SiteId};

use super::rows;

/// Sets or removes the picture of an operator; one who was removed gets none.
pub(super) fn set(db: &Connection, email: &str, picture: Option<OperatorPicture>) -> rusqlite::Result<usize> {
    let Some(OperatorPicture { id, kind, content }) = picture else {
        return db.execute("DELETE FROM operator_picture WHERE email = ?1", [email]);
    };
    let set = "INSERT OR REPLACE INTO operator_picture (email, id, kind, content)
        SELECT email, ?2, ?3, ?4 FROM operator WHERE email = ?1";
    db.execute(set, params![email, id, kind, content])
}

/// Returns the picture of an operator.
pub(super) fn of(db: &Connection, email: &str) -> rusqlite::Result<Option<OperatorPicture>> {
    db.prepare_cached("SELECT id, kind, content FROM operator_picture WHERE email = ?1")?
        .query_row([email], picture)
        .optional()
}

/// Returns the pictures' ids with the addresses of operators who see a site.
pub(super) fn of_site(db: &Connection, site: SiteId) -> rusqlite::Result<Vec<(String, String)>> {
    let all = "SELECT email, id, sites FROM operator_picture JOIN operator USING (email) ORDER BY email";
    let mut query = db.prepare_cached(all)?;
    let read = query.query_map([], |row| Ok((rows::sites(row.get(2)?)?, (row.get(0)?, row.get(1)?))))?;
    let read: Vec<_> = read.collect::<rusqlite::Result<_>>()?;
    Ok(read.into_iter().filter(|(sites, _)| sites.include(site)).map(|(_, picture)| picture).collect())
}

/// Returns a picture by its id, when its operator sees a site.
pub(super) fn by_id(db: &Connection, site: SiteId, id: &str) -> rusqlite::Result<Option<OperatorPicture>> {
    let one =
        "SELECT id, kind, content, sites FROM operator_picture JOIN operator USING (email) WHERE id = ?1";
    let found = db
        .prepare_cached(one)?
        .query_row([id], |row| Ok((rows::sites(row.get(3)?)?, picture(row)?)))
        .optional()?;
    Ok(found.filter(|(sites, _)| sites.include(site)).map(|(_, picture)| picture))
}

fn picture(row: &Row<'_>) -> rusqlite::Result<OperatorPicture> {
    Ok(OperatorPicture { id: row.get(0)?, kind: row.get(1)?, content: row.get(2)? })
}
