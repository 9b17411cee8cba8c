"""What every test may use: the database of the leg that runs, and a real Chromium for tests marked `browser`.

The legs are chosen by tools/run_tests.py; plain `pytest` gives the SQLite one.
"""

from __future__ import annotations

import fcntl
import gc
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.test import TestCase

ROOT = Path(__file__).resolve().parent
RESULTS = ROOT / "test-results"
LOCAL_HOSTS = ("127.0.0.1", "localhost", "testserver")
# what a page of ours must satisfy
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]


def find_chromium() -> str | None:
    """The browser without windows first: the same engine at half the work."""
    names = (
        os.environ.get("BAOXIU_CHROMIUM"),
        "chromium-headless-shell",
        "chromium",
        "chromium-browser",
        "google-chrome",
    )
    return next((found for name in names if name and (found := shutil.which(name))), None)


gc.disable()  # a third of the time of reading every test in; what is read in stays (see baoxiu/config/loaded.py)


def pytest_collection_finish() -> None:
    gc.set_threshold(20_000, 20, 50)
    gc.freeze()
    gc.enable()


def pytest_configure() -> None:
    """Serve static files as they lie, and spend no time on password hashing."""
    from django.conf import settings

    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    settings.WHITENOISE_AUTOREFRESH = True  # else every new test client reads the whole static folder
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

    # no test asks how fast the machine is
    slow = hypothesis.HealthCheck.too_slow
    hypothesis.settings.register_profile("baoxiu", deadline=None, suppress_health_check=[slow])
    hypothesis.settings.load_profile("baoxiu")


@pytest.hookimpl(tryfirst=True)  # `-m` asks for marks later
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark browser tests in the report, and skip them where there is no Chromium; mark what may ask the database.

    What takes longest begins first, if it has a database of its own; of the others those that empty theirs come last.
    """
    items.sort(key=lambda item: not (item.get_closest_marker("slow") and not _uses_tables(item)))
    absent = find_chromium() is None and os.environ.get("BAOXIU_REQUIRE_BROWSER") != "1"
    for item in items:
        if _uses_tables(item):
            item.add_marker("tables")
        if item.get_closest_marker("browser"):
            item.user_properties.append(("leg", "browser"))
            if absent:
                item.add_marker(pytest.mark.skip(reason="no Chromium: install one or set BAOXIU_CHROMIUM"))


def _uses_tables(item: pytest.Item) -> bool:
    """The others may not: pytest-django sees to that."""
    marked = item.get_closest_marker("django_db") or issubclass(
        getattr(item, "cls", None) or object, TestCase
    )
    return bool(marked) or not {"db", "transactional_db", "live_server"}.isdisjoint(
        getattr(item, "fixturenames", ())
    )


# -- database -------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request: pytest.FixtureRequest, tmp_path_factory: Any) -> None:
    """Use a real SQLite file, one per worker, so that threads and locks behave as in service."""
    from django.db import connections

    connection = connections["default"]
    expected = os.environ.get("BAOXIU_EXPECT_DATABASE")
    if expected and connection.vendor != expected:
        pytest.exit(f"this leg wants {expected} but the settings gave {connection.vendor}", returncode=3)
    if connection.vendor == "sqlite":
        file = tmp_path_factory.mktemp("database") / "test.sqlite3"
        connection.settings_dict["TEST"]["NAME"] = str(file)
        shutil.copyfile(migrated(), file)
        return
    request.getfixturevalue("django_db_modify_db_settings_parallel_suffix")
    RESULTS.mkdir(exist_ok=True)
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    (RESULTS / f"database-{connection.vendor}-{worker}.txt").write_text(connection.settings_dict["NAME"])


@pytest.fixture
def prepared_home(tmp_path: Path) -> Path:
    """A home with an empty, migrated database, for a server of its own."""
    home = tmp_path / "home"
    home.mkdir()
    shutil.copyfile(migrated(), home / "baoxiu.sqlite3")
    return home


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb: bool) -> bool:
    """A copy of the migrated file is not made anew; only what it lacks, nothing as a rule, is migrated."""
    from django.db import connection

    return django_db_keepdb or connection.vendor == "sqlite"


def migrated() -> Path:
    """An empty SQLite file with every migration applied, kept until one of them changes."""
    from django.apps import apps

    digest = hashlib.sha256()
    for app in sorted(apps.get_app_configs(), key=lambda a: a.name):
        for path in sorted(Path(app.path).glob("migrations/*.py")):
            digest.update(f"{app.name} {path.name}\n".encode() + path.read_bytes())
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"migrated-{digest.hexdigest()[:16]}.sqlite3"
    with (RESULTS / "migrating").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not file.exists():
            for old in RESULTS.glob("migrated-*"):
                old.unlink()
            home = RESULTS / "migrating-home"
            shutil.rmtree(home, ignore_errors=True)
            env = {**os.environ, "BAOXIU_HOME": str(home), "DATABASE_URL": f"sqlite:///{file}.new"}
            subprocess.run(
                [sys.executable, "-m", "django", "migrate", "--verbosity=0"], env=env, cwd=ROOT, check=True
            )
            Path(f"{file}.new").rename(file)
    return file


# -- browser --------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A Chromium for the whole worker; fails if there is none (tests without one are skipped before)."""
    executable = find_chromium()
    if executable is None:
        pytest.fail("no Chromium: install one or set BAOXIU_CHROMIUM")
    from playwright.sync_api import sync_playwright

    # playwright's synchronous interface runs a loop in this thread, where Django would refuse the database
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    # Chromium's own sandbox needs an ordinary user
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    # whatever is not on this machine is asked of a proxy that is not there; asking `route` would switch the cache off
    arguments += ["--proxy-server=127.0.0.1:9", f"--proxy-bypass-list={';'.join(LOCAL_HOSTS)}"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=arguments)
        yield chromium
        chromium.close()


