from importlib import import_module

from django.apps import AppConfig


class FollowupsConfig(AppConfig):
    name = "baoxiu.followups"
    label = "followups"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The room's operations register themselves with the gate."""
        import_module("baoxiu.followups.operations")
