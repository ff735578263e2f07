"""Scans and what they found."""

import django.db.models.deletion
from django.db import migrations, models

_TEXT = {"blank": True}


class Migration(migrations.Migration):
    dependencies = [("consent", "0002_notices_served")]

    operations = [
        migrations.CreateModel(
            name="Scan",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("started", models.DateTimeField(db_index=True)),
                ("ended", models.DateTimeField()),
                ("urls", models.JSONField()),
                ("journey", models.CharField(max_length=120, **_TEXT)),
                ("browser", models.CharField(max_length=120)),
                ("steps", models.JSONField()),
                ("registry_digest", models.CharField(max_length=64, **_TEXT)),
                ("digest", models.CharField(max_length=64)),
                ("by", models.CharField(max_length=80)),
            ],
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("step", models.CharField(max_length=24)),
                ("third_party_cookies", models.BooleanField()),
                ("decision_state", models.CharField(max_length=24)),
                ("kind", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=300)),
                ("domain", models.CharField(max_length=255)),
                ("path", models.CharField(max_length=300, **_TEXT)),
                ("page", models.CharField(max_length=500)),
                ("party", models.CharField(max_length=10)),
                ("canonical", models.CharField(max_length=255, **_TEXT)),
                ("setter_script", models.CharField(max_length=500, **_TEXT)),
                ("setter_stack", models.JSONField(default=list)),
                ("set_by", models.CharField(max_length=20)),
                ("first_seen_ms", models.IntegerField()),
                ("times", models.IntegerField(default=1)),
                ("lifetime_declared", models.CharField(max_length=20, **_TEXT)),
                ("lifetime_effective", models.CharField(max_length=20, **_TEXT)),
                ("partition_key", models.CharField(max_length=255, **_TEXT)),
                ("http_only", models.BooleanField(default=False)),
                ("blocked", models.CharField(max_length=200, **_TEXT)),
                ("registered", models.BooleanField(default=False)),
                ("category", models.CharField(max_length=20, **_TEXT)),
                ("drift", models.CharField(max_length=120, **_TEXT)),
                ("suggestion", models.CharField(max_length=300, **_TEXT)),
                (
                    "scan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="findings",
                        to="consent.scan",
                    ),
                ),
            ],
        ),
    ]
