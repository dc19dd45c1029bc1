//! What every store must know of operators, their links and their sessions.

use std::sync::Arc;

use super::{NOON, answer};
use crate::{ConsoleSession, Grant, OperatorPicture, RedeemOutcome, SecondFactor, SiteId, Store};

pub(super) async fn tell(store: &Arc<dyn Store>, one: SiteId, two: SiteId) {
    let redeem =
        async |link, email: &str, now| answer(store.redeem_link(link, email, "$argon2id$", now).await);
    let some = |sites: &[SiteId]| Grant::of(sites.to_vec());
    answer(store.add_link([1; 32], Grant::ALL, None, NOON).await);
    assert!(!answer(store.is_link_valid([1; 32], NOON).await), "the link is too old");
    assert_eq!(redeem([1; 32], "a@b", NOON).await, RedeemOutcome::Expired);
    assert_eq!(redeem([1; 32], "a@b", NOON - 1).await, RedeemOutcome::Redeemed);
    assert_eq!(redeem([1; 32], "a@b", NOON - 1).await, RedeemOutcome::Expired, "a link works once");
    let operator =
        answer(store.operator("a@b").await).map(|one| (one.password, one.grant, one.second_factor));
    assert_eq!(operator, Some(("$argon2id$".to_owned(), Grant::ALL, None)));
    let session =
        |email: &str, used| ConsoleSession { email: email.into(), created: NOON, used, browser: "B".into() };
    answer(store.add_session([2; 32], session("a@b", NOON)).await);
    assert_eq!(answer(store.session([2; 32]).await), Some((session("a@b", NOON), Grant::ALL)));
    // Nobody takes over an address by a link of their own; by one that is for it one comes in again.
    answer(store.add_link([3; 32], some(&[one]), None, NOON).await);
    assert_eq!(redeem([3; 32], "a@b", NOON - 1).await, RedeemOutcome::EmailTaken);
    assert_eq!(redeem([3; 32], "c@d", NOON - 1).await, RedeemOutcome::Redeemed);
    answer(store.add_link([6; 32], some(&[one]), Some("c@d".into()), NOON).await);
    assert_eq!(redeem([6; 32], "e@f", NOON - 1).await, RedeemOutcome::EmailTaken);
    assert_eq!(redeem([6; 32], "c@d", NOON - 1).await, RedeemOutcome::Redeemed);
    answer(store.add_session([4; 32], session("c@d", NOON)).await);
    answer(store.add_session([5; 32], session("c@d", NOON + 5)).await);
    assert_eq!(answer(store.session([4; 32]).await).map(|(_, grant)| grant), Some(some(&[one])));
    assert!(
        answer(store.set_grant("c@d", some(&[two])).await)
            && !answer(store.set_grant("x@y", Grant::ALL).await)
    );
    assert_eq!(answer(store.session([4; 32]).await).map(|(_, grant)| grant), Some(some(&[two])), "at once");
    // No link outlives what its operator may see, or another way in.
    let for_them = async |link, sites: &[SiteId]| {
        answer(store.add_link(link, some(sites), Some("c@d".into()), NOON).await);
    };
    for_them([8; 32], &[one, two]).await;
    answer(store.set_grant("c@d", some(&[two])).await);
    assert_eq!(redeem([8; 32], "c@d", NOON - 1).await, RedeemOutcome::Expired, "of what was seen before");
    let all = answer(store.sessions("c@d").await);
    assert_eq!(all.iter().map(|(hash, _)| hash[0]).collect::<Vec<_>>(), [5, 4], "the last used first");
    // A name stays when one comes in again; another password ends the other sessions.
    answer(store.set_operator_name("c@d", "佐藤 花子").await);
    for_them([7; 32], &[two]).await;
    for_them([9; 32], &[two]).await;
    assert_eq!(redeem([7; 32], "c@d", NOON - 1).await, RedeemOutcome::Redeemed);
    assert_eq!(redeem([9; 32], "c@d", NOON - 1).await, RedeemOutcome::Expired, "a second link for the same");
    answer(store.add_session([4; 32], session("c@d", NOON)).await);
    answer(store.add_session([5; 32], session("c@d", NOON + 5)).await);
    answer(store.set_password("c@d", "$other$", [4; 32]).await);
    let changed = answer(store.operator("c@d").await).map(|one| (one.name, one.password));
    assert_eq!(changed, Some(("佐藤 花子".to_owned(), "$other$".to_owned())));
    assert_eq!(answer(store.sessions("c@d").await).len(), 1, "the browser that changed it stays");
    // Codes are good once, and never an earlier one after a later one.
    let second = SecondFactor { totp_secret: "AAAA".into(), enabled: true };
    answer(store.set_second_factor("c@d", Some(second.clone())).await);
    assert_eq!(answer(store.operator("c@d").await).and_then(|one| one.second_factor), Some(second));
    let fresh = SecondFactor { totp_secret: "BBBB".into(), enabled: false };
    answer(store.set_second_factor("c@d", Some(fresh)).await);
    let kept = answer(store.operator("c@d").await)
        .and_then(|one| one.second_factor)
        .map(|second| second.totp_secret);
    assert_eq!(kept.as_deref(), Some("AAAA"), "a fresh secret does not switch codes off");
    let mut used = Vec::new();
    for number in [7, 7, 6, 8] {
        used.push(answer(store.use_totp_code("c@d", number).await));
    }
    assert_eq!(used, [true, false, false, true]);
    assert_eq!(answer(store.operators().await).len(), 2);
    pictures(store, one, two).await;
    for_them([10; 32], &[two]).await;
    assert!(answer(store.remove_operator("c@d").await) && !answer(store.remove_operator("c@d").await));
    assert_eq!(answer(store.session([4; 32]).await), None, "who is removed is signed in nowhere");
    assert_eq!(redeem([10; 32], "c@d", NOON - 1).await, RedeemOutcome::Expired, "nor comes in again");
    assert_eq!(answer(store.operator_picture("c@d").await), None, "the picture goes with its operator");
    assert_eq!(answer(store.picture_of_site(two, "p2").await), None);
    answer(store.end_session([2; 32]).await);
    assert_eq!(answer(store.session([2; 32]).await), None);
    // What has expired is deleted, and nothing else.
    for (hash, created, used) in
        [([11; 32], NOON, NOON + 9), ([12; 32], NOON, NOON + 1), ([13; 32], NOON - 9, NOON + 9)]
    {
        answer(store.add_session(hash, ConsoleSession { created, ..session("a@b", used) }).await);
    }
    answer(store.add_link([14; 32], Grant::ALL, None, NOON).await);
    answer(store.add_link([15; 32], Grant::ALL, None, NOON + 1).await);
    answer(store.delete_expired_access(NOON, NOON + 5, NOON - 5).await);
    let left = answer(store.sessions("a@b").await);
    assert_eq!(left.iter().map(|(hash, _)| hash[0]).collect::<Vec<_>>(), [11]);
    assert!(!answer(store.is_link_valid([14; 32], NOON - 1).await), "it is gone");
    assert!(answer(store.is_link_valid([15; 32], NOON).await));
    answer(store.end_session([11; 32]).await);
}

