from django.db import migrations, models

# A band begins at one of these, if three more of the group could answer (survey.policy, as it is now).
EDGES = (5, 10, 20, 50)
SILENT_KNOWN = 3


def tell_bands_alike(apps, schema_editor):
    """Rewrite the days that are counted already as they would be told now."""
    days = apps.get_model("survey", "Participation").objects
    for invited, band in set(days.values_list("invited", "answered_band")):
        told = days.filter(invited=invited, answered_band=band)
        told.update(answered_band=band_of(band, invited))


def band_of(band, invited):
    """Return a band as it is told now: none is reached only if all others have answered."""
    least = int(band.removesuffix("+").partition("-")[0])
    edges = [edge for edge in EDGES if edge <= invited - SILENT_KNOWN]
    if not edges:
        return ""
    begin = max((edge for edge in edges if edge <= least), default=0)
    following = next((edge for edge in edges if edge > begin), None)
    return f"{begin}-{following - 1}" if following else f"{begin}+"


def mark_what_is_there(apps, schema_editor):
    """Take the links of running campaigns for what they can be told to be.

    Who was added after the launch was noted nowhere until now, but for codes on paper. Somebody
    who was moved stands where they are now, whether or not they had answered before.
    """
    invitations = apps.get_model("survey", "Invitation").objects
    invitations.filter(done=True).update(used=True)
    invitations.exclude(code_hash=None).update(standing="added")
    # Handed over to a newer link.
    invitations.filter(
        campaign__state__in=("open", "closed"), code_hash=None, recipient=None, revoked=True
    ).update(standing="replaced")
    sent = models.Exists(
        apps.get_model("survey", "Message").objects.filter(
            invitation=models.OuterRef("pk"), round=0, state="sent"
        )
    )
    invitations.filter(sent).update(reached=True)


class Migration(migrations.Migration):
    dependencies = [("survey", "0015_ledger")]

    operations = [
        migrations.AddField(
            model_name="participation",
            name="added",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="participation",
            name="answered_band",
            field=models.CharField(blank=True, max_length=8),
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
