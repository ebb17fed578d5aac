//! The Metadata API over SOAP: the operations that read.

mod envelope;
mod fault;
mod list;
mod read;
mod retrieve;
mod xml;

use super::request::Request;
use super::retry::Failure;
use super::{Client, Error};
use xml::Node;

pub use list::{FileProperties, MetadataType};
pub use read::Component;
pub use retrieve::{Package, RetrieveMessage, Retrieved};

pub(super) use envelope::{Operation, envelope};

impl Client {
    /// Asks, and reads the payload of the answer with `read`, which says what is wrong with it if something is.
    async fn soap<T>(&self, operation: Operation, read: impl Fn(&Node<'_>) -> Result<T, &'static str>) -> Result<T, Error> {
        let (name, what) = (operation.name(), operation.what());
        let read =
            |payload: &Node<'_>| read(payload).map_err(|cause| Failure::Final(Error::Unreadable(format!("{what}: {cause}"))));
        self.ask(Request::Soap(self.version(), operation), &what, |answer| fault::payload(answer, name, &what, self.meter(), read))
            .await
    }
}
