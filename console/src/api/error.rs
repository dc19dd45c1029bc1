//! Why a request was not served.

use protocol::error::ErrorBody;

use crate::i18n::Texts;

/// Why a request was not served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ApiError {
    /// Nobody is signed in, or the session has ended.
    SignedOut,
    /// The collector does not let this page do that.
    Forbidden,
    /// The collector refused the request, as it refuses the same request again.
    Refused {
        /// The stable tag of the refusal.
        tag: String,
        /// What happened and what to do about it, in English.
        message: String,
    },
    /// There was no answer: no network, or no collector.
    Offline,
    /// The collector failed or is overloaded, or what answered is no collector.
    Server,
}

impl ApiError {
    /// Reads an answer that is not a success: its HTTP status, and its body when that is a refusal of the
    /// collector.
    pub fn of(status: u16, body: Option<ErrorBody>) -> Self {
        match body {
            Some(body) if body.tag == "signed_out" => Self::SignedOut,
            _ if status == 403 => Self::Forbidden,
            Some(body) if !matches!(body.tag.as_str(), "failed" | "busy") => {
                Self::Refused { tag: body.tag, message: body.message }
            }
            _ => Self::Server,
        }
    }

    /// Returns the refusal's stable tag; none for every other error.
    pub fn tag(&self) -> Option<&str> {
        match self {
            Self::Refused { tag, .. } => Some(tag),
            _ => None,
        }
    }

    /// Returns the sentence for people that the refusal has in their language; none when a page says it in
    /// its own words.
    pub fn sentence(&self, texts: &Texts) -> Option<&'static str> {
        Some(match self.tag()? {
            "wrong_password" => texts.wrong_password,
            "too_many_tries" => texts.too_many_tries,
            "dead_link" => texts.dead_link,
            "wrong_code" => texts.wrong_code,
            "address_taken" => texts.address_taken,
            "weak_password" => texts.weak_password,
            "bad_file" => texts.file_bad,
            "too_large" => texts.file_large,
            "files_full" => texts.file_full,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::texts;

    fn refusal(status: u16, tag: &str) -> ApiError {
        ApiError::of(status, Some(ErrorBody { tag: tag.into(), message: "Why.".into() }))
    }

    #[test]
    fn every_answer_that_is_no_success_has_one_meaning() {
        let refused = |tag: &str| ApiError::Refused { tag: tag.into(), message: "Why.".into() };
        let cases = [
            (refusal(401, "signed_out"), ApiError::SignedOut),
            (refusal(401, "wrong_password"), refused("wrong_password")),
            (refusal(403, "foreign_origin"), ApiError::Forbidden),
            (ApiError::of(403, None), ApiError::Forbidden),
            (refusal(404, "not_found"), refused("not_found")),
            // A full disk for uploads is a refusal like any other, though its status is above 500.
            (refusal(507, "files_full"), refused("files_full")),
            (refusal(503, "busy"), ApiError::Server),
            (refusal(500, "failed"), ApiError::Server),
            (ApiError::of(502, None), ApiError::Server),
            // A proxy's own page says nothing about the session.
            (ApiError::of(401, None), ApiError::Server),
        ];
        for (found, expected) in cases {
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn refusals_that_people_can_act_on_have_a_sentence_of_their_own() {
        let (ja, en) = (texts("ja"), texts("en"));
        assert_eq!(refusal(401, "wrong_code").sentence(en), Some(en.wrong_code));
        assert_eq!(refusal(410, "dead_link").sentence(ja), Some(ja.dead_link));
        assert_eq!(refusal(404, "not_found").sentence(en), None);
        assert_eq!(ApiError::Offline.sentence(en), None);
    }
}
