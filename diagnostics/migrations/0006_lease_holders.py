from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('diagnostics', '0005_long_work'),
    ]

    operations = [
        migrations.AddField(
            model_name='tasklease',
            name='holder',
            field=models.UUIDField(null=True),
        ),
    ]
