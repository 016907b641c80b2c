from django.db import migrations, models

# Of a group of exactly so many, a band that only the answers of all of them reach.
WHOLE = ((5, "5-9", "0-9"), (10, "10-19", "5-19"), (20, "20-49", "10-49"), (50, "50+", "20+"))


def tell_bands_alike(apps, schema_editor):
    """Rewrite the days that are counted already, so that they are told nowhere as they were."""
    Participation = apps.get_model("survey", "Participation")
    Participation.objects.filter(answered_band__in=("0", "1-4")).update(answered_band="0-4")
    for invited, band, wide in WHOLE:
        whole = Participation.objects.filter(answered_band=band, invited__lte=invited)
        whole.update(answered_band=wide)


def mark_what_is_there(apps, schema_editor):
    """Take the links of running campaigns for what they can be told to be.

    Who was added after the launch was noted nowhere until now, but for codes on paper.
    """
    Invitation = apps.get_model("survey", "Invitation")
    Invitation.objects.filter(done=True).update(used=True)
    Invitation.objects.exclude(code_hash=None).update(standing="added")
    Invitation.objects.filter(counted_elsewhere=True).update(standing="added")
    # Handed over to a newer link, without an answer that stayed behind.
    Invitation.objects.filter(
        campaign__state__in=("open", "closed"), code_hash=None, recipient=None, revoked=True, done=False
    ).update(standing="replaced")
    sent = models.Exists(
        apps.get_model("survey", "Message").objects.filter(
            invitation=models.OuterRef("pk"), round=0, state="sent"
        )
    )
    Invitation.objects.filter(sent).update(reached=True)


class Migration(migrations.Migration):
    dependencies = [("survey", "0015_ledger")]

    operations = [
        migrations.AddField(
            model_name="participation",
            name="added",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="invitation",
            name="standing",
            field=models.CharField(
                choices=[
                    ("planned", "invited at the launch"),
                    ("added", "added or moved after the launch"),
                    ("replaced", "handed over to a newer link"),
                ],
                default="planned",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="invitation", name="used", field=models.BooleanField(default=False)
        ),
        migrations.AddField(
            model_name="invitation", name="reissued", field=models.BooleanField(default=False)
        ),
        migrations.AddField(
            model_name="invitation", name="reached", field=models.BooleanField(default=False)
        ),
        migrations.RunPython(tell_bands_alike, migrations.RunPython.noop),
        migrations.RunPython(mark_what_is_there, migrations.RunPython.noop),
    ]
