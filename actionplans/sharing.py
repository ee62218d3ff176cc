"""How one plan is shared: with a person or with a group, who may then read it as it is submitted or in force."""

from django.utils.translation import gettext_lazy as _

from actionplans.models import Plan, PlanGrant, PlanShare
from actionplans.permissions import CHANGE_PLAN, VIEW_PLAN
from organisation.access import require
from organisation.models import User
from organisation.sharing import Shareable


def require_preparer(plan: Plan, by: User) -> None:
    """Raise ``NotAllowed`` unless ``by`` prepares the plan."""
    require(by, CHANGE_PLAN, plan)


def name(plan: Plan) -> str:
    """What a plan is called: its title."""
    return plan.title


PLANS = Shareable(
    key="plans",
    label=_("Plans"),
    model=Plan,
    grant_model=PlanGrant,
    permissions=(VIEW_PLAN,),
    require_sharer=require_preparer,
    name=name,
    url_name="actionplans:plan",
    share_model=PlanShare,
)
