"""Addresses of the incidents app."""

from django.urls import path

from incidents import views

app_name = "incidents"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("mine/", views.mine, name="mine"),
    path("figures/", views.figures, name="figures"),
    path("outcomes/", views.outcomes, name="outcomes"),
    path("retention/", views.retention, name="retention"),
    path("disposal/", views.disposals, name="disposals"),
    path("disposal/<uuid:public_id>/", views.disposal, name="disposal"),
    path("disposal/<uuid:public_id>/keep/", views.disposal_keep, name="disposal_keep"),
    path("disposal/<uuid:public_id>/decide/", views.disposal_decide, name="disposal_decide"),
    path("disposal/<uuid:public_id>/carry-out/", views.disposal_carry_out, name="disposal_carry_out"),
    path("disposal/<uuid:public_id>/package/", views.disposal_package, name="disposal_package"),
    path("disposal/<uuid:public_id>/log.csv", views.disposal_log, name="disposal_log"),
    path("<uuid:public_id>/", views.case, name="case"),
    path("<uuid:public_id>/files/", views.files, name="files"),
    # By the file's own id: it belongs to one case, and the case decides who may read it.
    path("files/<uuid:public_id>/", views.file, name="file"),
    path("<uuid:public_id>/serious/", views.serious, name="serious"),
    path("<uuid:public_id>/close/", views.close, name="close"),
    path("<uuid:public_id>/reopen/", views.reopen, name="reopen"),
    path("<uuid:public_id>/outcome/", views.outcome, name="outcome"),
    path("<uuid:public_id>/outcome/take-back/", views.outcome_take_back, name="outcome_take_back"),
    path("<uuid:public_id>/share/", views.share, name="share"),
    path("<uuid:public_id>/unshare/", views.unshare, name="unshare"),
    path("<uuid:public_id>/support/", views.support, name="support"),
    path("<uuid:public_id>/support/offer/", views.support_offer, name="support_offer"),
    path("<uuid:public_id>/support/answer/", views.support_answer, name="support_answer"),
    path("<uuid:public_id>/support/given/", views.support_given, name="support_given"),
    path("<uuid:public_id>/support/crisis-group/", views.crisis_group, name="crisis_group"),
    path("<uuid:public_id>/escalation/", views.escalation, name="escalation"),
    path("<uuid:public_id>/escalation/answer/", views.escalation_answer, name="escalation_answer"),
    path("<uuid:public_id>/precautions/", views.precautions, name="precautions"),
    path("<uuid:public_id>/precautions/threat/", views.threat, name="threat"),
    path("<uuid:public_id>/investigation/", views.investigation, name="investigation"),
    # Secrecy, disclosure and the register; the data-protection officer's pages.
    path("readings/", views.readings, name="readings"),
    path("register/", views.register, name="register"),
    path("protection/", views.protection, name="protection"),
    path("protection/exports/", views.person_exports, name="person_exports"),
    path("protection/exports/<uuid:public_id>/", views.person_export, name="person_export"),
    path("protection/exports/<uuid:public_id>/<slug:kind>/", views.person_export_file, name="person_export_file"),
    path("<uuid:public_id>/readings/", views.case_readings, name="case_readings"),
    path("<uuid:public_id>/register/", views.case_register, name="case_register"),
    path("<uuid:public_id>/secrecy/", views.secrecy, name="secrecy"),
    path("<uuid:public_id>/secrecy/lift/", views.lift_mark, name="lift_mark"),
    path("<uuid:public_id>/disclosure/", views.disclosures, name="disclosures"),
    path("<uuid:public_id>/disclosure/new/", views.disclosure_new, name="disclosure_new"),
    path("<uuid:public_id>/disclosure/<uuid:disclosure>/", views.disclosure_file, name="disclosure_file"),
    path("<uuid:public_id>/purge/", views.purge, name="purge"),
    path("<uuid:public_id>/purge/ask/", views.purge_ask, name="purge_ask"),
]
