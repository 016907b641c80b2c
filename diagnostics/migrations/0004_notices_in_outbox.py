from django.db import migrations

KEPT = ('id', 'campaign_id', 'user_id', 'state', 'attempts', 'due_at', 'last_error')
NOTICE = 'result_notice'


def to_outbox(apps, schema_editor):
    """Carry every notice over: who was told is not told again, who waits is told."""
    notices = apps.get_model('diagnostics', 'ResultNotice').objects.values(*KEPT)
    message = apps.get_model('survey', 'Message')
    message.objects.bulk_create([message(kind=NOTICE, **notice) for notice in notices], 500)


def from_outbox(apps, schema_editor):
    """Carry them back; a claim of that table is a due time in the future."""
    messages = apps.get_model('survey', 'Message').objects.filter(kind=NOTICE)
    notice = apps.get_model('diagnostics', 'ResultNotice')
    notice.objects.bulk_create([notice(**message) for message in messages.values(*KEPT)], 500)
    messages.delete()


class Migration(migrations.Migration):

    dependencies = [
        ('diagnostics', '0003_row_files'),
        ('survey', '0009_outbox'),
    ]

    operations = [
        migrations.RunPython(to_outbox, from_outbox),
        migrations.DeleteModel(name='ResultNotice'),
    ]
