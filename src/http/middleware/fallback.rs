//! What is answered where nothing is: problems, like everywhere else.

use axum::http::Method;

use crate::contract::problem::Code;
use crate::http::reply::ProblemReply;

/// No such path.
pub(in crate::http) fn not_found() -> ProblemReply {
    ProblemReply::new(Code::NotFound, "No such path; GET /openapi.json lists those that exist")
}

/// The path exists, the method does not; axum adds the `Allow` header.
pub(in crate::http) fn method_not_allowed(method: &Method) -> ProblemReply {
    ProblemReply::new(Code::MethodNotAllowed, format!("This path does not answer {method}; the `Allow` header lists what it answers"))
}
