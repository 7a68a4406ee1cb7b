"""A page's revision as linked data (JSON-LD, schema.org): a report, what it is based on, and the table of its results.

A page is a `Report` and no `ClaimReview` (it checks nobody's claim), no `ScholarlyArticle` (nobody reviewed it as one); the
rows behind it are a `Dataset`. A state is a word of ours, so it is a `PropertyValue`; an interval is only given where the page
shows one. Types and properties: https://schema.org/Report, https://schema.org/Dataset, https://schema.org/PropertyValue.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from whatworks.publish.methods.handout_parts import PROVISIONAL, said, words
from whatworks.publish.methods.using import GROUPS

CONTEXT = "https://schema.org"
MEDIA = (
    ("summary.pdf", "application/pdf"),
    ("summary.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("slide.pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("summary.txt", "text/plain"),
)


def linked_data(content: Mapping[str, Any], *, base: str, at: str) -> dict[str, Any]:
    """The document; `base` is the centre's address (addresses stay relative where it is not known), `at` a date (ISO 8601)."""
    slug, number = content["slug"], content["revision"]
    here = f"{base}/evidence/{slug}/revisions/{number}/"
    answer = f"{said(words(content['answer']['strong']))} {said(words(content['answer']['rest']))}".strip()
    return {
        "@context": CONTEXT,
        "@type": "Report",
        "@id": here,
        "url": here,
        "identifier": content.get("identifier", ""),
        "version": number,
        "name": content["title"],
        "description": content.get("lead") or "",
        "abstract": f"{answer} {GROUPS}",
        "inLanguage": "en-GB",
        "datePublished": at,
        "genre": "Evidence note" if content["kind"] == "note" else "Evidence page",
        "isAccessibleForFree": True,
        "creditText": content.get("approved", {}).get("by", ""),
        "isPartOf": {"@type": "CreativeWork", "@id": f"{base}/evidence/{slug}/", "name": content["title"]},
        "about": {"@type": "Thing", "name": content["title"], "description": content.get("lead") or ""},
        "citation": [_source(one) for one in content.get("sources") or ()],
        "encoding": [
            {"@type": "MediaObject", "encodingFormat": kind, "contentUrl": here + name} for name, kind in MEDIA
        ],
        "hasPart": _data(content, here, answer),
    }


def _source(one: Mapping[str, Any]) -> dict[str, str]:
    found = {"@type": "CreativeWork", "name": one["text"]}
    return found | ({"url": one["href"]} if str(one.get("href") or "").startswith(("https://", "http://")) else {})


def _data(content: Mapping[str, Any], here: str, answer: str) -> dict[str, Any]:
    return {
        "@type": "Dataset",
        "@id": f"{here}data.csv",
        "name": f"Results behind {content['title']}",
        "description": f"Every row of every table of the page, as published. {answer}",
        "isAccessibleForFree": True,
        "distribution": {"@type": "DataDownload", "encodingFormat": "text/csv", "contentUrl": f"{here}data.csv"},
        "variableMeasured": [_outcome(one) for one in content["outcomes"]],
    }


def _outcome(one: Mapping[str, Any]) -> dict[str, Any]:
    """An outcome: its state in our words, its sentence, how sure, and the ends of its interval where the page draws one."""
    sure, scale = one["certainty"], one["scale"]
    found: dict[str, Any] = {
        "@type": "PropertyValue",
        "propertyID": one["identifier"],
        "name": one["name"],
        "value": one["state"]["word"],
        "description": said(words(one["sentence"])),
        "valueReference": {
            "@type": "PropertyValue",
            "name": "Certainty",
            "value": sure["word"] if sure else one["certainty_words"] or "not rated",
            "description": f"judged by {sure['by']}"
            if sure and sure.get("by")
            else PROVISIONAL
            if one["provisional"]
            else "",
        },
    }
    if scale and scale["low"] is not None and scale["high"] is not None:
        found |= {"unitText": scale["title"], "minValue": scale["low"], "maxValue": scale["high"]}
    return found
