from django.db import migrations, models

import survey.models.link_marks


class Migration(migrations.Migration):
    dependencies = [("survey", "0012_ends_of_campaigns")]

    operations = [
        migrations.AlterField(
            model_name="campaign",
            name="link_mark",
            field=models.CharField(
                default=survey.models.link_marks.new_link_mark,
                editable=False,
                max_length=16,
                unique=True,
            ),
        ),
        migrations.CreateModel(
            name="PendingWipe",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("table", models.CharField(max_length=63, unique=True)),
                ("round", models.PositiveIntegerField(default=0)),
            ],
        ),
    ]
