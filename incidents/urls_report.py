"""The short addresses on a workplace's poster."""

from django.urls import path

from incidents import views

app_name = "report"
urlpatterns = [
    path("", views.choose, name="choose"),
    path("receipt/<uuid:public_id>/", views.receipt, name="receipt"),
    path("<slug:report_code>/", views.form, name="form"),
]
