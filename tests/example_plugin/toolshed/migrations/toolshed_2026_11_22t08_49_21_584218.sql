-- Whatever code runs, nobody borrows what somebody has.
create unique index toolshed_loan_open on toolshed_loan (tool) where state in ('reserved', 'out');

create index toolshed_loan_due on toolshed_loan (due_on) where state = 'out';
create index toolshed_loan_tool on toolshed_loan (tool);
create index toolshed_loan_person on toolshed_loan (person);
create index toolshed_tool_organization on toolshed_tool (organization);
