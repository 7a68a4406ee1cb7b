"""What rules proposed and people decided stood in one row; now each has rows of its own."""

from django.db import migrations
from django.utils import timezone

from whatworks.ledger import identifiers

DECIDED = {'confirmed': 'same', 'refused': 'different', 'undone': 'open'}


def carry_over(apps, schema_editor):
    """Each former row is a proposal, and a decision by whoever the events name where one was taken."""
    former = apps.get_model('collate', 'FormerMatch')
    proposal, decision = apps.get_model('collate', 'MatchProposal'), apps.get_model('collate', 'MatchDecision')
    event = apps.get_model('ledger', 'Event')
    report, record = apps.get_model('collate', 'Report'), apps.get_model('collate', 'Record')
    for row in former.objects.order_by('pk').iterator():
        pair = (row.left, row.right)
        proposal.objects.create(
            id=identifiers.derived('mpr', *pair, row.proposal, row.reason, '1'),
            left_id=row.left, right_id=row.right, decision=row.proposal, probability=row.score,
            reason=row.reason, rule=row.rule, version='1', made_at=timezone.now(),
            waits=row.proposal != 'linked' and row.state in ('proposed', 'undone'),
        )
        known = event.objects.filter(verb__startswith='collate.match-', mentions__subject=row.left)
        known = [one for one in known.order_by('id') if row.right in one.subjects]
        told = [(one.verb.removeprefix('collate.match-'), one.actor, one.at) for one in known]
        told = [one for one in told if one[0] in DECIDED]
        if row.state in DECIDED and (not told or told[-1][0] != row.state):
            told.append((row.state, 'unknown', timezone.now()))
        for number, (state, by, at) in enumerate(told, 1):
            decision.objects.create(
                id=identifiers.derived('mat', *pair, number), left_id=row.left, right_id=row.right,
                number=number, decision=DECIDED[state], by=by, at=at,
            )
        if row.state == 'confirmed' and record.objects.filter(report=row.left, first_report=row.right).exists():
            report.objects.filter(pk=row.right).update(merged_into=row.left)


class Migration(migrations.Migration):

    dependencies = [
        ('collate', '0004_proposals_and_decisions'),
        ('ledger', '0001_initial'),
    ]

    operations = [
        migrations.RunPython(carry_over, migrations.RunPython.noop),
    ]
