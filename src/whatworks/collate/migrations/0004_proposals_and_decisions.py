import django.db.models.deletion
import whatworks.ledger.fields
from django.db import migrations, models

from whatworks.ledger.tables import Tables


class Migration(Tables):

    dependencies = [
        ('collate', '0003_searches_and_documents'),
        ('ledger', '0001_initial'),
    ]

    operations = [
        # Set aside in a table of its own rather than renamed: PostgreSQL would keep the names of the indexes.
        migrations.CreateModel(
            name='FormerMatch',
            fields=[
                ('id', models.CharField(max_length=24, primary_key=True, serialize=False)),
                ('left', models.CharField(max_length=24)),
                ('right', models.CharField(max_length=24)),
                ('proposal', models.CharField(max_length=8)),
                ('rule', models.CharField(max_length=48)),
                ('score', models.FloatField()),
                ('reason', models.TextField()),
                ('state', models.CharField(max_length=10)),
            ],
        ),
        migrations.RunSQL(
            'INSERT INTO collate_formermatch (id, "left", "right", proposal, rule, score, reason, state) '
            'SELECT id, left_id, right_id, proposal, rule, score, reason, state FROM collate_matchdecision',
            migrations.RunSQL.noop,
        ),
        migrations.DeleteModel('MatchDecision'),
        migrations.CreateModel(
            name='FieldChoice',
            fields=[
                ('id', models.CharField(max_length=24, primary_key=True, serialize=False)),
                ('field', models.CharField(max_length=16)),
                ('number', models.IntegerField()),
                ('withdrawn', models.BooleanField(default=False)),
                ('by', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='MatchProposal',
            fields=[
                ('id', models.CharField(max_length=24, primary_key=True, serialize=False)),
                ('decision', models.CharField(max_length=8)),
                ('probability', models.FloatField()),
                ('reason', models.TextField()),
                ('rule', models.CharField(max_length=48)),
                ('version', models.CharField(max_length=24)),
                ('made_at', models.DateTimeField()),
                ('superseded', models.BooleanField(default=False)),
                ('waits', models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name='MatchConflict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
        ),
        migrations.CreateModel(
            name='MatchDecision',
            fields=[
                ('id', models.CharField(max_length=24, primary_key=True, serialize=False)),
                ('number', models.IntegerField()),
                ('decision', models.CharField(max_length=10)),
                ('by', models.CharField(db_index=True, max_length=64)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='MatchKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.BigIntegerField(db_index=True)),
                ('record', models.CharField(max_length=24)),
            ],
        ),
        migrations.CreateModel(
            name='MatchPolicy',
            fields=[
                ('id', models.CharField(max_length=24, primary_key=True, serialize=False)),
                ('number', models.IntegerField(unique=True)),
                ('merges_by_rule', models.BooleanField()),
                ('by', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='MatchProgress',
            fields=[
                ('origin', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='match_progress', serialize=False, to='collate.import')),
                ('keys_version', models.IntegerField(default=0)),
                ('keyed', models.IntegerField(default=0)),
                ('rules_version', models.CharField(blank=True, max_length=24)),
                ('matched', models.IntegerField(default=0)),
            ],
        ),
        migrations.AddField(
            model_name='report',
            name='chosen',
            field=whatworks.ledger.fields.CanonicalField(default=dict),
        ),
        migrations.AddField(
            model_name='report',
            name='merged_into',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='collate.report'),
        ),
        migrations.AddField(
            model_name='report',
            name='origin',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='collate.import'),
        ),
        migrations.AddField(
            model_name='report',
            name='own',
            field=whatworks.ledger.fields.CanonicalField(null=True),
        ),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(condition=models.Q(('merged_into__isnull', False)), fields=['merged_into'], name='reports_merged'),
        ),
        migrations.AddField(
            model_name='fieldchoice',
            name='report',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='collate.report'),
        ),
        migrations.CreateModel(
            name='MatchClaim',
            fields=[
                ('proposal', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='claim', serialize=False, to='collate.matchproposal')),
                ('by', models.CharField(max_length=64)),
                ('until', models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name='matchproposal',
            name='left',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='collate.report'),
        ),
        migrations.AddField(
            model_name='matchproposal',
            name='origin',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='collate.import'),
        ),
        migrations.AddField(
            model_name='matchproposal',
            name='right',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='collate.report'),
        ),
        migrations.AddField(
            model_name='matchconflict',
            name='apart_left',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='collate.report'),
        ),
        migrations.AddField(
            model_name='matchconflict',
            name='apart_right',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='collate.report'),
        ),
        migrations.AddField(
            model_name='matchconflict',
            name='left',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='collate.report'),
        ),
        migrations.AddField(
            model_name='matchconflict',
            name='right',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='collate.report'),
        ),
        migrations.AddField(
            model_name='matchdecision',
            name='left',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='collate.report'),
        ),
        migrations.AddField(
            model_name='matchdecision',
            name='right',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='collate.report'),
        ),
        migrations.AddConstraint(
            model_name='fieldchoice',
            constraint=models.UniqueConstraint(fields=('report', 'field', 'number'), name='field_choice_once'),
        ),
        migrations.AddIndex(
            model_name='matchproposal',
            index=models.Index(condition=models.Q(('waits', True)), fields=['decision', '-probability', 'id'], name='proposals_waiting'),
        ),
        migrations.AddIndex(
            model_name='matchproposal',
            index=models.Index(condition=models.Q(('waits', True)), fields=['origin', 'decision', '-probability', 'id'], name='proposals_of_import'),
        ),
        migrations.AddConstraint(
            model_name='matchproposal',
            constraint=models.UniqueConstraint(condition=models.Q(('superseded', False)), fields=('left', 'right'), name='proposal_stands_once'),
        ),
        migrations.AddConstraint(
            model_name='matchproposal',
            constraint=models.CheckConstraint(condition=models.Q(('left__lt', models.F('right'))), name='proposal_pair_in_order'),
        ),
        migrations.AddConstraint(
            model_name='matchproposal',
            constraint=models.CheckConstraint(condition=models.Q(('decision__in', ['same', 'ask', 'linked'])), name='proposal_known'),
        ),
        migrations.AddConstraint(
            model_name='matchconflict',
            constraint=models.UniqueConstraint(fields=('left', 'right'), name='match_conflict_once'),
        ),
        migrations.AddConstraint(
            model_name='matchdecision',
            constraint=models.UniqueConstraint(fields=('left', 'right', 'number'), name='decision_number_once'),
        ),
        migrations.AddConstraint(
            model_name='matchdecision',
            constraint=models.CheckConstraint(condition=models.Q(('left__lt', models.F('right'))), name='decision_pair_in_order'),
        ),
        migrations.AddConstraint(
            model_name='matchdecision',
            constraint=models.CheckConstraint(condition=models.Q(('decision__in', ['same', 'different', 'linked', 'open'])), name='match_decision_known'),
        ),
    ]
