"""The short addresses on a workplace's poster, and where a reporter comes back to."""

from django.urls import path

from incidents import views

app_name = "report"
urlpatterns = [
    path("", views.choose, name="choose"),
    path("code/", views.code, name="code"),
    path("leave/", views.leave, name="leave"),
    path("offline/", views.offline, name="offline"),
    path("worker.js", views.worker, name="worker"),
    path("receipt/<uuid:public_id>/", views.receipt, name="receipt"),
    path("receipt/<uuid:public_id>/pdf/", views.receipt_pdf, name="receipt_pdf"),
    path("status/<uuid:public_id>/", views.status, name="status"),
    path("status/<uuid:public_id>/withdraw/", views.withdraw, name="withdraw"),
    path("status/<uuid:public_id>/support/", views.report_support, name="support"),
    path("<slug:report_code>/", views.form, name="form"),
]