@pytest.fixture
def new_context(browser: Any) -> Iterator[Callable[..., Any]]:
    """Make browser contexts (`new_context(locale="en-US", viewport={…})`) that never leave this machine.

    A request to another host fails the test, and so does an error on the page.
    """
    contexts: list[Any] = []
    outside: list[str] = []
    errors: list[str] = []

    def look(request: Any) -> None:
        host = request.url.split("://", 1)[-1].split("/", 1)[0].rsplit(":", 1)[0]
        if request.url.startswith("http") and host not in LOCAL_HOSTS:
            outside.append(request.url)

    def make(**options: Any) -> Any:
        settings = {
            "locale": "zh-CN",
            "timezone_id": "Asia/Shanghai",
            "viewport": {"width": 1280, "height": 800},
        }
        context = browser.new_context(**{**settings, **options})
        context.set_default_timeout(10_000)
        context.on("request", look)
        context.on("weberror", lambda error: errors.append(str(error.error)))
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()
    assert not outside, f"the page asked other hosts: {outside}"
    assert not errors, f"errors on the page: {errors}"


@pytest.fixture
def page(new_context: Callable[..., Any]) -> Any:
    """One page in Chinese on a desktop screen."""
    return new_context().new_page()


@pytest.fixture
def axe() -> Callable[..., list[str]]:
    """Return the accessibility violations of a page, each as `rule: selector` (an empty list is what you want).

    `axe(page, "color-contrast")`: of one rule alone.
    """
    source = (ROOT / "tests" / "vendor" / "axe.min.js").read_text(encoding="utf-8")

    def check(page: Any, rule: str = "") -> list[str]:
        # evaluate() goes round the page's own content policy, as a script element would not
        if not page.evaluate("'axe' in window"):
            page.evaluate(source)
            page.add_init_script(source)  # the next pages bring it along: at a third of the work
        which = {"type": "rule", "values": [rule]} if rule else {"type": "tag", "values": AXE_TAGS}
        options = {"runOnly": which, "resultTypes": ["violations"]}
        # only what is wrong travels: all of it would take longer than finding it
        found: list[str] = page.evaluate(
            """options => axe.run(document, options).then(({violations}) =>
                violations.flatMap((v) => v.nodes.map((node) => `${v.id}: ${node.target[0]}`)))""",
            options,
        )
        return found

    return check
