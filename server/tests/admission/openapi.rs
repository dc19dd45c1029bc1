//! `/openapi.json` beside the list of routes.

use std::collections::BTreeSet;

use axum::body::{Body, to_bytes};
use serde_json::Value;
use tabiji_server::{openapi, router};

use crate::world::{World, request};

async fn document(world: &World) -> Value {
    let answer = world.send(request("GET", "/openapi.json", &[], Body::empty())).await;
    assert_eq!(answer.headers()["content-type"], "application/json");
    serde_json::from_slice(&to_bytes(answer.into_body(), 1 << 22).await.unwrap()).unwrap()
}

/// Every operation of the document with its path and method.
fn operations(document: &Value) -> Vec<(String, String, &Value)> {
    let paths = document["paths"].as_object().unwrap().iter();
    let all = paths.flat_map(|(path, methods)| {
        let methods = methods.as_object().unwrap().iter();
        methods.map(|(method, operation)| (path.clone(), method.to_uppercase(), operation))
    });
    all.collect()
}

/// S36: no route is missing, none is more, and each says who may ask.
#[tokio::test]
async fn s36_the_document_has_every_route_with_its_method_and_admission_and_no_other() {
    let world = World::new().await;
    let document = document(&world).await;
    let documented: BTreeSet<_> = operations(&document)
        .into_iter()
        .map(|(path, method, operation)| {
            (path, method, operation["x-admission"].as_str().unwrap_or_default().to_owned())
        })
        .collect();
    let routes: BTreeSet<_> = router::routes()
        .iter()
        .map(|route| (openapi::written(route.path), route.method.to_owned(), route.admission.to_owned()))
        .collect();
    assert_eq!(documented, routes);
}

/// S36: what the document points at is there, and every operation has an id of its own.
#[tokio::test]
async fn s36_every_reference_and_every_link_of_the_document_leads_somewhere() {
    let world = World::new().await;
    let document = document(&world).await;
    let text = document.to_string();
    for named in text.split(r##""$ref":"#"##).skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(document.pointer(named).is_some(), "{named} is not there");
    }
    let all = operations(&document);
    let ids: BTreeSet<_> = all.iter().map(|(_, _, it)| it["operationId"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), all.len(), "{ids:?}");
    let mut links = 0;
    for (path, method, operation) in &all {
        let answers = operation["responses"].as_object().unwrap();
        assert!(
            answers.keys().any(|status| status.starts_with(['1', '2', '3'])),
            "{method} {path} answers nothing"
        );
        for link in
            answers.values().filter_map(|answer| answer["links"].as_object()).flat_map(|links| links.values())
        {
            assert!(ids.contains(link["operationId"].as_str().unwrap()), "{link}");
            links += 1;
        }
        // A body that may be refused says so, and so does a route that asks for a key.
        if operation["requestBody"]["content"]["application/json"].is_object() {
            assert!(answers.contains_key("400") && answers.contains_key("413"), "{method} {path}");
        }
        if operation["x-admission"] != "Anyone" && operation["x-admission"] != "SignedAddress" {
            assert!(answers.contains_key("401"), "{method} {path}");
        }
    }
    assert!(links > 0);
}
