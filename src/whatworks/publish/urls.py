"""Addresses of what can be read, and of the workspace where pages are kept true."""

from django.urls import include, path

from whatworks.publish import merging, views, views_ratings, views_young, workspace
from whatworks.publish.finding import views as finding_views
from whatworks.publish.formats import views as views_downloads
from whatworks.publish.formats import views_card as card_views
from whatworks.publish.formats.downloads import FORMATS

urlpatterns = [
    path("", include("whatworks.publish.guides.urls")),
    path("", include("whatworks.publish.maps.urls")),
    path("", include("whatworks.publish.particulars.urls")),
    path("", include("whatworks.publish.writing.urls")),
    path("evidence/", finding_views.store, name="store"),
    path("feeds/all.atom", finding_views.feed_all, name="feed_all"),
    path("feeds/<slug:slug>.atom", finding_views.feed_theme, name="feed_theme"),
    path("evidence/<slug:slug>/feed.atom", finding_views.feed_page, name="feed_page"),
    path("evidence/<slug:slug>/", views.page, name="page"),
    path("evidence/<slug:slug>/history/", views.page_history, name="page_history"),
    path("evidence/<slug:slug>/revisions/<int:number>/", views.page_revision, name="page_revision"),
    path("evidence/<slug:slug>/ratings/", views_ratings.ratings, name="ratings_compared"),
    path("evidence/<slug:slug>/young/", views_young.young, name="young"),
    *(path(f"evidence/<slug:slug>/{name}", views_downloads.newest_file, {"name": name}) for name in FORMATS),
    *(
        path(f"evidence/<slug:slug>/revisions/<int:number>/{name}", views_downloads.revision_file, {"name": name})
        for name in FORMATS
    ),
    path("evidence/<slug:slug>/embed/", card_views.embed, name="embed"),
    path("embed/<slug:slug>/", card_views.card, name="card"),
    path("embed/<slug:slug>/oembed.json", card_views.card_oembed, name="card_oembed"),
    path("trace/<str:identifier>/", views.trace, name="trace"),
    path("reviews/", views.reviews, name="reviews"),
    path("reviews/<slug:slug>/", views.review, name="review"),
    path("reports/<str:identifier>/", views.report, name="report"),
    path("studies/<str:identifier>/", views.study, name="study"),
    path("workspace/", workspace.home, name="workspace"),
    path("workspace/correct/<str:identifier>/", workspace.correct, name="correct"),
    path("workspace/drafts/<str:identifier>/", workspace.draft, name="draft"),
    path("workspace/waiting/<slug:kind>/", workspace.waiting, name="waiting"),
    path("workspace/judged/<slug:review>/<str:report>/", merging.judged, name="judged"),
]
