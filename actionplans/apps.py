"""The actionplans app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActionplansConfig(AppConfig):
    name = "actionplans"
    verbose_name = _("Plans")

    def ready(self) -> None:
        from actionplans import answers, group_actions, holdings, oversight, permissions
        from actionplans.handover import unfinished_measures
        from actionplans.sharing import PLANS
        from organisation import action_ties, handover, navigation, sharing, work
        from organisation import holdings as held
        from organisation.oversight import Column
        from organisation.oversight import register as register_column
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
        sharing.register(PLANS)
        handover.register(unfinished_measures)
        held.register(holdings.plan_holdings, holdings.IN_FORCE, holdings.UNDER_WORK, order=30)
        risk_answers.register(answers.measures_answering)
        action_ties.register(group_actions.became_of, group_actions.offers_for)
        register_column(
            Column(label=_("This year's plan"), source=oversight.plan_of_the_year, order=20, is_number=False)
        )
        register_column(Column(label=_("Overdue measures"), source=oversight.overdue_measures, order=40))
