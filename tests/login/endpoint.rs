//! A token endpoint that answers as told and remembers what it was asked.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::{StatusCode, Uri, header};
use axum::response::IntoResponse;
use serde_json::Value;

/// The fields of a posted form.
pub(crate) type Form = HashMap<String, String>;

/// A server on a loopback address, for the time of a test.
pub(crate) struct Endpoint {
    pub(crate) url: String,
    asked: Arc<Mutex<Vec<(String, Form)>>>,
}

impl Endpoint {
    /// Starts one that is told its own URL and a form, and gives status and body.
    pub(crate) async fn start(answer: impl Fn(&str, &Form) -> (u16, Value) + Clone + Send + Sync + 'static) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (own, seen) = (url.clone(), Arc::clone(&asked));
        let handler = move |uri: Uri, body: String| async move {
            let form: Form = url::form_urlencoded::parse(body.as_bytes()).into_owned().collect();
            let (status, body) = answer(&own, &form);
            seen.lock().unwrap().push((uri.path().to_owned(), form));
            (StatusCode::from_u16(status).unwrap(), [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
        };
        tokio::spawn(async move { axum::serve(listener, Router::new().fallback(handler)).await });
        Self { url, asked }
    }

    /// What was posted to the token path, in order. Nothing was posted anywhere else.
    pub(crate) fn forms(&self) -> Vec<Form> {
        let asked = self.asked.lock().unwrap();
        assert!(asked.iter().all(|(path, _)| path == "/services/oauth2/token"), "{asked:?}");
        asked.iter().map(|(_, form)| form.clone()).collect()
    }
}
