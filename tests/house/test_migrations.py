"""Migrations and models say the same, and a new home's shortcut leads where an older home went step by step."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.utils import translation


def changes(loader: MigrationLoader, before: ProjectState, after: ProjectState) -> dict[str, Any]:
    return MigrationAutodetector(before, after).changes(graph=loader.graph)


def test_no_model_changed_without_a_migration() -> None:
    loader = MigrationLoader(None)
    with translation.override(None):  # names of Django's own fields, as its migrations say them
        assert changes(loader, loader.project_state(), ProjectState.from_apps(apps)) == {}


def test_a_shortcut_leads_where_its_steps_lead() -> None:
    loader = MigrationLoader(None, replace_migrations=False)
    shortcuts = {
        (app, name): migration.replaces
        for (app, name), migration in loader.disk_migrations.items()
        if migration.replaces and migration.__module__.startswith("baoxiu.")
    }
    assert ("cases", "0001_squashed_0009_done_counted_from_index") in shortcuts
    steps = loader.project_state([replaced[-1] for replaced in shortcuts.values()])
    assert changes(loader, steps, loader.project_state(list(shortcuts))) == {}
