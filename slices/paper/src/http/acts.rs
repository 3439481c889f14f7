//! What people do with papers.

use anlan_access::Caller;
use anlan_ledger::Work;
use anlan_web::{Answer, Command, Params, created, done};
use axum::Extension;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::carry::{self, Carried};
use crate::error::PaperError;
use crate::http::wire::PaperDetail;
use crate::model::Paper;
use crate::rules::Edit;
use crate::service::{NewPaper, Papers, Presence};

/// Runs an act and answers with the paper as it then stands.
async fn act<T, F>(this: Papers, command: Command<T>, run: F) -> Answer<anlan_ledger::Done<PaperDetail>>
where
    T: Send + 'static,
    F: FnOnce(&Papers, &mut Work<'_, '_>, &Caller, T) -> Result<Paper, PaperError> + Send + 'static,
{
    let (papers, caller, input) = (this.clone(), command.caller, command.input);
    let outcome = this
        .ledger
        .command(command.actor, command.idempotency, move |work| {
            let paper = run(&papers, work, &caller, input)?;
            Ok::<_, PaperError>(PaperDetail::from(papers.show(work.tx, &caller, paper)?))
        })
        .await?;
    Ok(outcome)
}

/// An act, and the version of the paper that the caller had seen.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PaperAct<T> {
    /// Refuse with `ledger.version_conflict` unless the paper is at this version.
    expected_version: Option<u64>,
    #[serde(flatten)]
    act: T,
}

impl<T> PaperAct<T> {
    fn check(self, work: &mut Work<'_, '_>, id: &str) -> Result<T, PaperError> {
        work.expect_version(&format!("paper/{id}"), self.expected_version)?;
        Ok(self.act)
    }
}

/// Nothing to say.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NoWords {}

/// Draws a paper from the facts (起草).
#[utoipa::path(post, path = "/api/v1/papers", operation_id = "paper.draft", tag = "papers",
    request_body = NewPaper, responses((status = 201, body = PaperDetail), (status = 422, body = anlan_web::ProblemBody)))]
pub async fn draw(Extension(this): Extension<Papers>, command: Command<NewPaper>) -> Answer<Response> {
    let outcome = act(this, command, |papers, work, caller, new| {
        papers.draw(work, caller, &new)
    })
    .await?;
    Ok(created(outcome))
}

/// Changes the text of a draft (修改).
#[utoipa::path(post, path = "/api/v1/papers/{id}/edit", operation_id = "paper.edit", tag = "papers",
    params(("id" = String, Path)), request_body = PaperAct<Edit>, responses((status = 200, body = PaperDetail)))]
pub async fn edit(
    Extension(this): Extension<Papers>,
    Params(id): Params<String>,
    command: Command<PaperAct<Edit>>,
) -> Answer<Response> {
    let outcome = act(this, command, move |papers, work, caller, input| {
        let edit = input.check(work, &id)?;
        papers.edit(work, caller, &id, &edit)
    })
    .await?;
    Ok(done(outcome))
}

/// Gives a draft to the leader on duty (送签).
#[utoipa::path(post, path = "/api/v1/papers/{id}/submit", operation_id = "paper.submit", tag = "papers",
    params(("id" = String, Path)), request_body = PaperAct<NoWords>, responses((status = 200, body = PaperDetail)))]
pub async fn submit(
    Extension(this): Extension<Papers>,
    Params(id): Params<String>,
    command: Command<PaperAct<NoWords>>,
) -> Answer<Response> {
    let outcome = act(this, command, move |papers, work, caller, input| {
        input.check(work, &id)?;
        papers.submit(work, caller, &id)
    })
    .await?;
    Ok(done(outcome))
}

/// Why.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = PaperReason)]
pub struct ReasonBody {
    /// 2 characters at least.
    reason: String,
}

/// Sends a paper back to its author (退回).
#[utoipa::path(post, path = "/api/v1/papers/{id}/return", operation_id = "paper.return", tag = "papers",
    params(("id" = String, Path)), request_body = PaperAct<ReasonBody>, responses((status = 200, body = PaperDetail)))]
