"""The actionplans app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActionplansConfig(AppConfig):
    name = "actionplans"
    verbose_name = _("Plans")

    def ready(self) -> None:
        from actionplans import answers, permissions
        from organisation import navigation, work
        from risks import answers as risk_answers

        navigation.register(
            navigation.Entry(
                label=_("Plans"),
                url_name="actionplans:list",
                permission=permissions.VIEW_PLAN,
                order=40,
                prefix="/plans/",
            )
        )
        work.register(answers.work)
        risk_answers.register(answers.measures_answering)
