"""PubMed XML: articles and book chapters as PubMed's site and its E-utilities give them (PubmedArticleSet).

Element names are those of NLM's published document type (pubmed_190101.dtd), which is never fetched. Every element of
an article stays as it was under `pubmed:` and its name, unless it is a bare text that a RIS tag holds word for word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from whatworks.collate.methods.fields import one_line, year_in
from whatworks.collate.methods.names import family_first
from whatworks.collate.sources.xml_records import Element, Written, XmlSource, words

_ROOT = re.compile(r"<(?:PubmedArticleSet|PubmedBookArticleSet|PubmedArticle|PubmedBookArticle)[\s>/]")
_MONTHS = {name: f"{at:02d}" for at, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_ARTICLE_NUMBER = re.compile(r"[A-Za-z]{0,4}\d+")

Tag = tuple[str, str]


class PubmedXml(XmlSource):
    """PubMed's XML: articles, and chapters and books of its bookshelf."""

    name, prefix = "PubMed XML", "pubmed"
    records: ClassVar[tuple[str, ...]] = ("PubmedArticle", "PubmedBookArticle")

    def shows(self, text: str) -> bool:
        """Whether PubMed's own elements come soon."""
        return bool(_ROOT.search(text[:65536]))

    def tags(self, record: Element, written: Written, notes: list[str]) -> list[Tag]:
        """The article in RIS tags, and every element that had to change or has no tag under its own name."""
        citation = record.find("MedlineCitation")
        citation = record.find("BookDocument") if citation is None else citation
        citation = record if citation is None else citation
        article = citation.find("Article")
        article = citation if article is None else article
        tags = [_type(record, article)]
        for child in citation:
            if child is not article:
                self._tell(child, written, tags)
            else:
                for part in child:
                    self._tell(part, written, tags)
                self._attributes(child, tags)
        self._attributes(citation, tags)
        for other in record:  # PubmedData: history, numbers, references
            if other is not citation:
                for child in other:
                    if child.tag == "ArticleIdList":
                        tags += _numbers(child)
                tags.append((f"pubmed:{other.tag}", written.of(other)))
        given = {tag for tag, _ in tags}
        if "DO" not in given:
            tags += _doi_of(record)
        if "PY" not in given:
            tags += _other_year(article)
        return tags

    def _tell(self, element: Element, written: Written, tags: list[Tag]) -> None:
        """Add the tags that an element gives, and the element itself where they do not say all of it."""
        name = element.tag
        if name in _MADE:
            tags += _MADE[name](element)
        elif name in _PLAIN and (text := words(element)):
            tags.append((_PLAIN[name], text))
            if not len(element) and not element.attrib:
                return
        tags.append((f"pubmed:{name}", written.of(element)))

    def _attributes(self, element: Element, tags: list[Tag]) -> None:
        for name, value in element.items():
            tags.append((f"pubmed:{element.tag}@{name}", value))


def _type(record: Element, article: Element) -> Tag:
    if record.tag == "PubmedBookArticle":
        return "TY", "CHAP" if article.find("ArticleTitle") is not None and article.find("Book") is not None else "BOOK"
    kinds = {kind.text for kind in article.iterfind("PublicationTypeList/PublicationType")}
    return "TY", "UNPB" if "Preprint" in kinds else "JOUR"


def _authors(element: Element) -> Iterator[Tag]:
    tag = "ED" if element.get("Type") == "editors" else "AU"
    for author in element:
        if author.get("ValidYN") == "N":  # a name that NLM has corrected since; the right one stands beside it
            continue
        last = given = initials = suffix = whole = ""
        for part in author:
            name = part.tag
            if name == "LastName":
                last = words(part)
            elif name == "ForeName":
                given = words(part)
            elif name == "Initials":
                initials = words(part)
            elif name == "Suffix":
                suffix = words(part)
            elif name == "CollectiveName":
                whole = words(part)
        if name := family_first(last, given or initials, suffix) or one_line(whole):
            yield tag, name


def _abstract(element: Element) -> Iterator[Tag]:
    parts = []
    for part in element.iterfind("AbstractText"):
        text, label = words(part).strip(), (part.get("Label") or "").strip()
        if text or label:
            parts.append(f"{label}: {text}".strip() if label and label != "UNLABELLED" else text)
    if parts:
        yield "N2" if element.tag == "OtherAbstract" else "AB", "\n".join(parts)


def _journal(element: Element) -> Iterator[Tag]:
    for part in element:
        if part.tag == "JournalIssue":
            for one in part:
                if one.tag == "PubDate":
                    yield from _date(one)
                elif one.tag in _BOOK and one.text:
                    yield _BOOK[one.tag], one.text
        elif part.tag in _JOURNAL and (text := words(part)):
            yield _JOURNAL[part.tag], text


