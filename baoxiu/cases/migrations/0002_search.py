"""The search index: FTS5 on SQLite, a tsvector with GIN on PostgreSQL; same tokens in both."""

from django.db import migrations

SQLITE = ("CREATE VIRTUAL TABLE cases_search USING fts5(tokens, content='', columnsize=0)", "DROP TABLE cases_search")
POSTGRES = (
    "ALTER TABLE cases_searchtext ADD COLUMN vector tsvector; "
    "CREATE INDEX cases_search_vector ON cases_searchtext USING gin(vector)",
    "ALTER TABLE cases_searchtext DROP COLUMN vector",
)


def _run(which):
    def run(apps, schema_editor):
        schema_editor.execute((SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRES)[which])

    return run


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [migrations.RunPython(_run(0), _run(1))]
