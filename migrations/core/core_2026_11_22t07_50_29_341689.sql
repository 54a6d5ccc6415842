-- Piccolo does not see that a check has changed.
alter table job drop constraint job_state;
alter table job add constraint job_state
    check (state in ('waiting', 'sent', 'done', 'failed', 'cancelled'));

-- Jobs: what needs somebody, all of one name, what is swept, and the jobs of a delivery.
create index job_given_up on job (id) where state in ('failed', 'cancelled');
create index job_name on job (name, id);
create index job_done on job (finished_at) where state = 'done';
create index job_delivery on job (((args->>'delivery_id')::bigint), id) where name = 'core.deliver_event';

-- Deliveries: what an operator lists, and what is swept.
create index event_delivery_open on event_delivery (id) where state <> 'done';
create index event_delivery_done on event_delivery (finished_at) where state = 'done';

-- Every search of the record goes along one of these, newest first.
drop index audit_event_subject;
create index audit_event_subject on audit_event (subject_kind, subject_id, happened_at, id);
create index audit_event_actor on audit_event (actor_id, happened_at, id);
create index audit_event_action on audit_event (action, happened_at, id);
create index audit_event_time on audit_event (happened_at, id);

create trigger audit_seal_append_only before update or delete or truncate on audit_seal
    for each statement execute function refuse_change();

create index stored_file_owner on stored_file (owner_id, id);
create index stored_file_expires on stored_file (expires_at);
