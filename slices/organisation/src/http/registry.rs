//! Changing units, relations, command bodies and posts.

use anlan_ledger::Work;
use anlan_web::{Answer, Command, Params, created, done, no_content};
use axum::Extension;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Organisation;
use crate::error::OrganisationError;
use crate::model::{Body, Holder, Member, Post, Relation, Unit};
use crate::service::Saved;

/// A unit as entered.
#[derive(Debug, Deserialize, ToSchema)]
pub struct UnitBody {
    /// Official name.
    name: String,
    /// Name for narrow columns.
    short_name: String,
    /// One of the kinds of units.
    kind: String,
    /// Department.
    department: Option<String>,
    /// Division it acts for.
    division: String,
    /// The unit one level up that its reports go to.
    superior: Option<String>,
    /// Published duty telephone.
    duty_phone: Option<String>,
    /// Whether it is dissolved.
    #[serde(default)]
    closed: bool,
    /// The version the caller had seen.
    expected_version: Option<u64>,
}

impl UnitBody {
    fn unit(self, id: String) -> Unit {
        Unit {
            id,
            name: self.name.trim().to_owned(),
            short_name: self.short_name.trim().to_owned(),
            kind: self.kind,
            department: self.department,
            division: self.division,
            superior: self.superior,
            duty_phone: self.duty_phone,
            closed: self.closed,
            ..Unit::default()
        }
    }
}

/// Makes a unit.
#[utoipa::path(post, path = "/api/v1/units", operation_id = "organisation.create_unit", tag = "organisation",
    request_body = UnitBody, responses((status = 201, body = Saved)))]
pub async fn create_unit(
    Extension(this): Extension<Organisation>,
    command: Command<UnitBody>,
) -> Answer<Response> {
    let (caller, input) = (command.caller, command.input);
    let outcome = this
        .ledger
        .command(command.actor, command.idempotency, move |work| {
            Organisation::save_unit(work, &caller, input.unit(String::new()), None)
        })
        .await?;
    Ok(created(outcome))
}

/// Changes a unit, or dissolves it.
#[utoipa::path(put, path = "/api/v1/units/{id}", operation_id = "organisation.update_unit", tag = "organisation",
    params(("id" = String, Path)), request_body = UnitBody, responses((status = 200, body = Saved)))]
pub async fn update_unit(
    Extension(this): Extension<Organisation>,
    Params(id): Params<String>,
    command: Command<UnitBody>,
) -> Answer<Response> {
    let (caller, input) = (command.caller, command.input);
    let outcome = this
        .ledger
        .command(command.actor, command.idempotency, move |work| {
            let expected = input.expected_version;
            Organisation::save_unit(work, &caller, input.unit(id), expected)
        })
        .await?;
    Ok(done(outcome))
}

/// A relation as entered.
#[derive(Debug, Deserialize, ToSchema)]
pub struct RelationBody {
    /// The lower or asked unit.
    from_unit: String,
    /// The higher or asking unit.
    to_unit: String,
    /// `subordinate`, `guidance` or `negotiated`.
    kind: String,
    /// On what it rests; when it ends, why.
    #[serde(default)]
    note: String,
}

impl RelationBody {
    fn relation(self) -> Relation {
        Relation {
            from_unit: self.from_unit,
            to_unit: self.to_unit,
            kind: self.kind,
            note: self.note,
        }
    }
}

async fn relation(
    this: Organisation,
    command: Command<RelationBody>,
    act: fn(&mut Work<'_, '_>, &anlan_access::Caller, Relation) -> Result<(), OrganisationError>,
) -> Answer<Response> {
    let (caller, relation) = (command.caller, command.input.relation());
    this.ledger
        .command(command.actor, command.idempotency, move |work| {
            act(work, &caller, relation)
        })
        .await?;
    Ok(no_content())
}

/// Relates two units.
#[utoipa::path(post, path = "/api/v1/relations", operation_id = "organisation.relate", tag = "organisation",
    request_body = RelationBody, responses((status = 204)))]
pub async fn relate(
    Extension(this): Extension<Organisation>,
    command: Command<RelationBody>,
) -> Answer<Response> {
    relation(this, command, Organisation::relate).await
}

/// Ends a relation; the note says why.
#[utoipa::path(post, path = "/api/v1/relations/end", operation_id = "organisation.end_relation", tag = "organisation",
    request_body = RelationBody, responses((status = 204)))]
