from django.db import migrations, models


class Migration(migrations.Migration):
    """Apart from 0016: PostgreSQL alters no table whose rows were changed in one transaction."""

    dependencies = [("survey", "0016_standing_of_invitations")]

    operations = [
        migrations.RemoveField(model_name="invitation", name="counted_elsewhere"),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("used", False), ("done", True), _connector="OR"),
                name="a_used_link_means_that_an_answer_counts",
            ),
        ),
    ]
