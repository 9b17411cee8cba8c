"""Indexes of what is often empty."""

from django.db.models import Index, Q


def given(*fields: str, name: str) -> Index:
    """Without the rows that have nothing in the first of `fields`: writing those costs nothing here."""
    return Index(fields=fields, name=name, condition=Q(**{f"{fields[0].removeprefix('-')}__isnull": False}))
