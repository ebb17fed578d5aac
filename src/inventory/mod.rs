//! The domain model: what an audit knows about how an org lets applications in.
//!
//! No I/O and no file formats here. Whatever is not known is a [`Fact`] that says why; every known fact has an [`Origin`].

pub mod app;
pub mod callback;
pub mod certificate;
pub mod contract;
mod fact;
pub mod ip_range;
pub mod oauth;
mod origin;
pub mod profile;
pub mod settings;
pub mod template;

pub use fact::{Fact, Reason};
pub use origin::Origin;
