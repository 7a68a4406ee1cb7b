"""The lot between applications that could not be told apart: only where the published rules have it, signed by the accountable officer.

Custodians commit before the list is frozen; the list is what the rule for near ties gives, above the threshold of quality.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from whatworks.commission.calling import locked
from whatworks.commission.methods import lottery
from whatworks.commission.methods.ranking import ABOVE
from whatworks.commission.models import Application, Call, LotCommitment, LotDraw, LotList
from whatworks.commission.weighing import weighed
from whatworks.errors import ConflictError, ForbiddenError, InputError
from whatworks.ledger.actions import record, record_node
from whatworks.ledger.identifiers import derived
from whatworks.people.models import User
from whatworks.saying import said


@transaction.atomic
def commit(*, by: str, call: Call, custodian: str, commitment: str) -> LotCommitment:
    """A custodian publishes the digest of a secret, before the list is frozen. Never a name: the part they play."""
    held = _with_lot(call)
    if LotList.objects.filter(call=held).exists():
        raise ConflictError(said("The list is frozen; nobody can commit after that."))
    name, digest = " ".join(custodian.split()), commitment.strip()
    if not name or len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
        raise InputError(said("A commitment needs a part (such as “First custodian”) and a SHA-256 in 64 digits."))
    known = list(held.lot_commitments.all())
    if any(one.by == by or one.custodian == name or one.commitment == digest for one in known):
        raise ConflictError(said("Each custodian commits once, to a secret and under a name of their own."))
    number = len(known) + 1
    made = LotCommitment.objects.create(
        id=LotCommitment.derived(held.pk, number), call=held, number=number, custodian=name, commitment=digest, by=by,
        at=timezone.now(),
    )  # fmt: skip
    record(verb="commission.lot-commit", by=by, about=[held], made=[made])
    return made


@transaction.atomic
def freeze(*, by: User, call: Call) -> LotList:
    """The accountable officer signs and freezes the list of those that could not be told apart and are above the threshold."""
    held = _with_lot(call)
    if held.state != "deciding":
        raise ConflictError(said("A lot comes after scoring has ended and before the call is announced."))
    if not by.may("commission.account"):
        raise ForbiddenError(said("Only the accountable officer signs a lot."))
    if held.lot_commitments.count() < 2:
        raise ConflictError(said("Two custodians must commit before the list is frozen."))
    if held.lot_commitments.filter(by=by.actor).exists():
        raise ForbiddenError(said("A custodian cannot sign the list; somebody else must."))
    if LotList.objects.filter(call=held).exists():
        raise ConflictError(said("The list is frozen already."))
    names, fixed = _tied(held)
    made = LotList.objects.create(
        id=LotList.fresh(), call=held, fixed=fixed, names=names, by=by.actor, at=timezone.now()
    )
    # Kept among the events that stay here, with the digest, so that nobody can say later that another list was frozen.
    record_node(verb="commission.lot-freeze", by=by.actor, about=[held, made], payload={"list": fixed["digest"]})
    return made


def _tied(call: Call) -> tuple[dict[str, str], lottery.Document]:
    """Who is drawn between, by number, and the frozen list."""
    rules, found = call.rules(), weighed(call)
    if found.line is None or found.line.at is None:
        raise ConflictError(said("There is no line yet, so it is not known who could not be told apart."))
    costs = dict(Application.objects.filter(call=call).values_list("pk", "cost"))
    above = [name for name, stands in found.line.stands.items() if stands == ABOVE]
    tied = sorted(name for name in found.line.tied if found.values[name] >= rules.selection.threshold)
    numbers = {derived("lot", call.pk, name): name for name in tied}
    entries = [{"number": number, "cost": costs[numbers[number]]} for number in sorted(numbers)]
    left = rules.about.budget - sum(costs[name] for name in above)
    return numbers, lottery.frozen(entries, budget=left, places=rules.about.most - len(above))


@transaction.atomic
def draw(*, by: str, call: Call, secrets: Mapping[str, str]) -> LotDraw:
    """Draw, once: `secrets` by custodian. What is drawn from is what was frozen."""
    held = _with_lot(call)
    fixed = LotList.objects.filter(call=held).first()
    if fixed is None:
        raise ConflictError(said("The list is not frozen yet; freeze it before the draw."))
    if LotDraw.objects.filter(call=held).exists():
        raise ConflictError(said("The lot was drawn already; a lot is drawn once."))
    parties = [{"name": one.custodian, "commitment": one.commitment} for one in held.lot_commitments.order_by("number")]
    standing = held.standing()
    assert standing is not None
    about = {
        "call": held.slug, "rules": standing.digest, "signed_by": held.rules().selection.signed_by,
        "frozen_at": fixed.at.isoformat(), "drawn_at": timezone.now().isoformat(),
    }  # fmt: skip
    document = lottery.drawn(fixed.fixed, parties, secrets, about)
    text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    made = LotDraw.objects.create(
        id=LotDraw.derived(held.pk), call=held, document=text, digest=hashlib.sha256(text.encode()).hexdigest(), by=by,
        at=timezone.now(),
    )  # fmt: skip
    record(verb="commission.lot-draw", by=by, about=[held], made=[made])
    return made


def taken_of(call: Call) -> set[str]:
    """The applications that the lot took."""
    drawn = LotDraw.objects.filter(call=call).first()
    fixed = LotList.objects.filter(call=call).first()
    if drawn is None or fixed is None:
        return set()
    return {fixed.names[number] for number in json.loads(drawn.document)["taken"]}


def _with_lot(call: Call) -> Call:
    held = locked(call)
    if held.standing() is None or not held.rules().selection.lot:
        raise ConflictError(said("The published rules of this call have no lot, so none can be drawn."))
    return held
