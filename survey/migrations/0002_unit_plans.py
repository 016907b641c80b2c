import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def note_codes(apps, schema_editor):
    """Keep where people work by the code of their unit, which the plan of a draft knows as well."""
    Recipient = apps.get_model("survey", "Recipient")
    Unit = apps.get_model("survey", "Unit")
    code = Unit.objects.filter(pk=OuterRef("unit")).values("code")[:1]
    Recipient.objects.exclude(unit=None).update(unit_code=Subquery(code))


class Migration(migrations.Migration):

    dependencies = [
        ('survey', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='UnitPlan',
            fields=[
                ('campaign', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='unit_plan', serialize=False, to='survey.campaign')),
                ('root_name', models.CharField(blank=True, max_length=120)),
                ('rows', models.JSONField()),
                ('agreed_digest', models.CharField(blank=True, max_length=64)),
            ],
        ),
        migrations.AddField(
            model_name='recipient',
            name='unit_code',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.RunPython(note_codes, migrations.RunPython.noop),
        migrations.RemoveField(
            model_name='recipient',
            name='unit',
        ),
        migrations.AddField(
            model_name='upload',
            name='uses_present_tree',
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name='campaign',
            name='launch_problem',
            field=models.TextField(blank=True, choices=[('checklist', 'one of the points below did not hold.'), ('keys', "the campaign's key cannot be read where the worker runs."), ('endings', 'the list that you agreed to has changed; look at it again.'), ('other', 'something went wrong; the administrator finds the reason in the log.')]),
        ),
        migrations.AlterField(
            model_name='campaignunit',
            name='unit',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='snapshots', to='survey.unit'),
        ),
    ]
