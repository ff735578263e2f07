"""Texts of notices at sign-up and enrolment; of equal proposals of a member one alone waits."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("consent", "0005_policies"),
    ]

    operations = [
        migrations.CreateModel(
            name="OccasionText",
            fields=[
                ("version", models.PositiveIntegerField(primary_key=True, serialize=False)),
                ("place", models.CharField(max_length=20)),
                ("language", models.CharField(max_length=35)),
                ("words", models.TextField()),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("made", models.DateTimeField()),
            ],
            options={"ordering": ["version"]},
        ),
        migrations.AddConstraint(
            model_name="institutionentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "proposed")),
                fields=("institution", "kind", "name", "host"),
                name="one_proposal_waits",
            ),
        ),
    ]
