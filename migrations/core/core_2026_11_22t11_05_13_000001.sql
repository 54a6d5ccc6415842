create index project_organization on project (organization, id);
create index project_region on project (region, id);
create index project_state on project (state, id);
create index project_report_project on project_report (project, id);
create index project_report_reported_by on project_report (reported_by);