pub async fn end_relation(
    Extension(this): Extension<Organisation>,
    command: Command<RelationBody>,
) -> Answer<Response> {
    relation(this, command, |work, caller, relation| {
        Organisation::end_relation(work, caller, &relation, &relation.note)
    })
    .await
}

/// A command body as entered.
#[derive(Debug, Deserialize, ToSchema)]
pub struct BodyBody {
    /// Name.
    name: String,
    /// Division it commands in.
    division: String,
    /// Chair, deputies, member units and office, in their order.
    members: Vec<Member>,
    /// Prefixes of the event classes it commands.
    #[serde(default)]
    event_classes: Vec<String>,
    /// Whether it is dissolved.
    #[serde(default)]
    closed: bool,
    /// The version the caller had seen.
    expected_version: Option<u64>,
}

impl BodyBody {
    fn body(self, id: String) -> Body {
        Body {
            id,
            name: self.name.trim().to_owned(),
            division: self.division,
            members: self.members,
            event_classes: self.event_classes,
            closed: self.closed,
            version: 0,
        }
    }
}

/// Makes a command body.
#[utoipa::path(post, path = "/api/v1/bodies", operation_id = "organisation.create_body", tag = "organisation",
    request_body = BodyBody, responses((status = 201, body = Saved)))]
pub async fn create_body(
    Extension(this): Extension<Organisation>,
    command: Command<BodyBody>,
) -> Answer<Response> {
    let (caller, input) = (command.caller, command.input);
    let outcome = this
        .ledger
        .command(command.actor, command.idempotency, move |work| {
            Organisation::save_body(work, &caller, input.body(String::new()), None)
        })
        .await?;
    Ok(created(outcome))
}

/// Changes a command body, or dissolves it.
#[utoipa::path(put, path = "/api/v1/bodies/{id}", operation_id = "organisation.update_body", tag = "organisation",
    params(("id" = String, Path)), request_body = BodyBody, responses((status = 200, body = Saved)))]
pub async fn update_body(
    Extension(this): Extension<Organisation>,
    Params(id): Params<String>,
    command: Command<BodyBody>,
) -> Answer<Response> {
    let (caller, input) = (command.caller, command.input);
    let outcome = this
        .ledger
        .command(command.actor, command.idempotency, move |work| {
            let expected = input.expected_version;
            Organisation::save_body(work, &caller, input.body(id), expected)
        })
        .await?;
    Ok(done(outcome))
}

/// A post as entered.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PostBody {
    /// Unit.
    unit: String,
    /// Title.
    title: String,
    /// The lower comes first in the unit, 0 to 999.
    #[serde(default)]
    rank: i64,
    /// Who is in it, and who stands in.
    #[serde(default)]
    holders: Vec<Holder>,
    /// Whether it is abolished.
    #[serde(default)]
    closed: bool,
    /// The version the caller had seen.
    expected_version: Option<u64>,
}

impl PostBody {
    fn post(self, id: String) -> Post {
        Post {
            id,
            unit: self.unit,
            title: self.title.trim().to_owned(),
            rank: self.rank,
            holders: self.holders,
            closed: self.closed,
            version: 0,
        }
    }
}

/// Makes a post.
#[utoipa::path(post, path = "/api/v1/posts", operation_id = "organisation.create_post", tag = "organisation",
    request_body = PostBody, responses((status = 201, body = Saved)))]
pub async fn create_post(
    Extension(this): Extension<Organisation>,
    command: Command<PostBody>,
) -> Answer<Response> {
    let (caller, input) = (command.caller, command.input);
    let outcome = this
        .ledger
        .command(command.actor, command.idempotency, move |work| {
            Organisation::save_post(work, &caller, input.post(String::new()), None)
        })
        .await?;
    Ok(created(outcome))
}

/// Changes a post: who holds it, who acts for the holder, the deputies and their order.
#[utoipa::path(put, path = "/api/v1/posts/{id}", operation_id = "organisation.update_post", tag = "organisation",
    params(("id" = String, Path)), request_body = PostBody, responses((status = 200, body = Saved)))]
pub async fn update_post(
    Extension(this): Extension<Organisation>,
    Params(id): Params<String>,
    command: Command<PostBody>,
) -> Answer<Response> {
    let (caller, input) = (command.caller, command.input);
    let outcome = this
        .ledger
        .command(command.actor, command.idempotency, move |work| {
            let expected = input.expected_version;
            Organisation::save_post(work, &caller, input.post(id), expected)
        })
        .await?;
    Ok(done(outcome))
}
