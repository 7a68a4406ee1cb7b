"""Mapping: columns are told by the headers of many sources and languages, and by nothing that only looks like them."""

from __future__ import annotations

import re

import pytest

from tests.unit.collate.tables import COVIDENCE, RAYYAN, SCOPUS_2023, WEB_OF_SCIENCE
from tests.unit.docs.pages import page, sections
from whatworks.collate.methods.columns import BY_HEADER, FIELDS, header_key
from whatworks.collate.methods.mapping import PLAIN, Vendor, fields_of, lay_out
from whatworks.collate.sources.vendors import VENDORS

LANGUAGES = {
    "German": ("Titel", "Autoren", "Erscheinungsjahr", "Zeitschrift", "Zusammenfassung"),
    "French": ("Titre", "Auteurs", "Année", "Revue", "Résumé"),
    "Spanish": ("Título", "Autores", "Año", "Revista", "Resumen"),
    "Portuguese": ("Título", "Autores", "Ano", "Revista", "Resumo"),
    "Italian": ("Titolo", "Autori", "Anno", "Rivista", "Riassunto"),
    "Dutch": ("Titel", "Auteurs", "Jaar", "Tijdschrift", "Samenvatting"),
    "Swedish": ("Titel", "Författare", "År", "Tidskrift", "Sammanfattning"),
    "Chinese": ("标题", "作者", "年份", "期刊", "摘要"),
    "Japanese": ("タイトル", "著者", "年", "雑誌名", "抄録"),
}
VENDORS_HEADERS = {
    "Dimensions CSV": "Rank,Publication ID,DOI,PMID,PMCID,Title,Abstract,Source title,Anthology title,Publication Date,"
    "PubYear,Volume,Issue,Pagination,Open Access,Publication Type,Authors,Authors Affiliations,Times cited,Dimensions URL",
    "Lens CSV": "Lens ID,Title,Date Published,Publication Year,Publication Type,Source Title,ISSNs,Publisher,Source Country,"
    "Author/s,Abstract,Volume,Issue Number,Start Page,End Page,Fields of Study,Keywords,MeSH Terms,PMID,DOI",
    "PubMed CSV": "PMID,Title,Authors,Citation,First Author,Journal/Book,Publication Year,Create Date,PMCID,NIHMS ID,DOI",
    "Cochrane CSV": "Title,Author(s),Source,Issue,Year,Abstract,DOI,Cochrane Review ID,Cochrane Review Group Code,Keywords",
    "EBSCO CSV": "Article Title,Author,Journal Title,ISSN,ISBN,Publication Date,Volume,Issue,First Page,Page Count,"
    "Accession Number,DOI,Publisher,Doctype,Subjects,Keywords,Abstract,PLink",
    "ProQuest table": "Title,Abstract,StoreId,ArticleType,Authors,documentType,issn,issue,pages,pubdate,pubtitle,startPage,"
    "subjectTerms,volume,year,DocumentURL",
    "Publish or Perish CSV": "Cites,Authors,Title,Year,Source,Publisher,ArticleURL,CitesURL,GSRank,QueryDate,Type,DOI,ISSN,"
    "CitationURL,Volume,Issue,StartPage,EndPage,ECC,Abstract",
    "IEEE Xplore CSV": "Document Title,Authors,Author Affiliations,Publication Title,Date Added To Xplore,Publication Year,"
    "Volume,Issue,Start Page,End Page,Abstract,ISSN,DOI,PDF Link,Author Keywords,IEEE Terms",
    "Zotero CSV": "Key,Item Type,Publication Year,Author,Title,Publication Title,ISBN,ISSN,DOI,Url,Abstract Note,Date,Pages,"
    "Issue,Volume,Manual Tags,Automatic Tags",
    "Web of Science Excel": "Publication Type,Authors,Author Full Names,Article Title,Source Title,Language,Document Type,"
    "Abstract,Publication Year,Volume,Issue,Start Page,End Page,Article Number,DOI,UT (Unique WOS ID)",
    "Scopus CSV": SCOPUS_2023.splitlines()[0].replace('"', ""),
    "Web of Science tab": WEB_OF_SCIENCE.splitlines()[0].replace("\t", ","),
    "Rayyan CSV": RAYYAN.splitlines()[0],
    "Covidence CSV": COVIDENCE.splitlines()[0],
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_common_languages_are_understood(language: str) -> None:
    fields = fields_of(LANGUAGES[language])
    assert {name: fields[name] for name in ("title", "authors", "year", "journal", "abstract")} == dict(
        zip(("title", "authors", "year", "journal", "abstract"), range(5), strict=True)
    )


@pytest.mark.parametrize("name", VENDORS_HEADERS)
def test_each_vendor_is_told_by_its_header_and_its_main_fields_found(name: str) -> None:
    header = VENDORS_HEADERS[name].split(",")
    layout = lay_out([(1, header), (2, ["x"] * len(header))], vendors=VENDORS)
    assert layout.vendor.name == name
    assert {"title", "authors"} <= set(layout.fields)
    assert "year" in layout.fields or "date" in layout.fields
    if name not in ("Covidence CSV", "Rayyan CSV"):
        assert "journal" in layout.fields


@pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)
def test_a_vendor_means_only_fields_that_there_are_and_fits_where_its_name_is_kept(vendor: Vendor) -> None:
    """The format of an import is a column of 24 characters."""
    assert set(vendor.columns.values()) - {""} <= set(FIELDS)
    assert len(vendor.name) <= 24
    assert vendor.marks


def test_no_vendor_hides_another_whose_marks_are_the_same_and_more() -> None:
    for at, earlier in enumerate(VENDORS):
        assert [later.name for later in VENDORS[at + 1 :] if earlier.marks <= later.marks] == []


def test_headers_are_compared_by_their_letters() -> None:
    assert {header_key(one) for one in ("Author(s)", "AUTHOR S", "author_s", " Author’s ")} == {"authors"}
    assert header_key("Année") == "annee"


def test_of_two_headers_of_one_field_the_surer_is_taken_whatever_their_order() -> None:
    assert fields_of(["Publication", "Journal"])["journal"] == 1
    assert fields_of(["Journal", "Publication"])["journal"] == 0
    assert fields_of(["Keyword", "Author Keywords", "Keywords"])["keywords"] == 2


def test_headers_that_only_look_like_fields_are_left_alone() -> None:
    assert fields_of(["Subtitle", "Authorised", "Yearly cost", "Source", "No.", "Title screening"]) == {}


def test_every_field_has_a_tag_a_label_and_headers_of_its_own() -> None:
    for field in FIELDS.values():
        assert len(field.tag) == 2
        assert field.label
        assert BY_HEADER[field.headers[0]][0] == field.name, field.name


def test_the_layout_of_no_rows_is_empty() -> None:
    layout = lay_out([])
    assert (layout.names, layout.mapping, layout.vendor, layout.tells) == ((), {}, PLAIN, False)


def test_the_guide_names_every_field_that_can_be_mapped() -> None:
    said = sections(page("docs/how-to/read-a-table.md"))["Fields"].partition("\n\nSeveral")[0]
    assert re.findall(r"`(\w+)`", said) == list(FIELDS)


@pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)
def test_the_guide_names_every_vendor(vendor: Vendor) -> None:
    said = sections(page("docs/how-to/read-a-table.md"))["Tables that are known by name"]
    assert re.sub(r" (?:CSV|tab|table|Excel)$", "", vendor.name) in said
