"""What is published: pages about interventions and guides to practice, and the revisions of them that people approved."""

from whatworks.publish.models.finding import Listed, ListState
from whatworks.publish.models.guides import (
    Consultation,
    Guide,
    GuideDraft,
    GuideRevision,
    GuideStanding,
    Package,
    PackageItem,
    Response,
    ResponseAnswer,
)
from whatworks.publish.models.maps import EvidenceMap, MapVersion
from whatworks.publish.models.pages import Draft, Page, Revision
from whatworks.publish.models.passages import PageStanding, Passage

__all__ = [
    "Consultation",
    "Draft",
    "EvidenceMap",
    "Guide",
    "GuideDraft",
    "GuideRevision",
    "GuideStanding",
    "ListState",
    "Listed",
    "MapVersion",
    "Package",
    "PackageItem",
    "Page",
    "PageStanding",
    "Passage",
    "Response",
    "ResponseAnswer",
    "Revision",
]
