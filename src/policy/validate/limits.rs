//! What contracts expect of networks, tokens, sessions, callbacks and certificates.

use super::super::file::{CertificateEntry, RefreshTokenEntry, SessionEntry};
use super::Validator;
use crate::diagnostic::Diagnostic;
use crate::inventory::contract::{CertificateExpectation, Located, RefreshTokenLimits, SessionExpectation};
use crate::inventory::host::HostPattern;
use crate::inventory::oauth::IpRelaxation;
use crate::inventory::period::Period;
use crate::source::yaml::{Spanned, locate};

/// The words of `ip-relaxation`: all that Salesforce documents.
pub(in crate::policy) const IP_RELAXATION: [&str; 4] = [
    IpRelaxation::Enforce.as_str(),
    IpRelaxation::RelaxForActivatedDevices.as_str(),
    IpRelaxation::Bypass.as_str(),
    IpRelaxation::EnforceRelaxRefresh.as_str(),
];

impl Validator<'_> {
    pub(super) fn ip_relaxation(&mut self, word: Spanned<String>) -> Option<Located<IpRelaxation>> {
        let documented = |word: &str| IpRelaxation::from_word(word).filter(|_| IP_RELAXATION.contains(&word));
        self.word("IP Relaxation", word, documented, &IP_RELAXATION)
    }

    pub(super) fn refresh_token(&mut self, entry: RefreshTokenEntry) -> RefreshTokenLimits {
        RefreshTokenLimits {
            max_lifetime: entry.max_lifetime.and_then(|written| self.period(written)),
            max_idle: entry.max_idle.and_then(|written| self.period(written)),
        }
    }

    pub(super) fn session(&mut self, entry: SessionEntry) -> SessionExpectation {
        SessionExpectation {
            max_minutes: entry.max_minutes.and_then(|number| self.positive("max-minutes", number)),
            high_assurance: entry.high_assurance.map(|asked_for| self.located(asked_for)),
        }
    }

    pub(super) fn certificate(&mut self, entry: CertificateEntry) -> CertificateExpectation {
        CertificateExpectation {
            min_days: entry.min_days.and_then(|number| self.positive("min-days", number)),
            min_key_bits: entry.min_key_bits.and_then(|number| self.positive("min-key-bits", number)),
        }
    }

    pub(super) fn callbacks(&mut self, hosts: Spanned<Vec<Spanned<String>>>) -> Located<Vec<HostPattern>> {
        let location = locate(self.source, &hosts);
        Located { value: hosts.value.into_iter().filter_map(|written| self.host(written)).collect(), location }
    }

    fn host(&mut self, written: Spanned<String>) -> Option<HostPattern> {
        let name = self.name("a host", written)?;
        match HostPattern::new(&name.value) {
            Err(problem) => {
                self.error(
                    &name,
                    format!("`{}` is not a host: {problem}", name.value),
                    "write the host alone, in ASCII, such as portal.example.com or *.example.com, or a scheme of your own such as com.example.app:",
                );
                None
            }
            Ok(pattern) => {
                if pattern.reaches_beyond_a_domain() {
                    let domain = pattern.as_str().trim_start_matches('*');
                    self.diagnostics.push(
                        Diagnostic::warning(format!("`{}` is also evil{domain}", name.value))
                            .at(name.location.clone())
                            .help(format!("write `{domain}` and `*.{domain}` for a domain and what is below it")),
                    );
                }
                Some(pattern)
            }
        }
    }

    fn period(&mut self, written: Spanned<String>) -> Option<Located<Period>> {
        let Located { value, location } = self.located(written);
        let Some(period) = Period::from_words(&value) else {
            let title = format!("`{value}` is not a length of time");
            self.error(&Located { value, location }, title, "write a number of hours, days or months, such as `90 days`");
            return None;
        };
        Some(Located { value: period, location })
    }

    fn positive(&mut self, key: &str, written: Spanned<i64>) -> Option<Located<i64>> {
        let number = self.located(written);
        if number.value < 1 {
            self.error(&number, format!("`{key}` is {}", number.value), "write a number from 1 on, or leave the key out");
            return None;
        }
        Some(number)
    }
}
