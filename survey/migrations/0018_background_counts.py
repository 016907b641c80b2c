"""Background answers of released campaigns become counts; their rows go, and are wiped.

A campaign says what they are for, or does not ask them.
"""

from collections import Counter

import django.db.models.deletion
from django.db import migrations, models


def count_background(apps, schema_editor):
    counted = apps.get_model("survey", "BackgroundCount").objects
    background = apps.get_model("survey", "Background").objects
    for release in apps.get_model("survey", "Release").objects.select_related(
        "campaign__instrument"
    ):
        campaign = release.campaign
        rows = list(background.filter(campaign=campaign).values_list("answers", flat=True))
        stored = release.counts.get("content", release.counts)
        people = max(sum(stored.get("answers", {}).values()), len(rows))
        for question in campaign.instrument.content.get("background", ()) if rows else ():
            options = [option["code"] for option in question["options"]]
            found = Counter(answers.get(question["code"]) for answers in rows)
            told = told_of(options, found, people, campaign.sensitive_floor)
            if told:
                counts = {"kind": "background counts", "version": 1, "content": told}
                counted.create(release=release, question=question["code"], counts=counts)
    if background.exists():
        background.all().delete()
        # Their space lies in the file of SQLite; the next tick rewrites it.
        apps.get_model("survey", "PendingWipe").objects.get_or_create(table="survey_background")


def told_of(options, found, people, floor):
    """Return option -> people: no number below the floor, told or computable from all people."""
    told = {option: found[option] for option in options if found[option] >= floor}
    if told and people - sum(told.values()) < floor:
        del told[min(told, key=lambda option: told[option])]
    return told


class Migration(migrations.Migration):
    dependencies = [("survey", "0017_used_links")]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="background_purpose",
            field=models.TextField(
                blank=True, default="", verbose_name="purpose of the questions about the person"
            ),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name="BackgroundCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("question", models.CharField(max_length=24)),
                ("counts", models.JSONField()),
                (
                    "release",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="background",
                        to="survey.release",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("release", "question"), name="one_count_per_background_question"
                    )
                ],
            },
        ),
        migrations.RunPython(count_background, migrations.RunPython.noop),
        migrations.DeleteModel(name="Background"),
    ]
