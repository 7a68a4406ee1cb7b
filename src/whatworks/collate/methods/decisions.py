"""Decisions: what people decided in another screening tool, out of the records that it exported.

Everything is total and takes nothing away: a record without a decision gives none, a verdict that is no verdict is left
where it stands in the record's tags, and each decision carries the text that it was read from.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from whatworks.collate.methods.columns import header_key
from whatworks.collate.methods.fields import one_line
from whatworks.collate.methods.keeping import kept_value
from whatworks.collate.methods.records import Record

Verdict = Literal["include", "exclude", "maybe", "conflict"]
TITLE_AND_ABSTRACT, FULL_TEXT = "title and abstract", "full text"


@dataclass(frozen=True, slots=True)
class OthersDecision:
    """One decision on one record in another tool: who (as the tool names them) decided what, at which stage, and why.

    Texts are "" where the export does not say; `when` is ISO 8601 where it could be read as a time, else as it stands.
    """

    tool: str
    verdict: Verdict
    who: str = ""
    stage: str = ""
    reason: str = ""
    labels: tuple[str, ...] = field(default=())
    when: str = ""
    raw: str = ""

    def to_dict(self) -> dict[str, object]:
        """As JSON types."""
        names = ("tool", "verdict", "who", "stage", "reason", "when", "raw")
        return {name: getattr(self, name) for name in names} | {"labels": list(self.labels)}


def decisions_in(record: Record, file: str = "") -> tuple[OthersDecision, ...]:
    """The decisions that a record brings from Rayyan, Covidence, ASReview or EPPI-Reviewer, each once, in the order of its tags.

    `file` is the name that the export came with: Covidence says only there which list it is.
    """
    found = (*_rayyan(record), *_covidence(record, file), *_asreview(record), *_eppi(record))
    return tuple(dict.fromkeys(found))


# Rayyan writes all that people did into the notes: RAYYAN-INCLUSION: {"Anna"=>"Included"} | RAYYAN-LABELS: a,b | ...
_RAYYAN_PART = re.compile(r"(RAYYAN-INCLUSION|RAYYAN-LABELS|RAYYAN-EXCLUSION-REASONS|USER-NOTES)\s*:\s*", re.IGNORECASE)
_VOTE = re.compile(r'"((?:[^"\\]|\\.)*)"\s*(?:=>|:)\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,}"]+))')
_RAYYAN_WORDS: dict[str, Verdict] = {
    "included": "include",
    "include": "include",
    "true": "include",
    "excluded": "exclude",
    "exclude": "exclude",
    "false": "exclude",
    "maybe": "maybe",
    "conflict": "conflict",
}


def _rayyan(record: Record) -> Iterator[OthersDecision]:
    for tag, value in record.tags:
        if "RAYYAN-INCLUSION" in value:
            yield from _rayyan_votes(value)
        elif ":" in tag and tag.upper().endswith(":RAYYAN-INCLUSION"):
            yield from _rayyan_votes(f"RAYYAN-INCLUSION: {value}")


def _rayyan_votes(text: str) -> Iterator[OthersDecision]:
    parts = _rayyan_parts(text)
    labels = tuple(_listed(parts.get("RAYYAN-LABELS", "")))
    reason = parts.get("RAYYAN-EXCLUSION-REASONS", "")
    inclusion = parts.get("RAYYAN-INCLUSION", "")
    votes = [(_unescaped(who), quoted or bare) for who, quoted, bare in _VOTE.findall(inclusion)]
    for who, word in votes or [("", inclusion.strip(' {}"'))]:
        verdict = _RAYYAN_WORDS.get(word.strip().casefold())
        if verdict:
            why = reason if verdict == "exclude" else ""
            yield OthersDecision("Rayyan", verdict, who=who, reason=why, labels=labels, raw=text)


def _rayyan_parts(text: str) -> dict[str, str]:
    found = list(_RAYYAN_PART.finditer(text))
    ends = [one.start() for one in found[1:]] + [len(text)]
    return {
        one.group(1).upper(): text[one.end() : end].strip().removesuffix("|").strip()
        for one, end in zip(found, ends, strict=True)
    }


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _listed(text: str, mark: str = ",") -> list[str]:
    return [one for part in text.split(mark) if (one := part.strip())]


# Covidence exports one list at a time; its name says which, as in review_12345_included_csv_20240320131744.csv. The
# notes of a report excluded at full text begin with the reason; the notes after it are signed, but by who wrote them,
# which need not be who decided. Votes are in the table only where a column of them was exported.
_COVIDENCE_LISTS: dict[str, tuple[Verdict, str]] = {
    "irrelevant": ("exclude", TITLE_AND_ABSTRACT),
    "select": ("include", TITLE_AND_ABSTRACT),
    "excluded": ("exclude", FULL_TEXT),
    "included": ("include", FULL_TEXT),
    "extraction": ("include", FULL_TEXT),
}
_LIST_IN_NAME = re.compile(r"review_\d+_([a-z]+)", re.IGNORECASE)
_REASON = re.compile(r"\s*Exclusion reason:\s*([^;]*)", re.IGNORECASE)
_VOTES = re.compile(r"covidence:(?=.*\b(?:vote|decision)\b)(.+)", re.IGNORECASE)
_COVIDENCE_WORDS: dict[str, Verdict] = {
    "yes": "include",
    "include": "include",
    "included": "include",
    "no": "exclude",
    "exclude": "exclude",
    "excluded": "exclude",
    "maybe": "maybe",
    "conflict": "conflict",
}


def _covidence(record: Record, file: str) -> Iterator[OthersDecision]:
    own = {tag.lower(): value for tag, value in record.tags if tag.startswith("covidence:")}
    labels = tuple(_listed(own.get("covidence:tags", ""), ";"))
    for tag, value in record.tags if own else ():
        vote, verdict = _VOTES.fullmatch(tag), _COVIDENCE_WORDS.get(value.strip().casefold())
        if vote and verdict:
            stage = FULL_TEXT if "full" in tag.lower() else TITLE_AND_ABSTRACT
            raw = f"{vote.group(1)}: {value}"
            yield OthersDecision("Covidence", verdict, who=vote.group(1), stage=stage, labels=labels, raw=raw)
    why = next((found for tag, value in record.tags if tag == "N1" and (found := _REASON.match(value))), None)
    named = _LIST_IN_NAME.search(file) if file else None
    listed = _COVIDENCE_LISTS.get(named.group(1).casefold()) if named else None
    if why:
        reason = one_line(why.group(1))
        yield OthersDecision(
            "Covidence", "exclude", stage=FULL_TEXT, reason=reason, labels=labels, raw=why.string.strip()
        )
    elif listed and (own or "covidence" in file.lower() or record.values("U1")):
        yield OthersDecision("Covidence", listed[0], stage=listed[1], labels=labels, raw=file)


# ASReview 2 writes asreview_label, _time, _note and the user; version 1 `included`; its RIS the same as notes.
_LABELS = (
    "asreviewlabel",
    "included",
    "labelincluded",
    "label",
    "finalincluded",
    "finallabel",
    "labelabstractincluded",
)
_OWN = ("asreview", "exportednotes")
_NOT_TABLES = frozenset(("bibtex", "crossref", "csl", "endnote", "enw", "nbib", "openalex"))
_RIS_LABEL = re.compile(r"\bASReview_(relevant|irrelevant)\b")
_RIS_NOTE = re.compile(r"(?:<p>)?\s*(asreview_\w+):\s*(.*?)\s*(?:</p>)?\s*", re.DOTALL)
_ASREVIEW_WORDS: dict[str, Verdict] = {
    "1": "include",
    "1.0": "include",
    "true": "include",
    "yes": "include",
    "relevant": "include",
    "0": "exclude",
    "0.0": "exclude",
    "false": "exclude",
    "no": "exclude",
    "irrelevant": "exclude",
}


def _asreview(record: Record) -> Iterator[OthersDecision]:
    columns = [(header_key(name), name, value) for name, value in _columns(record)]
    names = {key: name for key, name, _ in columns}
    own = {key: value for key, _, value in columns}
    said = ""
    for tag, value in record.tags:
        if tag == "N1" and "asreview_" in value.lower():
            found = _RIS_LABEL.search(value)
            said = said or (found.group(1) if found else "")
            note = _RIS_NOTE.fullmatch(value)
            if note:
                names.setdefault(header_key(note.group(1)), note.group(1))
                own.setdefault(header_key(note.group(1)), _from_json(note.group(2)))
    name = next((name for name in _LABELS if name in own), "")
    verdict = _ASREVIEW_WORDS.get((said or own.get(name, "")).strip().casefold())
    if not verdict:
        return
    known_before = own.get("asreviewprior", "").strip().casefold() in ("1", "1.0", "true")
    prior = ("prior",) if known_before or "ASReview_prior" in record.values("N1") else ()
    labels = tuple(value for key, value in own.items() if key.startswith("asreviewtag") and value.strip())
    yield OthersDecision(
        "ASReview",
        verdict,
        who=own.get("asreviewusername") or own.get("asreviewuseremail") or own.get("asreviewuser") or "",
        stage=TITLE_AND_ABSTRACT,
        labels=prior + labels,
        when=_time(own.get("asreviewtime", "")),
        raw="; ".join(
            ([f"ASReview_{said}"] if said else [])
            + [f"{names[key]}: {value}" for key, value in own.items() if key == name or key.startswith(_OWN)]
        ),
    )


def _columns(record: Record) -> Iterator[tuple[str, str]]:
    """The columns of a table that are no field of a reference; formats that are no tables have labels of another kind."""
    for tag, value in record.tags:
        if ":" in tag:
            source, _, name = tag.partition(":")
            if source not in _NOT_TABLES:
                yield name, value


def _eppi(record: Record) -> Iterator[OthersDecision]:
    """Its reader puts the screening codes of a reference under a tag of their own, as a list of objects."""
    for text in record.values("eppi:Screening"):
        try:
            held = kept_value(text)
        except RecursionError:  # lists in lists without end: somebody's own text
            continue
        for one in held if isinstance(held, list) else ():
            if isinstance(one, dict) and one.get("verdict") in ("include", "exclude"):
                said = {
                    name: one[name] for name in ("stage", "reason", "note", "raw") if isinstance(one.get(name), str)
                }
                labels = (said["note"],) if said.get("note") else ()
                verdict: Verdict = "include" if one["verdict"] == "include" else "exclude"
                yield OthersDecision(
                    "EPPI-Reviewer",
                    verdict,
                    stage=said.get("stage", ""),
                    reason=said.get("reason", ""),
                    labels=labels,
                    raw=said.get("raw", text),
                )


def _from_json(text: str) -> str:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return value if isinstance(value, str) else text


def _time(text: str) -> str:
    """A time as ISO 8601, out of the forms in which tools write it; seconds since 1970 are in UTC."""
    plain = text.strip()
    try:
        if re.fullmatch(r"\d{9,10}(?:\.\d+)?", plain):
            return datetime.fromtimestamp(float(plain), UTC).isoformat()
        return datetime.fromisoformat(plain).isoformat()
    except (ValueError, OverflowError, OSError):
        return plain
