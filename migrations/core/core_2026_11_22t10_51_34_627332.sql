create index file_subject on file (subject_kind, subject_id, id);
create index file_content_of on file (content);

-- A content is the thing that its digest names; a name is what was sent. Neither becomes another.
create function file_content_checked() returns trigger language plpgsql as $$
begin
    if new.digest <> sha256(new.content) then
        raise exception 'the digest of a file is not that of its content' using errcode = 'check_violation';
    end if;
    return new;
end $$;
create trigger file_content_checked before insert or update of content on file_content
    for each row execute function file_content_checked();
