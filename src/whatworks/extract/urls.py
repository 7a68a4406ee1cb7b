"""Addresses of the studies in the workspace: coded, reconciled, turned into findings, and appraised."""

from django.urls import path

from whatworks.extract import urls_appraising
from whatworks.extract.views import coding, entering, files, frames, mending, reconciling, regrouping, studies

STUDY, CODING, FRAME = (f"workspace/{one}/<str:identifier>" for one in ("studies", "coding", "frames"))
IN_REVIEW = "workspace/reviews/<slug:slug>"

urlpatterns = [
    path("workspace/studies/", studies.studies, name="studies"),
    path(f"{IN_REVIEW}/open-study/", studies.opening, name="open_study"),
    path(f"{IN_REVIEW}/coders/", reconciling.review_agreement, name="review_agreement"),
    path(f"{STUDY}/", studies.study, name="study_work"),
    path(f"{STUDY}/add/<slug:what>/", studies.add, name="study_add"),
    path(f"{STUDY}/remove/<slug:what>/", studies.remove, name="study_remove"),
    path(f"{STUDY}/change/", mending.facts, name="study_facts"),
    path(f"{STUDY}/support/", mending.support, name="study_support"),
    path(f"{STUDY}/arms/<str:part>/", mending.arm, name="study_arm"),
    path(f"{STUDY}/outcomes/<str:part>/", mending.measure, name="study_measure"),
    path(f"{STUDY}/results/<str:part>/", mending.result, name="study_result"),
    path(f"{STUDY}/split/", regrouping.split, name="study_split"),
    path(f"{STUDY}/merge/", regrouping.merge, name="study_merge"),
    path(f"{STUDY}/take-back/", regrouping.take_back, name="study_take_back"),
    path(f"{STUDY}/files/<str:document>/", files.file, name="study_file"),
    path(f"{STUDY}/text/<str:document>/", files.text, name="study_text"),
    path(f"{STUDY}/pages/<str:document>/", files.page, name="study_page"),
    path(f"{STUDY}/pages/<str:document>/<int:number>.png", files.picture, name="study_picture"),
    path(f"{STUDY}/finding/", entering.finding, name="enter_finding"),
    path(f"{CODING}/", coding.coding, name="coding"),
    path(f"{CODING}/reconcile/", reconciling.reconcile, name="reconcile"),
    path("workspace/frames/", frames.frames, name="frames"),
    path("workspace/frames/take-into-use/", frames.adopt, name="adopt_frame"),
    path(f"{FRAME}/", frames.frame, name="frame_work"),
    path(f"{FRAME}/make/<slug:what>/", frames.make, name="frame_make"),
    path(f"{FRAME}/file.<slug:form>", frames.taken, name="frame_taken"),
]
urlpatterns += urls_appraising.urlpatterns
