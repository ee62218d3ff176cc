"""The pages that everyone may read, and the gallery of components for those who build the portal."""

from typing import Any

from django.conf import settings
from django.urls import path
from django.views.generic import TemplateView

from safety_portal.gallery import gallery


class AccessibilityView(TemplateView):
    """The accessibility statement that the law on digital public service (2018:1937) requires."""

    template_name = "pages/accessibility.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(feedback_email=settings.DEFAULT_FROM_EMAIL, **kwargs)


urlpatterns = [
    path("accessibility/", AccessibilityView.as_view(), name="accessibility"),
    path("privacy/", TemplateView.as_view(template_name="pages/privacy.html"), name="privacy"),
    path("whistleblowing/", TemplateView.as_view(template_name="pages/whistleblowing.html"), name="whistleblowing"),
    path("help/", TemplateView.as_view(template_name="pages/help.html"), name="help"),
    path("gallery/", gallery, name="gallery"),
]
