//! The API client against a server that says what a test wants: what it sends, what it refuses, when it tries again.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

#[path = "support/scripted.rs"]
mod scripted;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use orgwarden::salesforce::observe::{Call, Observer};
use orgwarden::salesforce::{Api, Client, Error, Options, TokenEndpoint, soql};
use scripted::{Org, Reply, Sessions, hasty, page};
use serde_json::{Value, json};

const QUERY: &str = "SELECT Name FROM ConnectedApplication";

async fn names(client: &Client) -> Result<Vec<String>, Error> {
    let rows = client.query::<Value>(Api::Data, QUERY).await?.rows;
    Ok(rows.iter().map(|row| row["Name"].as_str().unwrap().to_owned()).collect())
}

fn next_page(link: &str) -> Reply {
    let mut first = page(&["A"]);
    first["totalSize"] = json!(2);
    first["done"] = json!(false);
    first["nextRecordsUrl"] = json!(link);
    Reply::json(&first)
}

#[tokio::test]
async fn a_query_is_read_to_its_end() {
    let org = Org::script(vec![next_page("/services/data/v68.0/query/01g-1"), Reply::rows(&["B"])]).await;
    assert_eq!(names(&org.client().await).await.unwrap(), ["A", "B"]);
    let seen = org.seen();
    assert_eq!(seen[0].path, "/services/data/v68.0/query?q=SELECT%20Name%20FROM%20ConnectedApplication");
    assert_eq!(seen[1].path, "/services/data/v68.0/query/01g-1");
    for request in seen {
        assert_eq!(request.header("authorization"), "Bearer 00D1!first");
        assert_eq!(request.header("accept"), "application/json");
        assert!(request.header("accept-encoding").contains("gzip"));
        assert!(request.header("user-agent").starts_with("orgwarden/"));
    }
}

#[tokio::test]
async fn half_the_rows_are_no_answer() {
    let without_link = json!({"totalSize": 2, "done": false, "records": [{"Name": "A"}]});
    let in_circles = next_page("/services/data/v68.0/query/01g-1");
    let gone = || Reply::error(400, "INVALID_QUERY_LOCATOR", "gone");
    let first = || next_page("/services/data/v68.0/query/01g-1");
    for replies in [vec![Reply::json(&without_link)], vec![in_circles], vec![first(), gone(), first(), gone(), first(), gone()]] {
        let org = Org::script(replies).await;
        names(&org.client().await).await.unwrap_err();
        assert!(org.seen().len() <= 6);
    }
    let org = Org::script(vec![first(), gone(), first(), Reply::rows(&["B"])]).await;
    assert_eq!(names(&org.client().await).await.unwrap(), ["A", "B"], "a lost place means: begin again");
}

#[tokio::test]
async fn credentials_stay_with_the_org() {
    let elsewhere = Org::script(vec![Reply::rows(&["stolen"])]).await;
    let (full, bare) = (elsewhere.url.to_string(), elsewhere.url.as_str().replace("http:", ""));
    let redirect = |to: &str| Reply::text("").status(302).header("location", to);
    for reply in
        [redirect(&full), redirect(&bare), next_page(&full), next_page(&bare), redirect("https://127.0.0.1/services/data/")]
    {
        let org = Org::script(vec![reply]).await;
        let client = org.client().await;
        assert!(matches!(names(&client).await, Err(Error::ForeignHost(_))));
        assert_eq!(org.seen().len(), 1);
    }
    let org = Org::script(vec![redirect(&full)]).await;
    let several = org.client().await.queries(&[QUERY.to_owned(), QUERY.to_owned()]).await;
    assert!(several.iter().all(|rows| matches!(rows, Err(Error::ForeignHost(_)))));
    let org = Org::script(vec![Reply::json(&json!({"apps": [], "nextPageUrl": full}))]).await;
    assert!(matches!(org.client().await.oauth_usage().await, Err(Error::ForeignHost(_))));
    assert!(elsewhere.seen().is_empty());
}

