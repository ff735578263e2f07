"""Of what is found unregistered: whose script wanted it, and on which page."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("consent", "0006_occasions"),
    ]

    operations = [
        migrations.AddField(
            model_name="unregistered",
            name="setter",
            field=models.CharField(blank=True, default="", max_length=253),
        ),
        migrations.AddField(
            model_name="unregistered",
            name="page",
            field=models.CharField(blank=True, default="", max_length=200),
        ),
    ]
