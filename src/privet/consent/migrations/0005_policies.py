"""Policies: what was published, who has seen it, whether links lead somewhere."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("consent", "0004_members"),
    ]

    operations = [
        migrations.CreateModel(
            name="LinkCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("link", models.CharField(max_length=500, unique=True)),
                ("checked", models.DateTimeField()),
                ("result", models.CharField(max_length=20)),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("moved_to", models.CharField(blank=True, max_length=500)),
            ],
        ),
        migrations.CreateModel(
            name="PolicySeen",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("account_id", models.BigIntegerField()),
                ("kind", models.CharField(max_length=20)),
                ("version", models.PositiveIntegerField()),
                ("seen", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("account_id", "kind"), name="one_seen_a_policy")
                ],
            },
        ),
        migrations.CreateModel(
            name="PolicyVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("version", models.PositiveIntegerField()),
                ("published", models.DateTimeField()),
                ("published_by", models.CharField(max_length=80)),
                ("reason", models.CharField(max_length=500)),
                ("texts", models.TextField()),
                ("digest", models.CharField(max_length=64)),
            ],
            options={
                "ordering": ["kind", "-version"],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "version"), name="one_policy_a_version")
                ],
            },
        ),
    ]
