from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("integrity", "0003_measures"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="mail_id",
            field=models.CharField(blank=True, db_index=True, default="", max_length=100),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="caseact",
            name="letters",
            field=models.TextField(blank=True),
        ),
    ]
