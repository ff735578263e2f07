"""By what the link key is known again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_used_forms")]

    operations = [
        migrations.CreateModel(
            name="KeyMark",
            fields=[
                ("name", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("mark", models.BinaryField(max_length=16)),
            ],
        ),
    ]
