from django.db import migrations


def register_row_files(apps, schema_editor):
    """Note the files made of answers that are there already, so that they end with the answers."""
    RowFile = apps.get_model("survey", "RowFile")
    Download = apps.get_model("diagnostics", "Download")
    AnalysisFile = apps.get_model("diagnostics", "AnalysisFile")
    downloads = Download.objects.filter(kind="answers").values_list(
        "assessment__campaign__release__pk", "file"
    )
    files = AnalysisFile.objects.filter(analysis__campaign__isnull=False).values_list(
        "analysis__campaign__release__pk", "file"
    )
    known = {path: release for release, path in (*downloads, *files) if release and path}
    RowFile.objects.bulk_create(
        [RowFile(release_id=release, path=path) for path, release in known.items()],
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [("diagnostics", "0002_construct_codes"), ("survey", "0006_row_files")]

    operations = [migrations.RunPython(register_row_files, migrations.RunPython.noop)]
