"""C4.6, C4.7, C5.1: follow-ups, ratings, the end."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from baoxiu.sop import followups
from baoxiu.sop.fields import Id, Line, NeededWords, OneOf, Score, Words
from baoxiu.sop.payloads.base import Payload


class Answer(Payload):
    """One question of the script and what the customer said to it."""

    question: Line = Field(default="", title="Question", json_schema_extra={"widget": "given"})
    answer: Annotated[str, OneOf(followups.ANSWERS)] = Field(default="", title="Answer")
    text: Line = Field(default="", title="In the customer's words")


Answers = Annotated[
    list[Answer],
    Field(default_factory=list, max_length=20, title="Answers", json_schema_extra={"widget": "lines"}),
]


class FollowUp(Payload):
    works: Literal[True] = Field(default=True, title="The product works")
    satisfaction: Score = Field(title="How satisfied does the customer say he is?")
    questions: Words = Field(default="", title="Questions and answers")
    answers: Answers


class FollowUpMissed(Payload):
    outcome: Annotated[str, OneOf(followups.MISSED)] = Field(default="no_answer", title="Outcome of the call")
    text: Words = Field(default="", title="Remark")


class FollowUpLater(Payload):
    """C4.6: the customer answered and asked to be called at another time; no attempt is counted."""

    call_at: AwareDatetime = Field(title="Call again at")
    text: Words = Field(default="", title="Remark")


class FinalLater(FollowUpLater):
    pass


class Substitute(Payload):
    engineer: Id = Field(title="Engineer", json_schema_extra={"widget": "engineer"})
    reason: NeededWords = Field(title="Reason")


class WaiveFollowUp(Payload):
    reason: NeededWords = Field(title="Reason")


class FinalFollowUp(Payload):
    works: Literal[True] = Field(default=True, title="The product works")
    satisfaction: Score = Field(title="How satisfied does the customer say he is?")
    text: Words = Field(default="", title="What the customer said")
    answers: Answers


class FinalMissed(FollowUpMissed):
    pass


class WaiveFinal(WaiveFollowUp):
    pass


class Reopen(Payload):
    reason: NeededWords = Field(title="What is still wrong?")
    owner: Id | None = Field(
        default=None, title="Who takes care of it", json_schema_extra={"widget": "agent"}
    )


class Rate(Payload):
    """C5.1: from the customer only, once."""

    attitude: Score = Field(title="Attitude")
    speed: Score = Field(title="Speed")
    quality: Score = Field(title="Quality")
    overall: Score = Field(title="Overall")
    nps: Annotated[int, Field(ge=0, le=10, json_schema_extra={"widget": "nps"})] | None = Field(
        default=None, title="Would you recommend us? (0–10)"
    )
    text: Words = Field(default="", title="Your words")


class Close(Payload):
    text: Words = Field(default="", title="Remark")
