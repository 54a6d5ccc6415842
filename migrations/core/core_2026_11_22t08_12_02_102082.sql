-- The sweep looks for the oldest.
create index given_answer_given_at on given_answer (given_at);
