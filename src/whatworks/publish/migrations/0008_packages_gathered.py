from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("publish", "0007_page_standings")]

    operations = [
        migrations.AddField(
            model_name="package",
            name="shown",
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name="packageitem",
            name="why",
            field=models.CharField(blank=True, max_length=300),
        ),
    ]
