"""Who answers, and why: the same words on every page."""

from typing import Any

from organisation.answer_words import in_a_sentence, trail_of
from organisation.responsibility import Answer
from organisation.templatetags.portal.library import register

register.filter("in_a_sentence", in_a_sentence)


@register.inclusion_tag("components/who_answers.html")
def who_answers(answer: Answer, *, linked: bool = True) -> dict[str, Any]:
    """The one who answers, under their title, and the gaps that led there; ``linked`` leads on to the seat's page."""
    return {"answer": answer, "trail": trail_of(answer), "linked": linked}
