"""Addresses of enquiries, of private pages, of the disclosure log, of moderation."""

from django.urls import path

from whatworks.convene import views_enquiries as views
from whatworks.convene import views_enquiries_work as working
from whatworks.convene import views_moderation as moderating

urlpatterns = [
    path("ask/", views.ask, name="ask"),
    path("ask/to/<str:offer>/<slug:kind>/<slug:key>/", views.ask_followed, name="ask_followed"),
    path("mine/<str:token>/", views.mine, name="enquiry_mine"),
    path("answers/", views.answers, name="answers"),
    path("answers/answers.csv", views.answers_file, name="answers_file"),
    path("answers/<int:number>/", views.answer_given, name="answer_given"),
    path("moderation/", moderating.rules, name="moderation"),
    path("moderation/log.csv", moderating.log_file, name="moderation_log"),
    path("workspace/enquiries/", working.work, name="enquiries_work"),
    path("workspace/enquiries/enter/", working.enter, name="enquiry_enter"),
    path("workspace/enquiries/questions/", working.questions, name="questions_work"),
    path("workspace/enquiries/<str:identifier>/", working.enquiry, name="enquiry_work"),
    path("workspace/moderation/", moderating.texts, name="texts_work"),
    path("workspace/moderation/apart/", moderating.quarantine, name="quarantine_work"),
    path("workspace/moderation/<str:identifier>/", moderating.text, name="text_work"),
]
