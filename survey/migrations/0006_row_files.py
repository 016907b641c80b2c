import django.db.models.deletion
from django.db import migrations, models
from django.utils import timezone


def end_deleted_answers(apps, schema_editor):
    """Have what was made of answers that are deleted already deleted too, by the next tick."""
    Release = apps.get_model("survey", "Release")
    deleted = Release.objects.filter(campaign__ledger__action="answers deleted")
    Release.objects.filter(pk__in=list(deleted.values_list("pk", flat=True))).update(
        answers_end_at=timezone.now()
    )


class Migration(migrations.Migration):
    dependencies = [("survey", "0005_mail_problems")]

    operations = [
        migrations.AddField(
            model_name="release",
            name="answers_end_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name="RowFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("path", models.CharField(max_length=200, unique=True)),
                (
                    "release",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="row_files",
                        to="survey.release",
                    ),
                ),
            ],
        ),
        migrations.RunPython(end_deleted_answers, migrations.RunPython.noop),
    ]
