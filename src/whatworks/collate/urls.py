"""Addresses of what has been written: search, matching, imports, and the open door for machines."""

from django.urls import URLPattern, URLResolver, path

from whatworks.collate.views import entering, importing, matching, merging, retractions, search, searches, sharing

urlpatterns: list[URLPattern | URLResolver] = [
    path("workspace/pairs/", matching.queue, name="pairs"),
    path("workspace/pairs/surest/", matching.surest, name="surest_pairs"),
    path("workspace/pairs/<str:left>/<str:right>/", matching.two, name="two_reports"),
    path("workspace/matches/<str:identifier>/", matching.match, name="match"),
    path("workspace/decisions/<str:identifier>/undo/", matching.take_back, name="undo"),
    path("workspace/merges/", merging.merged, name="merges"),
    path("workspace/merges/rules/", merging.rules, name="match_rules"),
    path("workspace/merges/contradictions/", merging.contradictions, name="match_conflicts"),
    path("workspace/merged/<str:identifier>/", merging.merged_one, name="merged_report"),
    path("workspace/imports/", importing.imports, name="imports"),
    path("workspace/imports/<int:number>/", importing.progress, name="import"),
    path("workspace/imports/columns/<slug:digest>/", importing.columns, name="import_columns"),
    path("reports/", search.reports, name="reports"),
    path("reports/export/", sharing.exports, name="exports"),
    path("reports/export/<slug:form>/", sharing.export, name="export"),
    path("reports/<str:identifier>/cite.ris", sharing.cite, {"form": "ris"}, name="cite_ris"),
    path("reports/<str:identifier>/cite.bib", sharing.cite, {"form": "bibtex"}, name="cite_bibtex"),
    path("reports/<str:identifier>/cite.json", sharing.cite, {"form": "csl"}, name="cite_csl"),
    path("workspace/retractions/", retractions.retractions, name="retractions"),
    path("workspace/retractions/<str:identifier>/", retractions.judge_notice, name="judge_notice"),
    path("workspace/searches/", searches.searches, name="searches"),
    path("workspace/searches/new/", searches.new_search, name="new_search"),
    path("workspace/searches/log.csv", searches.search_log_csv, name="search_log"),
    path("workspace/searches/<str:identifier>/", searches.strategy, name="strategy"),
    path("workspace/searches/<str:identifier>/words/", searches.strategy_words, name="strategy_words"),
    path("workspace/searches/<str:identifier>/rerun/", searches.rerun_online, name="rerun_online"),
    path("workspace/runs/<str:identifier>/", searches.run_changes, name="run_changes"),
    path("workspace/runs/<str:identifier>/explain/", searches.explain_run, name="explain_run"),
    path("workspace/reports/enter/", entering.enter, name="enter_report"),
    path("workspace/reports/<str:identifier>/files/", entering.report_files, name="report_files"),
    path("workspace/documents/<str:identifier>/", entering.document, name="document"),
]
