"""The organisation chart."""

from django.urls import path

from organisation.views import chart as views

urlpatterns = [
    path("chart/", views.chart, name="chart"),
    path("chart/pdf/", views.chart_pdf, name="chart_pdf"),
    path("chart/papers/<uuid:public_id>/", views.chart_paper, name="chart_paper"),
    path("chart/papers/<uuid:public_id>/file/", views.chart_file, name="chart_file"),
]
