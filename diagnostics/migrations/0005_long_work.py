import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models

NEW = {"waiting": "queued", "running": "queued", "ready": "done"}
OLD = {"queued": "waiting", "done": "ready", "given_up": "failed"}
WITH_RESULTS = ("Analysis", "AnalysisCheck", "ScaleStudy")
WITH_FILES = ("AnalysisFile", "Download", "Report")
OF_THREE_STATES = ("Analysis", "Download", "Report")  # which knew neither running nor cancelled


def carry_over(apps, schema_editor):
    """Give every row its state in the new words; what ran is begun again by its task."""
    settle(schema_editor)
    for name in (*WITH_RESULTS, *WITH_FILES):
        rows = apps.get_model("diagnostics", name).objects
        rows.filter(state="running").update(steps=0, done=0)
        for old, new in NEW.items():
            rows.filter(state=old).update(state=new)
        rows.exclude(state="failed").update(reason="")
        rows.filter(done__gt=models.F("steps")).update(done=models.F("steps"))
        nothing = {"result__isnull": True} if name in WITH_RESULTS else {"file": ""}
        rows.filter(state="done", **nothing).update(state="failed")
    Analysis = apps.get_model("diagnostics", "Analysis")
    Analysis.objects.update(
        requested_by=models.F("created_by"), requested_at=models.F("created_at")
    )
    for name in ("Download", "Report"):
        model = apps.get_model("diagnostics", name)
        asked = model.objects.filter(pk=models.OuterRef("pk")).values("assessment__created_at")
        model.objects.update(requested_at=models.Subquery(asked))


def carry_back(apps, schema_editor):
    """Give every row the nearest of the old states."""
    settle(schema_editor)
    for name in (*WITH_RESULTS, *WITH_FILES):
        rows = apps.get_model("diagnostics", name).objects
        for new, old in OLD.items():
            rows.filter(state=new).update(state=old)
        if name in OF_THREE_STATES:
            rows.filter(state="running").update(state="waiting")
            rows.filter(state="cancelled").update(state="failed")
    for report in apps.get_model("diagnostics", "Report").objects.exclude(reason=""):
        report.reason = report.reason[:200]
        report.save(update_fields=["reason"])


