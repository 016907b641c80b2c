from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('diagnostics', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='action',
            name='element',
            field=models.CharField(max_length=24),
        ),
        migrations.AlterField(
            model_name='patterncondition',
            name='element',
            field=models.CharField(max_length=24),
        ),
    ]
