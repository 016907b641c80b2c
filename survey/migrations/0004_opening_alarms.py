from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('survey', '0003_password_links'),
    ]

    operations = [
        migrations.AddField(
            model_name='campaign',
            name='opening_alarms',
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AlterField(
            model_name='releasecell',
            name='item',
            field=models.CharField(max_length=24),
        ),
    ]
