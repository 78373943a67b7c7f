//! Paging of lists: size, position and next link.
//!
//! Recorded of the real service: pages hold at most 25 items, next links are absolute with an explicit port and carry
//! `maxresults` only when the request did, pages may be empty and still have a next link, the last has null.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::call::{Call, Parameters};
use crate::refusal::Refusal;
use crate::rules::PAGE;

/// Which page of a list is asked for.
#[derive(Debug)]
pub(crate) struct PageAsked {
    size: usize,
    named: bool,
    token: SkipToken,
}

/// Where a list goes on. Opaque to clients.
#[derive(Debug, Default, Serialize, Deserialize)]
struct SkipToken {
    /// The key of the last item sent; the next page begins behind it, so changes in between cause no gaps or doubles.
    #[serde(rename = "NextMarker")]
    after: String,
    /// How many empty pages are still to come first.
    #[serde(rename = "Empty")]
    empty: usize,
}

impl PageAsked {
    pub(crate) fn read(parameters: &Parameters) -> Result<Self, Refusal> {
        let size = match &parameters.maxresults {
            None => PAGE,
            Some(text) => text
                .parse()
                .ok()
                .filter(|size| (1..=PAGE).contains(size))
                .ok_or_else(|| Refusal::bad_parameter(format!("maxresults must be between 1 and {PAGE}")))?,
        };
        let token = match &parameters.skiptoken {
            None => SkipToken::default(),
            Some(text) => URL_SAFE_NO_PAD
                .decode(text)
                .ok()
                .and_then(|bytes| serde_json::from_slice(&bytes).ok())
                .ok_or_else(|| Refusal::bad_parameter("The skip token is malformed"))?,
        };
        Ok(Self { size, named: parameters.maxresults.is_some(), token })
    }

    /// The key behind which the page begins; the empty string for the first page.
    pub(crate) fn after(&self) -> &str {
        &self.token.after
    }

    /// How many rows to look for: one more than the page holds shows whether another follows; none for an empty page.
    pub(crate) fn rows(&self) -> u32 {
        u32::try_from(self.size + 1).expect("a page is small")
    }

    /// Cuts `found` to this page and gives the link to the next.
    pub(crate) fn cut<T>(
        &self,
        call: &Call,
        path: &str,
        found: &mut Vec<T>,
        key: impl Fn(&T) -> String,
    ) -> Option<String> {
        let next = if self.token.empty > 0 {
            let more = !found.is_empty();
            found.clear();
            let empty = self.token.empty - 1;
            (empty > 0 || more).then(|| SkipToken { after: self.token.after.clone(), empty })
        } else {
            let empties = call.app.switches.empty_pages();
            let more = found.len() > self.size;
            found.truncate(self.size);
            let after = found.last().map(key).unwrap_or_default();
            (more || empties > 0 && !found.is_empty()).then_some(SkipToken { after, empty: empties })
        };
        next.map(|token| self.link(call, path, &token))
    }

    fn link(&self, call: &Call, path: &str, token: &SkipToken) -> String {
        let bytes = serde_json::to_vec(token).expect("a string and a number always become JSON");
        let (origin, version) = (call.origin.url_with_port(), &call.api_version);
        let mut link = format!("{origin}{path}?api-version={version}&$skiptoken={}", URL_SAFE_NO_PAD.encode(bytes));
        if self.named {
            link.push_str(&format!("&maxresults={}", self.size));
        }
        link
    }
}
