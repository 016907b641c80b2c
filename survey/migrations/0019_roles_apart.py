"""The database refuses single answers and figures of units in one account.

What an installation has already stays as it is: such accounts are named by a check and on the
administrator's page, and read no answers until they have one of both.
"""

from django.db import migrations

from survey.migrations._roles_apart import keep_apart, let_mix


class Migration(migrations.Migration):
    dependencies = [("survey", "0018_background_counts")]

    operations = [migrations.RunPython(keep_apart, let_mix)]
