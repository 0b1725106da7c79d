//! Validation errors as JSON, for scripts that submit a form.

use solohttp_core::{IoList, Request, Response, Result};
use solohttp_forms::{
    Errors, FormView, Formlet, RecordForm, Submission, form, formlet, number, rows, text,
};

struct Order {
    name: String,
    lines: Vec<Line>,
}

struct Line {
    count: u32,
}

struct NewOrder;

impl Formlet<()> for NewOrder {
    type Record = Order;

    fn form(&mut self, (): &mut ()) -> Result<RecordForm<Order>> {
        let line = form!(Line { count: number("Count").max(9) });
        Ok(form!(Order { name: text("Name").required(), lines: rows("Lines", line) }))
    }

    fn check(&mut self, (): &mut (), order: &Order, errors: &mut Errors<Order>) -> Result<()> {
        if order.lines.is_empty() {
            errors.on_form("Order something.");
        }
        Ok(())
    }

    fn save(&mut self, (): &mut (), _: Order, _: &Submission<'_>) -> Result<Response> {
        Ok(Response::redirect("/orders"))
    }

    fn page(&mut self, (): &mut (), view: &FormView<Order>, _: &Request) -> Result<IoList> {
        Ok(view.render())
    }
}

fn send(fields: &[(&str, &str)], accept: &str) -> Response {
    let request = Request::post("/").form(fields.iter().copied()).header("accept", accept);
    request.send_to(formlet(NewOrder))
}

const WRONG: &[(&str, &str)] = &[("name", ""), ("lines:row", "0"), ("lines.0.count", "12")];

#[test]
fn a_script_gets_each_error_with_the_name_of_its_field() {
    let response = send(WRONG, "application/json");
    assert_eq!(response.status(), 422);
    assert_eq!(response.header("content-type"), Some("application/problem+json"));
    assert_eq!(
        response.into_text(),
        "{\"type\":\"about:blank\",\"title\":\"Input not accepted\",\"status\":422,\
         \"detail\":\"Some fields are invalid.\",\"errors\":[\
         {\"detail\":\"Fill in this field.\",\"name\":\"name\"},\
         {\"detail\":\"Enter 9 or less.\",\"name\":\"lines.0.count\"}]}"
    );
}

#[test]
fn an_error_of_the_whole_form_is_the_detail() {
    let text = send(&[("name", "Ann")], "application/json").into_text();
    assert!(text.ends_with("\"detail\":\"Order something.\",\"errors\":[]}"), "{text}");
}

#[test]
fn a_browser_gets_the_form_again() {
    for accept in ["text/html,*/*;q=0.8", "*/*"] {
        let response = send(WRONG, accept);
        assert_eq!(response.status(), 422);
        assert_eq!(response.header("content-type"), Some("text/html; charset=utf-8"));
    }
}

#[test]
fn a_script_that_sends_a_valid_form_is_redirected_as_well() {
    let right = [("name", "Ann"), ("lines:row", "0"), ("lines.0.count", "1")];
    assert_eq!(send(&right, "application/json").header("location"), Some("/orders"));
}
