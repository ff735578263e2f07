"""Members' entries, and what was found in their courses unregistered."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("consent", "0003_scans"),
    ]

    operations = [
        migrations.CreateModel(
            name="InstitutionEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("institution", models.CharField(db_index=True, max_length=80)),
                ("courses", models.JSONField(default=list)),
                ("name", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=20)),
                ("host", models.CharField(blank=True, max_length=253)),
                ("setter", models.CharField(max_length=500)),
                ("party", models.CharField(max_length=10)),
                ("lifetime", models.CharField(max_length=40)),
                ("category", models.CharField(max_length=20)),
                ("purpose", models.JSONField()),
                ("vendor", models.CharField(max_length=500)),
                ("data", models.JSONField(default=list)),
                ("state", models.CharField(db_index=True, max_length=10)),
                ("proposed", models.DateTimeField()),
                ("proposed_by", models.CharField(max_length=80)),
                ("reviewed", models.DateTimeField(null=True)),
                ("reviewed_by", models.CharField(blank=True, max_length=80)),
                ("reason", models.CharField(blank=True, max_length=500)),
            ],
            options={
                "ordering": ["-proposed", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Unregistered",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("institution", models.CharField(max_length=80)),
                ("course", models.CharField(max_length=160)),
                ("kind", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=200)),
                ("host", models.CharField(blank=True, max_length=253)),
                ("first_seen", models.DateTimeField()),
                ("last_seen", models.DateTimeField()),
                ("by_pages", models.PositiveIntegerField(default=0)),
                ("by_scans", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("institution", "course", "kind", "name", "host"),
                        name="one_unregistered_a_course",
                    )
                ],
            },
        ),
    ]
