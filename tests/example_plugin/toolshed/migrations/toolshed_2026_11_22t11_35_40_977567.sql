-- Whatever code runs, nobody borrows what somebody has.
create unique index toolshed_loan_open on toolshed_loan (tool) where returned_on is null;

create index toolshed_loan_late on toolshed_loan (due_on) where returned_on is null;
create index toolshed_loan_tool on toolshed_loan (tool);
create index toolshed_loan_borrower on toolshed_loan (borrower);