pub async fn send_back(
    Extension(this): Extension<Papers>,
    Params(id): Params<String>,
    command: Command<PaperAct<ReasonBody>>,
) -> Answer<Response> {
    let outcome = act(this, command, move |papers, work, caller, input| {
        let body = input.check(work, &id)?;
        papers.send_back(work, caller, &id, &body.reason)
    })
    .await?;
    Ok(done(outcome))
}

/// Drops a draft (作废).
#[utoipa::path(post, path = "/api/v1/papers/{id}/discard", operation_id = "paper.discard", tag = "papers",
    params(("id" = String, Path)), request_body = PaperAct<ReasonBody>, responses((status = 200, body = PaperDetail)))]
pub async fn discard(
    Extension(this): Extension<Papers>,
    Params(id): Params<String>,
    command: Command<PaperAct<ReasonBody>>,
) -> Answer<Response> {
    let outcome = act(this, command, move |papers, work, caller, input| {
        let body = input.check(work, &id)?;
        papers.discard(work, caller, &id, &body.reason)
    })
    .await?;
    Ok(done(outcome))
}

/// The signer's PIN, and what the signer saw.
#[derive(Debug, Deserialize, ToSchema)]
pub struct SignBody {
    /// PIN of the account.
    pin: String,
    /// `content_digest` of the paper as it was shown.
    content_digest: Option<String>,
}

/// Signs and issues a paper with the PIN (签发); a report goes up to every addressee in the same command.
#[utoipa::path(post, path = "/api/v1/papers/{id}/sign", operation_id = "paper.sign", tag = "papers",
    params(("id" = String, Path)), request_body = SignBody, responses((status = 200, body = PaperDetail), (status = 403, body = anlan_web::ProblemBody)))]
pub async fn sign(
    Extension(this): Extension<Papers>,
    Params(id): Params<String>,
    command: Command<SignBody>,
) -> Answer<Response> {
    command.caller.require_somewhere("paper.sign")?;
    let (account, pin) = (command.caller.account.clone(), command.input.pin.clone());
    this.confirm.confirm(account, pin).await?;
    let outcome = act(this, command, move |papers, work, caller, input| {
        let presence = Presence {
            method: "pin".to_owned(),
            seen_digest: input.content_digest,
        };
        papers.sign(work, caller, &id, &presence)
    })
    .await?;
    Ok(done(outcome))
}

/// Confirms that an addressee has the paper (签收).
#[utoipa::path(post, path = "/api/v1/papers/{id}/receive", operation_id = "paper.receive", tag = "papers",
    params(("id" = String, Path)), request_body = NoWords, responses((status = 200, body = PaperDetail)))]
pub async fn receive(
    Extension(this): Extension<Papers>,
    Params(id): Params<String>,
    command: Command<NoWords>,
) -> Answer<Response> {
    let outcome = act(this, command, move |papers, work, caller, _| {
        papers.receive(work, caller, &id)
    })
    .await?;
    Ok(done(outcome))
}

/// What was carried: the file, or the scanned parts.
#[derive(Debug, Deserialize, ToSchema)]
pub struct TakeInBody {
    /// The file as it was carried.
    file: Option<Carried>,
    /// Parts of text, in any order, between spaces or line breaks.
    text: Option<String>,
    /// The fingerprint of the sender's key, as the sender said it by telephone.
    fingerprint: Option<String>,
}

/// Takes in a paper that came by hand (接收入库); one that is here already is not doubled.
#[utoipa::path(post, path = "/api/v1/papers/take-in", operation_id = "paper.take_in", tag = "papers",
    request_body = TakeInBody, responses((status = 201, body = PaperDetail), (status = 422, body = anlan_web::ProblemBody)))]
pub async fn take_in(Extension(this): Extension<Papers>, command: Command<TakeInBody>) -> Answer<Response> {
    let outcome = act(this, command, |papers, work, caller, body| {
        let carried = match (body.file, body.text) {
            (Some(file), _) => file,
            (None, Some(text)) => carry::join(&text)?,
            (None, None) => {
                return Err(PaperError::NotGenuine(
                    "neither file nor text was given".to_owned(),
                ));
            }
        };
        papers.take_in(work, caller, carried, body.fingerprint.as_deref())
    })
    .await?;
    Ok(created(outcome))
}
