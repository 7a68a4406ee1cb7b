"""Addresses of consultations, of key messages, and of what was done about them."""

from django.urls import path, re_path

from whatworks.convene import views_coding as coding
from whatworks.convene import views_consultations as views

urlpatterns = [
    path("consultations/", views.consultations, name="consultations"),
    path("consultations/mine/<str:token>/", views.mine, name="response_mine"),
    path("consultations/<slug:slug>/", views.consultation, name="consultation"),
    path("consultations/<slug:slug>/answer/", views.answer, name="consultation_answer"),
    re_path(
        r"^consultations/(?P<slug>[-a-zA-Z0-9_]+)/messages\.(?P<form>pdf|docx|pptx)$",
        views.report_file,
        name="messages_file",
    ),
    path("messages/", views.messages_done, name="messages"),
    path("messages/<str:identifier>/", views.message, name="message"),
    path("workspace/asked/", coding.work, name="consultations_work"),
    path("workspace/asked/run/<slug:slug>/", coding.run, name="consultation_run"),
    path("workspace/asked/code/", coding.to_code, name="coding_work"),
    path("workspace/asked/code/<slug:slug>/", coding.code, name="answer_coding"),
]
