"""A campaign gives figures of units, or single answers to analysts: those that are there, figures."""

from django.db import migrations, models

from survey.migrations._settled_use import let_change, settle


class Migration(migrations.Migration):
    dependencies = [("survey", "0022_later_readers")]

    operations = [
        migrations.AddField(
            model_name="campaign", name="gives_rows", field=models.BooleanField(default=False)
        ),
        migrations.RunPython(settle, let_change),
    ]
