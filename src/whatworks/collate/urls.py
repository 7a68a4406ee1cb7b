"""Addresses of what has been written: search, matching, imports, and the open door for machines."""

from django.urls import URLPattern, URLResolver, path

from whatworks.collate.views import entering, searches

urlpatterns: list[URLPattern | URLResolver] = [
    path("workspace/searches/", searches.searches, name="searches"),
    path("workspace/searches/new/", searches.new_search, name="new_search"),
    path("workspace/searches/log.csv", searches.search_log_csv, name="search_log"),
    path("workspace/searches/<str:identifier>/", searches.strategy, name="strategy"),
    path("workspace/searches/<str:identifier>/words/", searches.strategy_words, name="strategy_words"),
    path("workspace/runs/<str:identifier>/", searches.run_changes, name="run_changes"),
    path("workspace/runs/<str:identifier>/explain/", searches.explain_run, name="explain_run"),
    path("workspace/reports/enter/", entering.enter, name="enter_report"),
    path("workspace/reports/<str:identifier>/files/", entering.report_files, name="report_files"),
    path("workspace/documents/<str:identifier>/", entering.document, name="document"),
]
