//! Salesforce's own profiles and the names they go by.
//!
//! An app lists profiles by the name Setup shows, in the language of the org; files have the metadata name. For custom profiles the two
//! agree, for Salesforce's own they do not.

/// One of Salesforce's own profiles.
#[derive(Debug)]
pub struct StandardProfile {
    /// Metadata full name, which is also the file name.
    pub name: &'static str,
    /// Name in Setup: English first, then other languages.
    pub labels: &'static [&'static str],
}

/// The metadata name of System Administrator.
pub const ADMINISTRATOR: &str = "Admin";

/// Salesforce's own profiles. Those whose file name is their English label are listed for being recognised as Salesforce's own.
pub static STANDARD_PROFILES: &[StandardProfile] = &[
    profile(
        ADMINISTRATOR,
        &[
            "System Administrator",
            "Systemadministrator",
            "Administrateur système",
            "시스템 관리자",
            "システム管理者",
            "Administrador del sistema",
            "Administrador do sistema",
            "Amministratore del sistema",
            "Systeembeheerder",
            "系统管理员",
            "系統管理員",
            "Systemadministratör",
            "Системный администратор",
        ],
    ),
    profile(
        "Standard",
        &[
            "Standard User",
            "Standardbenutzer",
            "Utilisateur standard",
            "표준 사용자",
            "標準ユーザー",
            "Usuario estándar",
            "Usuário padrão",
            "Utente standard",
        ],
    ),
    profile(
        "StandardAul",
        &["Standard Platform User", "Standard Plattformbenutzer", "Utilisateur Plate-forme standard", "표준 플랫폼 사용자"],
    ),
    profile(
        "ReadOnly",
        &["Read Only", "Schreibgeschützt", "Lecture seule", "읽기 전용", "参照のみ", "Sólo lectura", "Solo lectura"],
    ),
    profile(
        "MarketingProfile",
        &["Marketing User", "Marketingbenutzer", "Utilisateur marketing", "마케팅 사용자", "マーケティングユーザー"],
    ),
    profile("ContractManager", &["Contract Manager", "Vertragsmanager", "Gestionnaire de contrats", "계약 관리자", "契約管理者"]),
    profile(
        "SolutionManager",
        &["Solution Manager", "Lösungsmanager", "Gestionnaire de solutions", "솔루션 관리자", "ソリューション管理者"],
    ),
    same("Analytics Cloud Integration User"),
    same("Analytics Cloud Security User"),
    same("Authenticated Website"),
    same("Chatter External User"),
    same("Chatter Free User"),
    same("Chatter Moderator User"),
    same("Cross Org Data Proxy User"),
    same("Customer Community Login User"),
    same("Customer Community Plus Login User"),
    same("Customer Community Plus User"),
    same("Customer Community User"),
    same("Customer Portal Manager Custom"),
    same("Customer Portal Manager Standard"),
    same("Einstein Agent User"),
    same("External Apps Login User"),
    same("External Apps Plus Login User"),
    same("External Identity User"),
    same("Force.com - App Subscription User"),
    same("Force.com - Free User"),
    same("Gold Partner User"),
    same("Guest License User"),
    same("High Volume Customer Portal"),
    same("High Volume Customer Portal User"),
    same("Identity User"),
    same("Minimum Access - API Only Integrations"),
    same("Minimum Access - Salesforce"),
    same("Partner App Subscription User"),
    same("Partner Community Login User"),
    same("Partner Community User"),
    same("Sales Insights Integration User"),
    same("Salesforce API Only System Integrations"),
    same("Silver Partner User"),
    same("Work.com Only User"),
];

const fn profile(name: &'static str, labels: &'static [&'static str]) -> StandardProfile {
    StandardProfile { name, labels }
}

const fn same(name: &'static str) -> StandardProfile {
    StandardProfile { name, labels: &[] }
}

/// The standard profile that goes by this label or metadata name. Letter case does not matter.
#[must_use]
pub fn standard(name: &str) -> Option<&'static StandardProfile> {
    let wanted = name.trim().to_lowercase();
    STANDARD_PROFILES
        .iter()
        .find(|profile| profile.name.to_lowercase() == wanted || profile.labels.iter().any(|label| label.to_lowercase() == wanted))
}

/// What all names of one profile have in common: of Salesforce's own the metadata name, of others the name, in lower case.
#[must_use]
pub fn comparable(name: &str) -> String {
    let name = name.trim();
    standard(name).map_or(name, |profile| profile.name).to_lowercase()
}

/// Salesforce's own profiles that programs have and no person.
const FOR_PROGRAMS: &[&str] = &[
    "Analytics Cloud Integration User",
    "Analytics Cloud Security User",
    "Cross Org Data Proxy User",
    "Einstein Agent User",
    "Minimum Access - API Only Integrations",
    "Sales Insights Integration User",
    "Salesforce API Only System Integrations",
];

/// Whether it is one of Salesforce's own profiles for programs.
#[must_use]
pub fn is_for_programs(name: &str) -> bool {
    standard(name).is_some_and(|profile| FOR_PROGRAMS.contains(&profile.name))
}

/// Whether the name is System Administrator, in any language.
#[must_use]
pub fn is_administrator(name: &str) -> bool {
    standard(name).is_some_and(|profile| profile.name == ADMINISTRATOR)
}
