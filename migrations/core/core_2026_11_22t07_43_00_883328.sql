-- Who holds, and held, which role in a place; a person's own are found by role_grant_person.
create index role_grant_scope on role_grant (scope_kind, scope_id, id desc);
create index login_try_latest on login_try (latest_at);
create index organization_name on organization (name, id);
