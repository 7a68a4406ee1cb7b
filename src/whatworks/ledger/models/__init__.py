"""What the ledger remembers."""

from whatworks.ledger.models.artefacts import Artefact, Lineage
from whatworks.ledger.models.events import Event, EventSubject, Payload, Pending, Seal
from whatworks.ledger.models.jobs import Job
from whatworks.ledger.models.subjects import Row, Subject, SubjectRow

__all__ = [
    "Artefact",
    "Event",
    "EventSubject",
    "Job",
    "Lineage",
    "Payload",
    "Pending",
    "Row",
    "Seal",
    "Subject",
    "SubjectRow",
]
