"""Checks of attention and marker statements are a campaign's choice; those that are there ask them.

Whoever has begun to answer finds the same statements again, and a draft asks what its preview showed.
"""

from django.db import migrations, models

from survey.migrations._settled_use import let_change, settle


class Migration(migrations.Migration):
    dependencies = [("survey", "0025_refused_changes")]

    operations = [
        migrations.RunPython(let_change, settle),
        migrations.AddField(
            model_name="campaign",
            name="asks_attention_check",
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name="campaign", name="asks_markers", field=models.BooleanField(default=True)
        ),
        migrations.AlterField(
            model_name="campaign",
            name="asks_attention_check",
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name="campaign", name="asks_markers", field=models.BooleanField(default=False)
        ),
        migrations.RunPython(settle, let_change),
    ]