/// `a@b` sees every site, `c@d` the second one.
async fn pictures(store: &Arc<dyn Store>, one: SiteId, two: SiteId) {
    let picture =
        |id: &str| OperatorPicture { id: id.into(), kind: "image/png".into(), content: vec![0, 1, 0] };
    let ids = async |site| answer(store.pictures_of_site(site).await);
    answer(store.set_operator_picture("a@b", Some(picture("p0"))).await);
    answer(store.set_operator_picture("a@b", Some(picture("p1"))).await);
    answer(store.set_operator_picture("c@d", Some(picture("p2"))).await);
    answer(store.set_operator_picture("nobody@x", Some(picture("p3"))).await);
    let [first, second] = [("a@b", "p1"), ("c@d", "p2")].map(|(email, id)| (email.to_owned(), id.to_owned()));
    assert_eq!(ids(two).await, [first.clone(), second]);
    assert_eq!(ids(one).await, [first], "an agent of one site is unknown at another");
    assert_eq!(answer(store.picture_of_site(two, "p2").await), Some(picture("p2")));
    assert_eq!(answer(store.picture_of_site(one, "p2").await), None);
    assert_eq!(answer(store.picture_of_site(one, "p0").await), None, "the one before is gone");
    assert_eq!(answer(store.operator_picture("a@b").await), Some(picture("p1")));
    answer(store.set_operator_picture("a@b", None).await);
    assert_eq!(answer(store.operator_picture("a@b").await), None);
    assert_eq!(answer(store.picture_of_site(one, "p1").await), None);
}
