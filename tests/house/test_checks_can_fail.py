"""A check that cannot fail proves nothing: each is fed a small bad sample, and a good one beside it."""

from __future__ import annotations

import pytest

from baoxiu import assets
from tests.house import checks
from tools import lock_clean

LONG = "\n".join(["x = 1"] * 401)
LONG_FUNCTION = "def f():\n" + "    x = 1\n" * 61

BAD = [
    (
        checks.floors_broken,
        {"cases/steps.py": "from baoxiu.dispatch import operations"},
        "cases imports dispatch",
    ),
    (checks.floors_broken, {"triage/models.py": "import baoxiu.dispatch.models"}, "triage imports dispatch"),
    (
        checks.floors_broken,
        {"faces/desk/urls.py": "from baoxiu.config import settings"},
        "faces imports config",
    ),
    (checks.floors_broken, {"sop/x.py": "from ..people import models"}, "sop imports people"),
    (checks.floors_broken, {"cases/a.py": "def f():\n    from baoxiu import faces"}, "cases imports faces"),
    (checks.floors_broken, {"attic/x.py": ""}, "on no floor"),
    (
        checks.mutual_imports,
        {"terms/a.py": "import baoxiu.catalogue", "catalogue/b.py": "from baoxiu import terms"},
        "catalogue",
    ),
    (
        checks.mutual_imports,
        {
            "terms/a.py": "import baoxiu.parts",
            "parts/a.py": "import baoxiu.catalogue",
            "catalogue/b.py": "import baoxiu.terms",
        },
        "parts",
    ),
    (checks.impure_imports, {"sop/x.py": "from django.utils import timezone"}, "django"),
    (checks.impure_imports, {"lib/x.py": "import django"}, "django"),
    (checks.late_imports, {"cases/x.py": "def f():\n    import json"}, "json"),
    (checks.late_imports, {"cases/x.py": "def f():\n    from .models import Case"}, "cases/x.py:2"),
    (checks.signal_use, {"cases/x.py": "from django.db.models.signals import post_save"}, "post_save"),
    (checks.signal_use, {"cases/x.py": "from django.dispatch import receiver"}, "receiver"),
    (checks.vague_names, {"cases/utils.py": ""}, "utils"),
    (checks.vague_names, {"cases/services/x.py": ""}, "services"),
    (checks.too_long, {"cases/x.py": LONG}, "401 lines"),
    (checks.long_functions, {"cases/x.py": LONG_FUNCTION}, "62 lines"),
    (checks.clock_reads, {"sop/x.py": "import datetime\na = datetime.datetime.now()"}, "datetime.now"),
    (checks.clock_reads, {"visits/operations.py": "now = timezone.now()"}, "timezone.now"),
    (checks.clock_reads, {"visits/queries/lists.py": "today = date.today()"}, "date.today"),
    (checks.misshapen_verbs, {"visits/operations.py": "def check_in(case, *, by): ..."}, "check_in"),
    (checks.misshapen_verbs, {"visits/queries.py": "def open_visits(): ..."}, "open_visits"),
    (checks.private_text, {"a.md": "/".join(["see ", "home", "anna", "baoxiu"])}, "a.md:1"),
    (checks.private_text, {"a.txt": ".".join(["--index-url pypi", "org"])}, "a.txt:1"),
]

GOOD = [
    (
        checks.floors_broken,
        {"dispatch/operations.py": "from baoxiu.cases import steps\nfrom . import models"},
    ),
    (checks.floors_broken, {"terms/a.py": "from baoxiu.catalogue import models"}),
    (
        checks.floors_broken,
        {"config/urls.py": "from baoxiu.faces.desk import urls", "assets.py": "import baoxiu.config"},
    ),
    (
        checks.mutual_imports,
        {"terms/a.py": "from baoxiu.catalogue import models", "catalogue/b.py": "import baoxiu.sop"},
    ),
    (
        checks.impure_imports,
        {"sop/x.py": "import hashlib\nfrom pydantic import BaseModel\nfrom baoxiu.lib import money"},
    ),
    (checks.late_imports, {"cases/x.py": "import json\ndef f():\n    import typst"}),
    (checks.vague_names, {"cases/steps.py": ""}),
    (checks.too_long, {"cases/x.py": "x = 1"}),
    (checks.long_functions, {"cases/x.py": "def f():\n    return 1"}),
    (
        checks.clock_reads,
        {"faces/desk/views.py": "now = timezone.now()", "sop/x.py": "def f(now): return now"},
    ),
    (checks.misshapen_verbs, {"visits/operations.py": "def go(*, case, by, now): ...\ndef _inner(): ..."}),
    (checks.private_text, {"a.md": "see docs/house.md"}),
]


@pytest.mark.parametrize(("check", "tree", "said"), BAD, ids=lambda value: getattr(value, "__name__", ""))
def test_a_bad_sample_is_caught(check, tree, said):
    assert any(said in complaint for complaint in check(tree))


@pytest.mark.parametrize(("check", "tree"), GOOD, ids=lambda value: getattr(value, "__name__", ""))
def test_a_good_sample_passes(check, tree):
    assert check(tree) == []


def test_an_address_in_a_lock_is_caught_and_sponsors_are_dropped():
    assert lock_clean.addresses('"resolved": "https://example.org/x.tgz"')
    lock = '{"packages": {"x": {"version": "1", "funding": {"url": "https://example.org"}}}}'
    assert lock_clean.addresses(lock_clean.drop_funding(lock)) == []


def test_an_icon_that_does_not_exist_is_named():
    sprite = '<svg><symbol id="tabler-home" viewBox="0 0 24 24"><path d="M1 1"/></symbol></svg>'
    svg, unknown = assets.cut(sprite, {"home", "hoome"})
    assert 'id="tabler-home"' in svg
    assert unknown == {"hoome"}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("{{ icon(\"home\") }}{{ ui.icon('tool', size=16) }}", {"home", "tool"}),
        ('<use href="/static/vendor/icons.svg#tabler-map-pin"/>', {"map-pin"}),
        ('Look(icon="clock", colour="red"), {"icon": "flag"}', {"clock", "flag"}),
        ('<link href="vendor/tabler.min.css"> "@tabler/core"', set()),
    ],
)
def test_icons_are_found_where_they_are_named(text, names):
    assert assets.icons_in(text) == names
