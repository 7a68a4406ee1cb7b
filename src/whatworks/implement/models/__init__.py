"""What the room remembers: sites and their plans, what they delivered and changed, readiness, barriers, questions of practice."""

from whatworks.implement.models.asking import ReadinessWave, WaveAnswer, WaveCode
from whatworks.implement.models.delivery import Adaptation, FidelityForm, Heeded
from whatworks.implement.models.improving import (
    Barrier,
    BarrierAction,
    Cycle,
    Insight,
    InsightCoding,
    Point,
    SmallTest,
)
from whatworks.implement.models.sites import Site, SiteMember, SitePhase, SitePlan
from whatworks.implement.models.talking import PracticeQuestion, PracticeReply

__all__ = [
    "Adaptation",
    "Barrier",
    "BarrierAction",
    "Cycle",
    "FidelityForm",
    "Heeded",
    "Insight",
    "InsightCoding",
    "Point",
    "PracticeQuestion",
    "PracticeReply",
    "ReadinessWave",
    "Site",
    "SiteMember",
    "SitePhase",
    "SitePlan",
    "SmallTest",
    "WaveAnswer",
    "WaveCode",
]