def settle(schema_editor):
    """Check references at once: PostgreSQL alters no table whose rows are still to be checked."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):

    dependencies = [
        ('diagnostics', '0004_notices_in_outbox'),
        ('survey', '0007_key_proofs'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RenameField(
            model_name='analysis',
            old_name='problem',
            new_name='reason',
        ),
        migrations.RenameField(
            model_name='analysischeck',
            old_name='problem',
            new_name='reason',
        ),
        migrations.RenameField(
            model_name='analysisfile',
            old_name='problem',
            new_name='reason',
        ),
        migrations.RenameField(
            model_name='scalestudy',
            old_name='problem',
            new_name='reason',
        ),
        migrations.RenameField(
            model_name='report',
            old_name='error',
            new_name='reason',
        ),
        migrations.AddField(
            model_name='analysis',
            name='claim',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='analysis',
            name='done',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='analysis',
            name='requested_at',
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.AddField(
            model_name='analysis',
            name='requested_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='analysis',
            name='run',
            field=models.UUIDField(default=uuid.uuid4),
        ),
        migrations.AddField(
            model_name='analysis',
            name='started_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='analysis',
            name='steps',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='analysischeck',
            name='claim',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='analysischeck',
            name='started_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='analysisfile',
            name='claim',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='analysisfile',
            name='started_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='download',
            name='claim',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='download',
            name='done',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='download',
            name='reason',
            field=models.CharField(blank=True, max_length=400),
        ),
        migrations.AddField(
            model_name='download',
            name='requested_at',
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.AddField(
            model_name='download',
            name='requested_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='download',
            name='run',
            field=models.UUIDField(default=uuid.uuid4),
        ),
        migrations.AddField(
            model_name='download',
            name='started_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='download',
            name='steps',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='report',
            name='claim',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='report',
            name='done',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name='report',
            name='reason',
            field=models.CharField(blank=True, max_length=400),
        ),
        migrations.AddField(
            model_name='report',
            name='requested_at',
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.AddField(
            model_name='report',
            name='requested_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='report',
            name='run',
            field=models.UUIDField(default=uuid.uuid4),
        ),
        migrations.AddField(
            model_name='report',
            name='started_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='report',
            name='steps',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='scalestudy',
            name='claim',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='scalestudy',
            name='started_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name='analysis',
            name='state',
            field=models.CharField(choices=[('queued', 'Waiting for the worker'), ('running', 'Running'), ('done', 'Ready'), ('failed', 'Failed'), ('cancelled', 'Cancelled'), ('given_up', 'Given up')], default='queued', max_length=9),
        ),
        migrations.AlterField(
            model_name='analysischeck',
            name='requested_at',
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.AlterField(
            model_name='analysischeck',
            name='state',
            field=models.CharField(choices=[('queued', 'Waiting for the worker'), ('running', 'Running'), ('done', 'Ready'), ('failed', 'Failed'), ('cancelled', 'Cancelled'), ('given_up', 'Given up')], default='queued', max_length=9),
        ),
        migrations.AlterField(
            model_name='analysisfile',
            name='requested_at',
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.AlterField(
            model_name='analysisfile',
            name='state',
            field=models.CharField(choices=[('queued', 'Waiting for the worker'), ('running', 'Running'), ('done', 'Ready'), ('failed', 'Failed'), ('cancelled', 'Cancelled'), ('given_up', 'Given up')], default='queued', max_length=9),
        ),
        migrations.AlterField(
            model_name='download',
            name='state',
            field=models.CharField(choices=[('queued', 'Waiting for the worker'), ('running', 'Running'), ('done', 'Ready'), ('failed', 'Failed'), ('cancelled', 'Cancelled'), ('given_up', 'Given up')], default='queued', max_length=9),
        ),
        migrations.AlterField(
            model_name='report',
            name='state',
            field=models.CharField(choices=[('queued', 'Waiting for the worker'), ('running', 'Running'), ('done', 'Ready'), ('failed', 'Failed'), ('cancelled', 'Cancelled'), ('given_up', 'Given up')], default='queued', max_length=9),
        ),
        migrations.AlterField(
            model_name='scalestudy',
            name='requested_at',
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.AlterField(
            model_name='scalestudy',
            name='state',
            field=models.CharField(choices=[('queued', 'Waiting for the worker'), ('running', 'Running'), ('done', 'Ready'), ('failed', 'Failed'), ('cancelled', 'Cancelled'), ('given_up', 'Given up')], default='queued', max_length=9),
        ),
        migrations.RunPython(carry_over, carry_back),
        migrations.AddConstraint(
            model_name='analysis',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('claim__isnull', True), ('started_at__isnull', True), ('state', 'queued')), models.Q(('claim__isnull', False), ('started_at__isnull', False), ('state', 'running')), models.Q(('claim__isnull', True), ('state__in', ['done', 'failed', 'cancelled', 'given_up'])), _connector='OR'), name='analysis_is_claimed_while_it_runs'),
        ),
        migrations.AddConstraint(
            model_name='analysis',
            constraint=models.CheckConstraint(condition=models.Q(('done__lte', models.F('steps'))), name='analysis_does_no_more_than_its_steps'),
        ),
        migrations.AddConstraint(
            model_name='analysis',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), ('state', 'failed'), _connector='OR'), name='analysis_has_a_reason_if_it_failed'),
        ),
        migrations.AddConstraint(
            model_name='analysis',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), ('result__isnull', False), _connector='OR'), name='analysis_is_done_with_a_result'),
        ),
        migrations.AddConstraint(
            model_name='analysischeck',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('claim__isnull', True), ('started_at__isnull', True), ('state', 'queued')), models.Q(('claim__isnull', False), ('started_at__isnull', False), ('state', 'running')), models.Q(('claim__isnull', True), ('state__in', ['done', 'failed', 'cancelled', 'given_up'])), _connector='OR'), name='analysischeck_is_claimed_while_it_runs'),
        ),
        migrations.AddConstraint(
            model_name='analysischeck',
            constraint=models.CheckConstraint(condition=models.Q(('done__lte', models.F('steps'))), name='analysischeck_does_no_more_than_its_steps'),
        ),
        migrations.AddConstraint(
            model_name='analysischeck',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), ('state', 'failed'), _connector='OR'), name='analysischeck_has_a_reason_if_it_failed'),
        ),
        migrations.AddConstraint(
            model_name='analysischeck',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), ('result__isnull', False), _connector='OR'), name='analysischeck_is_done_with_a_result'),
        ),
        migrations.AddConstraint(
            model_name='analysisfile',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('claim__isnull', True), ('started_at__isnull', True), ('state', 'queued')), models.Q(('claim__isnull', False), ('started_at__isnull', False), ('state', 'running')), models.Q(('claim__isnull', True), ('state__in', ['done', 'failed', 'cancelled', 'given_up'])), _connector='OR'), name='analysisfile_is_claimed_while_it_runs'),
        ),
        migrations.AddConstraint(
            model_name='analysisfile',
            constraint=models.CheckConstraint(condition=models.Q(('done__lte', models.F('steps'))), name='analysisfile_does_no_more_than_its_steps'),
        ),
        migrations.AddConstraint(
            model_name='analysisfile',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), ('state', 'failed'), _connector='OR'), name='analysisfile_has_a_reason_if_it_failed'),
        ),
        migrations.AddConstraint(
            model_name='analysisfile',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), models.Q(('file', ''), _negated=True), _connector='OR'), name='analysisfile_is_done_with_a_file'),
        ),
        migrations.AddConstraint(
            model_name='download',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('claim__isnull', True), ('started_at__isnull', True), ('state', 'queued')), models.Q(('claim__isnull', False), ('started_at__isnull', False), ('state', 'running')), models.Q(('claim__isnull', True), ('state__in', ['done', 'failed', 'cancelled', 'given_up'])), _connector='OR'), name='download_is_claimed_while_it_runs'),
        ),
        migrations.AddConstraint(
            model_name='download',
            constraint=models.CheckConstraint(condition=models.Q(('done__lte', models.F('steps'))), name='download_does_no_more_than_its_steps'),
        ),
        migrations.AddConstraint(
            model_name='download',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), ('state', 'failed'), _connector='OR'), name='download_has_a_reason_if_it_failed'),
        ),
        migrations.AddConstraint(
            model_name='download',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), models.Q(('file', ''), _negated=True), _connector='OR'), name='download_is_done_with_a_file'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('claim__isnull', True), ('started_at__isnull', True), ('state', 'queued')), models.Q(('claim__isnull', False), ('started_at__isnull', False), ('state', 'running')), models.Q(('claim__isnull', True), ('state__in', ['done', 'failed', 'cancelled', 'given_up'])), _connector='OR'), name='report_is_claimed_while_it_runs'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(('done__lte', models.F('steps'))), name='report_does_no_more_than_its_steps'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), ('state', 'failed'), _connector='OR'), name='report_has_a_reason_if_it_failed'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), models.Q(('file', ''), _negated=True), _connector='OR'), name='report_is_done_with_a_file'),
        ),
        migrations.AddConstraint(
            model_name='scalestudy',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('claim__isnull', True), ('started_at__isnull', True), ('state', 'queued')), models.Q(('claim__isnull', False), ('started_at__isnull', False), ('state', 'running')), models.Q(('claim__isnull', True), ('state__in', ['done', 'failed', 'cancelled', 'given_up'])), _connector='OR'), name='scalestudy_is_claimed_while_it_runs'),
        ),
        migrations.AddConstraint(
            model_name='scalestudy',
            constraint=models.CheckConstraint(condition=models.Q(('done__lte', models.F('steps'))), name='scalestudy_does_no_more_than_its_steps'),
        ),
        migrations.AddConstraint(
            model_name='scalestudy',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), ('state', 'failed'), _connector='OR'), name='scalestudy_has_a_reason_if_it_failed'),
        ),
        migrations.AddConstraint(
            model_name='scalestudy',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), ('result__isnull', False), _connector='OR'), name='scalestudy_is_done_with_a_result'),
        ),
    ]
