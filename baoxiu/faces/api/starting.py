"""What a new installation still needs, over the API."""

from __future__ import annotations

from baoxiu.faces.api.kept import Kept
from baoxiu.faces.api.pages import Page
from baoxiu.faces.api.verbs import Verb, declare, listed
from baoxiu.faces.common import starting


class FirstStep(Kept):
    """`why`: what it is good for or what is missing; without what is not `is_needed` the service runs as well."""

    name: str
    title: str
    why: str
    is_done: bool
    is_needed: bool


# fmt: off
declare("Background", (
    Verb("GET", "/getting-started", "list_first_steps", "Getting started · 开始使用", ("manager", "administrator"), listed(FirstStep, starting.items), Page[FirstStep], more="In the order in which one does them; ticked off by what is really there."),
))
# fmt: on
