"""C3.1: the customer objects to a decision; somebody who did not make it looks again."""

from __future__ import annotations

from baoxiu.cases import decisions, objections
from baoxiu.cases.steps import Taking, operation
from baoxiu.sop import payloads


@operation("contest")
def contest(taking: Taking, payload: payloads.Contest) -> None:
    """An objection to who pays or to the price: from now on a review is owed, and timed. One at a time."""
    if "review" in taking.open_duties:
        raise taking.refuse(
            "An objection is being looked at already; object again after the answer.",
            "已有异议正在复核，收到答复后方可再次提出。",
            code="under_review",
        )


@operation("uphold")
def uphold(taking: Taking, payload: payloads.Uphold) -> None:
    """The decision stands, with reasons for the customer."""
    objections.reviewed_by_another(taking)


@operation("concede")
def concede(taking: Taking, payload: payloads.Concede) -> None:
    """The customer is right: it is free of charge; the rules' own word stays beside it."""
    objections.reviewed_by_another(taking, "entitlement")
    decisions.override(taking, "free")
