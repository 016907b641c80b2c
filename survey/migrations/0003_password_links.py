from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('survey', '0002_unit_plans'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='password_link_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
