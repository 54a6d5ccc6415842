-- The days of 2026 as the State Council arranged them: from a day on 1 is off, 2 is worked, 0 by weekday.
-- The years after are set on the page of rules of the platform.
insert into parameter_value (code, scope_kind, scope_id, value, effective_on, set_at)
select 'venture.workdays', 'platform', 1, d.value, d.since, now() from (values
    ('2026-01-01'::date, 1), ('2026-01-04', 2), ('2026-01-05', 0),
    ('2026-02-14', 2), ('2026-02-15', 1), ('2026-02-24', 0), ('2026-02-28', 2), ('2026-03-01', 0),
    ('2026-04-04', 1), ('2026-04-07', 0),
    ('2026-05-01', 1), ('2026-05-06', 0), ('2026-05-09', 2), ('2026-05-10', 0),
    ('2026-06-19', 1), ('2026-06-22', 0),
    ('2026-09-20', 2), ('2026-09-21', 0), ('2026-09-25', 1), ('2026-09-28', 0),
    ('2026-10-01', 1), ('2026-10-08', 0), ('2026-10-10', 2), ('2026-10-11', 0)
) d (since, value);
