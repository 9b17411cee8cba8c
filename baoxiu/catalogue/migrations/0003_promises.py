"""C7: models keep only what their maker promises beyond the warranty terms; twelve months was the default, no promise of theirs."""

from django.db import migrations, models


def forget_the_default(apps, schema_editor):
    apps.get_model("catalogue", "ProductModel").objects.filter(warranty_months=12).update(warranty_months=None)


def say_the_default(apps, schema_editor):
    apps.get_model("catalogue", "ProductModel").objects.filter(warranty_months=None).update(warranty_months=12)


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0002_law_class")]

    operations = [
        migrations.AlterField(
            model_name="productmodel",
            name="warranty_months",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.RunPython(forget_the_default, say_the_default),
        migrations.AddField(
            model_name="unit", name="delivered_date", field=models.DateField(blank=True, null=True)
        ),
        migrations.AddIndex(
            model_name="unit",
            index=models.Index(fields=["purchase_date", "id"], name="unit_purchased"),
        ),
    ]
