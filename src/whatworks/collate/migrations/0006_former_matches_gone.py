from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('collate', '0005_matches_carried_over'),
    ]

    operations = [
        migrations.DeleteModel('FormerMatch'),
    ]
