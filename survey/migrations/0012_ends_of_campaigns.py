from django.db import migrations, models

import survey.models.link_marks


def mark_links_and_note_what_was_told(apps, schema_editor):
    """Give each campaign a mark; whoever was invited knows the closing time as it is now."""
    Campaign = apps.get_model("survey", "Campaign")
    for campaign in Campaign.objects.only("pk"):
        mark = survey.models.link_marks.new_link_mark()
        Campaign.objects.filter(pk=campaign.pk).update(link_mark=mark)
    launched = Campaign.objects.exclude(state__in=("draft", "launching"))
    launched.update(told_closes_at=models.F("closes_at"))


class Migration(migrations.Migration):
    dependencies = [("survey", "0011_upload_hidden_rows")]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="told_closes_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="campaign",
            name="link_mark",
            field=models.CharField(default="", editable=False, max_length=16),
        ),
        migrations.RunPython(mark_links_and_note_what_was_told, migrations.RunPython.noop),
    ]
