"""Quotes from before have been sent and, most of them, have ended; one that waited in a case given up is taken back."""

from typing import Any

from django.db import migrations
from django.db.models import F


def fill(apps: Any, editor: Any) -> None:
    Quote = apps.get_model("charges", "Quote")
    QuoteEnd = apps.get_model("charges", "QuoteEnd")
    Quote.objects.update(sent_at=F("created_at"), net=F("total"))
    Quote.objects.filter(status="sent").exclude(case__stage="consent").update(status="withdrawn")
    ended = Quote.objects.exclude(status="sent").select_related("consent", "case")
    QuoteEnd.objects.bulk_create(
        (
            QuoteEnd(
                quote=quote,
                outcome=quote.status,
                entry_no=0,
                at=quote.consent.at if hasattr(quote, "consent") else quote.case.last_at,
            )
            for quote in ended.iterator(chunk_size=500)
        ),
        batch_size=500,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("charges", "0002_prices_and_endings"),
        ("cases", "0003_open_duties"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
