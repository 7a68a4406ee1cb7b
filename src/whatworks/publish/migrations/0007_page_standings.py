import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("publish", "0006_ready")]

    operations = [
        migrations.RenameModel("Withdrawal", "PageStanding"),
        migrations.AlterField(
            model_name="pagestanding",
            name="page",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="standings", to="publish.page"
            ),
        ),
    ]