def _date(element: Element | None) -> Iterator[Tag]:
    """The year, and the date as RIS has it: year/month/day, with what is no month (a season, a span) at the end."""
    if element is None:
        return
    said = {part.tag: (part.text or "").strip() for part in element}
    year = said.get("Year", "")
    free = said.get("MedlineDate", "")
    if free and not year:
        found = year_in([free])
        year = str(found) if found else ""
    if not year:
        return
    yield "PY", year
    month = said.get("Month", "")
    number = _MONTHS.get(month[:3].lower(), month.zfill(2) if month.isdecimal() else "")
    rest = said.get("Season", "") or (free.replace(year, "", 1).strip() if free else "") or ("" if number else month)
    day = said.get("Day", "").zfill(2) if said.get("Day") else ""
    if number or rest:
        yield "DA", f"{year}/{number}/{day}/{rest}".rstrip("/")


def _pages(element: Element) -> Iterator[Tag]:
    first, last = element.findtext("StartPage"), element.findtext("EndPage")
    if not first:
        first, dash, last = (element.findtext("MedlinePgn") or "").partition("-")
        if dash and (not last or "-" in last or "," in last):  # several spans: one value says it all
            first, last = f"{first}-{last}", ""
    yield from ((tag, text) for tag, text in (("SP", first), ("EP", last)) if text)


def _place(element: Element) -> Iterator[Tag]:
    """A DOI; an article number where it is one. A number known to be wrong is only kept."""
    text = words(element).strip()
    if element.get("ValidYN") != "N" and text:
        if element.get("EIdType") == "doi":
            yield "DO", text
        elif _ARTICLE_NUMBER.fullmatch(text):
            yield "C7", text


def _keywords(element: Element) -> Iterator[Tag]:
    yield from (("KW", text) for word in element if (text := one_line(words(word))))


def _headings(element: Element) -> Iterator[Tag]:
    """Each heading with each of its subheadings as PubMed writes it elsewhere, `Heading/subheading`."""
    for heading in element:
        name, below = "", False
        for part in heading:
            if name:
                below = True
                yield "KW", f"{name}/{part.text}"
            else:
                name = part.text or ""
        if name and not below:
            yield "KW", name


def _kinds(element: Element) -> Iterator[Tag]:
    kinds = element.iterfind("PublicationType") if element.tag == "PublicationTypeList" else (element,)
    yield from (("M3", kind.text) for kind in kinds if kind.text)


def _numbers(element: Element) -> Iterator[Tag]:
    yield from (("C2", one.text) for one in element.iterfind("ArticleId[@IdType='pmc']") if one.text)


def _book(element: Element) -> Iterator[Tag]:
    whole = element.getparent().find("ArticleTitle") is None
    for child in element:
        text = words(child).strip()
        if child.tag == "BookTitle" and text:
            yield "TI" if whole else "T2", text
        elif child.tag == "Publisher":
            pairs = (("PB", "PublisherName"), ("CY", "PublisherLocation"))
            yield from ((tag, said) for tag, path in pairs if (said := words(child.find(path)).strip()))
        elif child.tag == "AuthorList":
            yield from (("ED" if not whole else tag, name) for tag, name in _authors(child))
        elif child.tag == "PubDate":
            yield from _date(child)
        elif child.tag in _BOOK and text:
            yield _BOOK[child.tag], text


def _doi_of(record: Element) -> list[Tag]:
    """The DOI among the numbers of the article itself, not of its references."""
    for path in ("PubmedData/ArticleIdList/ArticleId", "BookDocument/ArticleIdList/ArticleId"):
        for number in record.iterfind(path):
            if number.get("IdType") == "doi" and number.text:
                return [("DO", number.text.strip())]
    return []


def _other_year(article: Element) -> list[Tag]:
    """The year of the article's appearance online or of its contribution, where its issue says none."""
    for path in ("ArticleDate/Year", "ContributionDate/Year"):
        if year := article.findtext(path):
            return [("PY", year)]
    return []


_PLAIN = {"PMID": "AN", "ArticleTitle": "TI", "VernacularTitle": "TT", "Language": "LA"}
_JOURNAL = {"Title": "JF", "ISOAbbreviation": "JA", "ISSN": "SN"}
_BOOK = {"Volume": "VL", "Issue": "IS", "Edition": "ET", "CollectionTitle": "T3", "Isbn": "SN", "ReportNumber": "M1"}
_MADE = {
    "Journal": _journal,
    "AuthorList": _authors,
    "Abstract": _abstract,
    "OtherAbstract": _abstract,
    "Pagination": _pages,
    "ELocationID": _place,
    "KeywordList": _keywords,
    "MeshHeadingList": _headings,
    "PublicationTypeList": _kinds,
    "PublicationType": _kinds,
    "ArticleIdList": _numbers,
    "Book": _book,
}