#[tokio::test]
async fn redirects_on_the_host_are_followed_twice_and_within_the_api() {
    let redirect = |to: &str| Reply::text("").status(307).header("location", to);
    let org = Org::script(vec![redirect("/services/data/a"), redirect("/services/data/b"), Reply::rows(&["A"])]).await;
    assert_eq!(names(&org.client().await).await.unwrap(), ["A"]);
    for (to, calls) in [("/services/data/again", 3), ("/services/oauth2/revoke?token=x", 1), ("/secur/logout.jsp", 1)] {
        let org = Org::script(vec![redirect(to)]).await;
        assert!(matches!(names(&org.client().await).await, Err(Error::Unreadable(_))), "{to}");
        assert_eq!(org.seen().len(), calls, "{to}");
    }
    let org = Org::script(vec![next_page("/services/data/../oauth2/revoke?token=x")]).await;
    assert!(matches!(names(&org.client().await).await, Err(Error::Unreadable(_))));
    assert_eq!(org.seen().len(), 1);
}

#[tokio::test]
async fn what_may_pass_is_tried_again() {
    let html = Reply::text("<!DOCTYPE html><html>Down for maintenance</html>");
    let passing = [
        Reply::error(429, "TOO_MANY", "slow down").header("retry-after", "0"),
        Reply::error(503, "SERVER_UNAVAILABLE", "busy"),
        Reply::text("").status(502),
        Reply::text("").status(504),
        html.clone().status(420),
        html.clone(),
        Reply::rows(&["A"]).cut(),
        Reply::text("{\"totalSize\":1,\"done\":true,\"reco"),
        Reply::error(400, "UNABLE_TO_LOCK_ROW", "locked"),
        Reply::error(500, "UNKNOWN_EXCEPTION", "error id 1"),
    ];
    for (at, reply) in passing.into_iter().enumerate() {
        let org = Org::script(vec![reply, Reply::rows(&["A"])]).await;
        let client = org.client().await;
        assert_eq!(names(&client).await.unwrap(), ["A"], "{at}");
        assert_eq!(client.usage().calls, 2, "{at}");
    }
    let soap = "<listMetadataResponse><result><fullName>A</fullName><type>ConnectedApp</type></result></listMetadataResponse>";
    for reply in [Reply::fault("SERVER_UNAVAILABLE", "busy"), html, Reply::soap(soap).cut(), Reply::text("<a><b>"), Reply::text("")]
    {
        let org = Org::script(vec![reply, Reply::soap(soap)]).await;
        assert_eq!(org.client().await.list_metadata(&["ConnectedApp"]).await.unwrap()[0].full_name, "A");
        assert_eq!(org.seen().len(), 2);
    }
}

