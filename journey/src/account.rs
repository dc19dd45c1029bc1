//! Account updates.

use protocol::backend::AccountUpdate;

/// Merges a newer update into an account: fields that are present replace, traits merge by name.
pub fn merge(account: &mut AccountUpdate, newer: AccountUpdate) {
    fn replace<T>(old: &mut Option<T>, new: Option<T>) {
        if new.is_some() {
            *old = new;
        }
    }
    replace(&mut account.name, newer.name);
    replace(&mut account.contact, newer.contact);
    replace(&mut account.contract_at, newer.contract_at);
    replace(&mut account.plan, newer.plan);
    replace(&mut account.handoff, newer.handoff);
    account.traits.extend(newer.traits);
}
