"""Indexes that double the beginning of another are dropped; the live board counts from an index alone."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# each is the beginning of another index of its table, and was written and kept for nothing
DOUBLES = (
    "cases_case_customer_id_3e0cf925", "cases_case_engineer_id_de40fbfd", "cases_case_owner_id_352cf2f7",
    "cases_case_station_id_2ca2ef54", "cases_case_unit_id_f34fc706", "cases_duty_case_id_b609c71c",
    "cases_journalentry_case_id_d9984d18", "cases_outgoing_case_id_3ad650fa", "cases_personallink_case_id_3b53cd93",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0007_registrations"),
        ("catalogue", "0004_registrations"),
        ("people", "0004_planning"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="duty",
            name="duty_open_owner",
        ),
        migrations.RemoveIndex(
            model_name="duty",
            name="duty_open_kind",
        ),
        # dropped by name: Django would copy the tables of SQLite once for each
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL([f'DROP INDEX IF EXISTS "{n}"' for n in DOUBLES], migrations.RunSQL.noop)
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="case",
                    name="customer",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="people.customer",
                    ),
                ),
                migrations.AlterField(
                    model_name="case",
                    name="engineer",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="engineer_cases",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AlterField(
                    model_name="case",
                    name="owner",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="owned_cases",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AlterField(
                    model_name="case",
                    name="station",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to="people.station",
                    ),
                ),
                migrations.AlterField(
                    model_name="case",
                    name="unit",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="catalogue.unit",
                    ),
                ),
                migrations.AlterField(
                    model_name="duty",
                    name="case",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="duties",
                        to="cases.case",
                    ),
                ),
                migrations.AlterField(
                    model_name="journalentry",
                    name="case",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="journal",
                        to="cases.case",
                    ),
                ),
                migrations.AlterField(
                    model_name="outgoing",
                    name="case",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="outgoing",
                        to="cases.case",
                    ),
                ),
                migrations.AlterField(
                    model_name="personallink",
                    name="case",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="cases.case",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="duty",
            index=models.Index(
                condition=models.Q(("outcome", "open")),
                fields=["owner", "due_at", "outcome"],
                name="duty_open_owner",
            ),
        ),
        migrations.AddIndex(
            model_name="duty",
            index=models.Index(
                condition=models.Q(("outcome", "open")),
                fields=["kind", "due_at", "outcome"],
                name="duty_open_kind",
            ),
        ),
    ]