#[tokio::test]
async fn what_will_not_pass_ends() {
    let html = || Reply::text("<html>");
    let cases = [
        (Reply::error(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."), 1, "REQUEST_LIMIT_EXCEEDED: TotalRequests"),
        (Reply::error(503, "REQUEST_LIMIT_EXCEEDED", "busy"), 1, "REQUEST_LIMIT_EXCEEDED: busy"),
        (Reply::error(400, "INVALID_TYPE", "sObject type 'X' is not supported."), 1, "INVALID_TYPE: sObject type 'X'"),
        (Reply::error(500, "UNKNOWN_EXCEPTION", "error id 1"), 2, "UNKNOWN_EXCEPTION: error id 1"),
        (Reply::error(503, "SERVER_UNAVAILABLE", "busy"), 4, "SERVER_UNAVAILABLE: busy"),
        (html(), 4, "unreadable answer: ConnectedApplication: an HTML page"),
        (html().status(503), 4, "unreadable answer: HTTP 503 and an HTML page for ConnectedApplication"),
        (html().status(503).header("retry-after", "3600"), 1, "unreadable answer: HTTP 503"),
        (Reply::text("<html>").status(404), 1, "HTTP_404: an HTML page for ConnectedApplication"),
        (Reply::error(404, "NOT_FOUND", "The requested resource does not exist"), 1, "NOT_FOUND: The requested"),
        (Reply::text("Bad_OAuth_Token").status(403), 1, "Bad_OAuth_Token: for ConnectedApplication"),
        (Reply::text("{}"), 1, "unreadable answer: ConnectedApplication: an unexpected shape at line 1"),
        (Reply::error(403, &"X".repeat(9000), &"y".repeat(9000)), 1, "XXX"),
    ];
    for (reply, calls, text) in cases {
        let org = Org::script(vec![reply]).await;
        let error = names(&org.client().await).await.unwrap_err().to_string();
        assert!(error.starts_with(text) && error.len() < 1100, "{error}");
        assert_eq!(org.seen().len(), calls, "{error}");
    }
}

/// Sends the first pause it is told of.
struct FirstPause(Mutex<Option<tokio::sync::oneshot::Sender<Duration>>>);

impl Observer for FirstPause {
    fn retrying(&self, _: &Call, _: &str, pause: Duration) {
        self.0.lock().unwrap().take().unwrap().send(pause).unwrap();
    }
}

#[tokio::test]
async fn retry_after_is_honoured() {
    let date = "Tue, 02 Jun 2026 10:00:00 GMT";
    for (value, seconds) in [("7", 7), ("Tue, 02 Jun 2026 10:00:09 GMT", 9)] {
        let org = Org::script(vec![Reply::text("").status(503).header("retry-after", value).header("date", date)]).await;
        let (sender, pause) = tokio::sync::oneshot::channel();
        let observer = Arc::new(FirstPause(Mutex::new(Some(sender))));
        let client = org.client_with(&Sessions::of(&["token"]), Options { observer, ..hasty() }).await;
        tokio::select! {
            _ = names(&client) => panic!("not waited"),
            pause = pause => assert_eq!(pause.unwrap(), Duration::from_secs(seconds)),
        }
    }
}

#[tokio::test]
async fn an_expired_session_is_replaced_once_for_all() {
    let expired = || Reply::error(401, "INVALID_SESSION_ID", "Session expired or invalid");
    let org = Org::answering(move |seen, _| match seen.header("authorization") {
        "Bearer second" => Reply::rows(&["A"]),
        _ => expired(),
    });
    let org = org.await;
    let sessions = Sessions::of(&["first", "second", "third"]);
    let client = org.client_with(&sessions, hasty()).await;
    let task = |client: Client| tokio::spawn(async move { names(&client).await.unwrap() });
    for names in futures_util::future::join_all((0..20).map(|_| task(client.clone()))).await {
        assert_eq!(names.unwrap(), ["A"]);
    }
    assert_eq!(sessions.given(), 2);

    let wrong_kind = "This session is not valid for use with the REST API";
    for (reply, tokens, logins, calls) in [
        (expired(), &["first", "second", "third"][..], 2, 2),
        (expired(), &["first"], 1, 1),
        (Reply::error(401, "INVALID_SESSION_ID", wrong_kind), &["first", "second"], 1, 1),
    ] {
        let org = Org::script(vec![reply]).await;
        let sessions = Sessions::of(tokens);
        let client = org.client_with(&sessions, hasty()).await;
        assert!(matches!(names(&client).await, Err(Error::SessionInvalid(_))));
        assert_eq!((sessions.given(), org.seen().len()), (logins, calls));
        assert!(matches!(names(&client).await, Err(Error::SessionInvalid(_))));
        assert_eq!(sessions.given(), logins, "never a loop");
    }

    let org = Org::script(vec![expired()]).await;
    let client = org.client_with(&Sessions::of(&["first", "https://elsewhere.example.com"]), hasty()).await;
    assert!(matches!(names(&client).await, Err(Error::ForeignHost(_))));
}

#[tokio::test]
async fn the_ceiling_of_calls_holds_for_retries_too() {
    let org = Org::script(vec![Reply::text("").status(503)]).await;
    let client = org.client_with(&Sessions::of(&["token"]), Options { max_api_calls: Some(2), ..hasty() }).await;
    assert!(matches!(names(&client).await, Err(Error::CallCeiling(2))));
    assert!(matches!(client.describe_metadata().await, Err(Error::CallCeiling(2))));
    assert_eq!((org.seen().len(), client.usage().calls), (2, 2));
}

#[tokio::test]
async fn five_queries_share_a_call() {
    let org = Org::answering(|seen, _| {
        if seen.method == "GET" {
            return Reply::rows(&["last"]);
        }
        let part = |(at, part): (usize, &Value)| {
            let (status, body) = match part["url"].as_str().unwrap() {
                url if url.ends_with("Hidden") => (400, json!([{"errorCode": "INVALID_TYPE", "message": "no"}])),
                url if url.ends_with("Locked") => (400, json!([{"errorCode": "UNABLE_TO_LOCK_ROW", "message": "no"}])),
                url if url.ends_with("Paged") => (
                    200,
                    json!({"totalSize": 2, "done": false, "nextRecordsUrl": "/services/data/v68.0/query/2", "records": [{"Name": at}]}),
                ),
                _ => (200, page(&["x"])),
            };
            json!({"body": body, "httpHeaders": {}, "httpStatusCode": status, "referenceId": part["referenceId"]})
        };
        let asked = seen.json()["compositeRequest"].as_array().unwrap().clone();
        let mut answers: Vec<Value> =
            asked.iter().enumerate().filter(|(_, part)| !part.to_string().contains("Lost")).map(part).collect();
        answers.reverse();
        Reply::json(&json!({"compositeResponse": answers}))
    });
    let org = org.await;
    let soql = ["A", "Hidden", "Locked", "Paged", "Lost", "B", "C"].map(|name| format!("SELECT Name FROM {name}"));
    let found = org.client().await.queries(&soql).await;
    let shown: Vec<String> =
        found.iter().map(|rows| rows.as_ref().map_or_else(ToString::to_string, |rows| rows.rows.len().to_string())).collect();
    let lost = "unreadable answer: Lost: missing in the answer to a composite request";
    assert_eq!(shown, ["1", "INVALID_TYPE: no", "1", "2", lost, "1", "1"]);
    let posts: Vec<_> = org.seen().into_iter().filter(|seen| seen.method == "POST").collect();
    assert_eq!(posts.len(), 2);
    for part in posts.iter().flat_map(|post| post.json()["compositeRequest"].as_array().unwrap().clone()) {
        assert_eq!(part["method"], "GET");
    }
    assert_eq!(org.seen().len(), 4, "the next page, and the locked row asked for again");
}

#[tokio::test]
async fn without_composite_each_is_asked_alone() {
    let org = Org::answering(|seen, _| match seen.path.as_str() {
        "/services/data/v68.0/composite" => Reply::error(404, "NOT_FOUND", "The requested resource does not exist"),
        path if path.ends_with("/describe") => {
            Reply::json(&json!({"name": "X", "fields": [{"name": "Id", "picklistValues": null}]}))
        }
        _ => Reply::rows(&["A"]),
    });
    let org = org.await;
    let client = org.client().await;
    assert!(client.queries(&[QUERY.to_owned(), QUERY.to_owned()]).await.iter().all(Result::is_ok));
    assert!(client.describes(&["A", "B"]).await.iter().all(|found| found.as_ref().unwrap().has("id")));
    let posts = org.seen().iter().filter(|seen| seen.method == "POST").count();
    assert_eq!((posts, client.usage().calls), (1, 5));
}

#[tokio::test]
async fn the_days_calls_are_read_from_every_answer() {
    let cases = [
        ("api-usage=10018/100000", Some((10018, 100_000))),
        ("api-bursts=1/750; api-usage=7/15000", Some((7, 15000))),
        ("per-app-api-usage=17/250(appName=x), api-usage=25/5000(x)", Some((25, 5000))),
        ("api-usage=many", None),
    ];
    for (header, expected) in cases {
        let org = Org::script(vec![Reply::rows(&[]).header("sforce-limit-info", header)]).await;
        let client = org.client().await;
        names(&client).await.unwrap();
        assert_eq!(client.usage().daily_used.zip(client.usage().daily_max), expected, "{header}");
    }
}

#[tokio::test]
async fn an_answer_cannot_exhaust_memory() {
    let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut bomb, &vec![b' '; 65 << 20]).unwrap();
    let org = Org::script(vec![Reply::text(bomb.finish().unwrap()).header("content-encoding", "gzip")]).await;
    let error = names(&org.client().await).await.unwrap_err().to_string();
    assert_eq!(error, "unreadable answer: more than 64 MiB for ConnectedApplication");
    assert_eq!(org.seen().len(), 1);
}

#[tokio::test]
async fn usage_of_apps_is_read_page_by_page() {
    let app = |at: usize| json!({"name": format!("App {at}")});
    let page = move |from: usize, count: usize| Reply::json(&json!({"apps": (from..from + count).map(app).collect::<Vec<_>>()}));
    for (sizes, total) in [(vec![100, 100, 3], 203), (vec![100, 0], 100), (vec![3], 3), (vec![0], 0)] {
        let calls = sizes.len();
        let org = Org::script(sizes.into_iter().enumerate().map(|(at, size)| page(at * 100, size)).collect()).await;
        assert_eq!(org.client().await.oauth_usage().await.unwrap().len(), total);
        let seen = org.seen();
        assert_eq!(seen.len(), calls);
        assert!(seen.iter().enumerate().all(|(at, seen)| seen.path.ends_with(&format!("/usage?page={at}&pageSize=100"))));
    }
}

#[tokio::test]
async fn a_token_in_an_answer_goes_no_further() {
    let org = Org::script(vec![Reply::error(400, "INVALID", "bad token 00D1!first, really 00D1!first")]).await;
    let client = org.client().await;
    assert_eq!(names(&client).await.unwrap_err().to_string(), "INVALID: bad token …, really …");

    let refusal = json!({"error": "invalid_grant", "error_description": "expired access/refresh token s3cret"});
    let org = Org::script(vec![Reply::json(&refusal).status(400)]).await;
    let form = [("grant_type", "refresh_token"), ("refresh_token", "s3cret")];
    let error = TokenEndpoint::new(hasty()).request(&org.url, &form).await.unwrap_err();
    assert_eq!(error.to_string(), "invalid_grant: expired access/refresh token …");
}

#[tokio::test]
async fn tokens_are_asked_for_and_checked() {
    let granted = |instance: &str| {
        let body = json!({"access_token": "s3cret", "instance_url": instance, "id": "https://login.example.com/id/00D/005"});
        Reply::json(&body)
    };
    let form = [("grant_type", "client_credentials"), ("client_secret", "a&b")];
    let endpoint = TokenEndpoint::new(hasty());
    let acme = "https://acme.my.salesforce.com";

    let org = Org::script(vec![Reply::text("").status(503), granted(acme)]).await;
    let answer = endpoint.request(&org.url.join("site/").unwrap(), &form).await.unwrap();
    assert_eq!(answer.instance_url, acme);
    assert!(!format!("{answer:?}").contains("s3cret"));
    let seen = org.seen();
    assert_eq!((seen.len(), seen[1].path.as_str()), (2, "/site/services/oauth2/token"));
    assert_eq!(seen[1].body, "grant_type=client_credentials&client_secret=a%26b");

    for (reply, text) in [
        (granted("http://acme.example.com"), "http://acme.example.com is not https"),
        (granted("ftp://127.0.0.1"), "ftp://127.0.0.1 is not https"),
        (
            Reply::text("").status(302).header("location", "https://evil.example.com/"),
            "the answer points to https://evil.example.com",
        ),
        (Reply::text("{\"access_token\":\"s3cret\"}"), "unreadable answer: no token in the answer"),
        (granted(acme).cut(), "no answer from 127.0.0.1"),
    ] {
        let org = Org::script(vec![reply]).await;
        let error = endpoint.request(&org.url, &form).await.unwrap_err().to_string();
        assert!(error.starts_with(text) && !error.contains("s3cret"), "{error}");
        assert_eq!(org.seen().len(), 1, "a form is not sent twice: {text}");
    }
    for url in ["http://login.example.com", "http://127.0.0.1.example.com", "file:///etc/passwd"] {
        assert!(matches!(endpoint.request(&url.parse().unwrap(), &form).await, Err(Error::Insecure(_))), "{url}");
    }
}

#[test]
fn soql_is_written_so_that_nothing_breaks_out() {
    assert_eq!(soql::literal(r"O'Neil \ Söhne"), r"'O\'Neil \\ Söhne'");
    assert_eq!(soql::literal("a\nb\tc\r"), r"'a\nb\tc\r'");
    let ids: Vec<String> = (0..500).map(|at| format!("005000000000{at:06}")).collect();
    let queries = soql::in_lists("SELECT Id FROM User WHERE Id", &ids, 2000);
    let asked: Vec<&str> = queries.iter().flat_map(|query| query.split('\'').filter(|part| part.starts_with("005"))).collect();
    assert_eq!(asked, ids);
    for query in &queries {
        let url = url::form_urlencoded::byte_serialize(query.as_bytes()).collect::<String>();
        assert!(query.starts_with("SELECT Id FROM User WHERE Id IN ('005") && query.ends_with("')") && url.len() < 2000 + 4 * 90);
    }
    assert!(soql::in_lists("SELECT Id FROM User WHERE Id", &[], 2000).is_empty());
}
