//! The permission set for the auditing user is metadata that can be deployed as it is printed.

use roxmltree::Document;

use super::run;
use super::support::Project;

#[test]
fn it_is_in_the_order_of_the_wsdl_and_says_why() {
    let run = run(&Project::new(), &["doctor", "--permission-set"], &[]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let document = Document::parse(&run.out).unwrap();
    let root = document.root_element();
    assert_eq!(
        (root.tag_name().name(), root.tag_name().namespace()),
        ("PermissionSet", Some("http://soap.sforce.com/2006/04/metadata"))
    );
    let mut names: Vec<&str> = root.children().filter(roxmltree::Node::is_element).map(|node| node.tag_name().name()).collect();
    names.dedup();
    assert_eq!(names, ["description", "hasActivationRequired", "label", "userPermissions"]);
    let permissions: Vec<(&str, &str)> = root
        .children()
        .filter(|node| node.has_tag_name(("http://soap.sforce.com/2006/04/metadata", "userPermissions")))
        .map(|node| {
            let parts: Vec<_> = node.children().filter(roxmltree::Node::is_element).collect();
            assert_eq!((parts[0].tag_name().name(), parts[1].tag_name().name()), ("enabled", "name"));
            (parts[0].text().unwrap(), parts[1].text().unwrap())
        })
        .collect();
    let expected = ["ApiEnabled", "CustomizeApplication", "ExternalClientAppAdmin", "ModifyMetadata", "ViewSetup"];
    assert_eq!(permissions, expected.map(|name| ("true", name)));
    let reasons = root.children().filter(roxmltree::Node::is_comment).count();
    assert_eq!(reasons, permissions.len());
    assert!(!run.out.contains("<name>ViewClientSecret") && !run.out.contains("<name>ModifyAllData"));
}
