"""How many statements each action costs: asked of the views themselves, in the home that is measured."""

CODE = """
import re, uuid
from django.conf import settings
settings.ALLOWED_HOSTS = ["*"]
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from baoxiu.cases.models import Case
from baoxiu.people.models import Staff
from bench import words
client = Client(headers={"accept-language": "zh-CN"})
client.force_login(Staff.objects.get(email="agent1@example.com"), backend="baoxiu.people.sessions.Backend")
number = Case.objects.filter(is_open=True, journal_count__gte=5).values_list("number", flat=True).first()
asked = words.request(10**9 + 1, length=500)
form = dict(channel="phone", kind="repair", language="zh", problem=asked.problem, name=asked.name, phone=asked.phone,
            email=asked.email, product=asked.product, brand=asked.brand, product_class="appliance")
acts = {
    "W1": lambda: client.post("/desk/phone/", {**form, "key": uuid.uuid4().hex}),
    "W2": lambda: client.get("/desk/cases/?status=open"),
    "W2b": lambda: client.get("/desk/?view=team"),
    "W3": lambda: client.get(f"/desk/cases/{number}/"),
    "W4": lambda: client.post(f"/desk/cases/{number}/reply/", {"text": "好的", "key": uuid.uuid4().hex}),
    "W5": lambda: client.get("/desk/search/", {"q": words.RARE}),
    "W5b": lambda: client.get("/desk/search/", {"q": "漏水"}),
}
found = {}
for name, act in acts.items():
    act()
    with CaptureQueriesContext(connection) as seen:
        answer = act()
    assert answer.status_code in (200, 302), (name, answer.status_code)
    found[name] = sum(not re.match(r"(SAVEPOINT|RELEASE|BEGIN|COMMIT)", q["sql"]) for q in seen.captured_queries)
print(json.dumps(found))
"""
