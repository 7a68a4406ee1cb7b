"""Vendors: the dialects of RIS, each by a small made-up record with the quirks that its exports are known for."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.unit.collate.exports import read_text
from whatworks.collate.methods.records import Record
from whatworks.collate.sources import write_ris

TITLE, JOURNAL, DOI = "Leaving care and finding a home", "Journal of Examples", "10.5555/leaving.2019.004"


@dataclass(frozen=True)
class Said:
    """What the views must say, where a vendor's record does not say all of it."""

    title: str = TITLE
    venue: str = JOURNAL
    year: int = 2019
    doi: str = DOI
    pages: str = "33-44"
    authors: tuple[str, ...] = ("Example, Ada M.", "Muster, J.")


NAMES = "AU  - Example, Ada M.\nAU  - Muster, J.\n"
DIALECTS: dict[str, tuple[str, Said]] = {
    # One-space tags after an old template, dates with slashes, the end page alone with its last digits.
    "Ovid": (
        f"TY  - JOUR\nID  - 30000001\nT1  - {TITLE}.\nA1  - Example, Ada M.\nA1  - Muster, J.\nY1  - 2019/07//\n"
        f"N2  - A made-up abstract.\nKW  - *Housing\nJF  - {JOURNAL}\nJA  - J Ex\nVL  - 74\nIS  - 1\nSP  - 33\nEP  - 44\n"
        f"CY  - Nowhere\nUR  - https://ovidsp.example/ovidweb.cgi?T=JS&D=med&AN=30000001\nDO  - {DOI}\nER  - \n",
        Said(title=f"{TITLE}."),
    ),
    # A last word on the date, a permalink, the title in capitals under T1, no space at the end of ER.
    "EBSCO/CINAHL": (
        f"TY  - JOUR\nAU  - Example, Ada M.\nAU  - Muster, J.\nT1  - {TITLE}\nJO  - {JOURNAL}\nJF  - {JOURNAL}\nJA  - J EXAMPLES\n"
        "Y1  - 2019/07//Jul/Aug2019\nPY  - 2019/07//Jul/Aug2019\nVL  - 74\nIS  - 1\nSP  - 33\nEP  - 44\nSN  - 01401971\n"
        f"M3  - Article\nDO  - {DOI}\nUR  - https://search.ebscohost.com/login.aspx?direct=true&db=cin20&AN=1&site=ehost-live\n"
        "DP  - EBSCOhost\nDB  - cin20\nER  -\n",
        Said(),
    ),
    # The DOI within an OpenURL that is escaped twice, several lines of rights under N1.
    "ProQuest": (
        f"TY  - JOUR\nAN  - 2200000001\n{NAMES}T1  - {TITLE}\nJF  - {JOURNAL}\nY2  - 2024/01/15/\nY1  - 2019///\nPY  - 2019\n"
        "VL  - 74\nIS  - 1\nSP  - 33\nEP  - 44\nL2  - https://openurl.example/?rft_id=info:doi%252F10.5555%252Fleaving.2019.004&rft.year=2019\n"
        "N1  - Copyright - Nobody 2019; Last updated - 2024-01-01\nDB  - APA PsycInfo\nER  - \n\n",
        Said(),
    ),
    # The article's title under ST as well, its own number under U2, two L2 of which one is the DOI.
    "Embase": (
        f"TY  - JOUR\nM3  - Article\nY1  - 2019\nVL  - 74\nIS  - 1\nSP  - 33\nEP  - 44\nJF  - {JOURNAL}\nJO  - J. Ex.\n"
        f"A1  - Example, Ada M.\nA1  - Muster, J.\nAD  - A.M. Example, Nowhere\nT1  - {TITLE}\nLA  - English\n"
        "U2  - L2000000001\nU4  - 2019-07-20\nN2  - A made-up abstract.\nC5  - 30000001\n"
        f"L2  - https://www.embase.com/search/results?subaction=viewrecord&id=L2000000001&from=export\nL2  - http://dx.doi.org/{DOI}\n"
        "ER  - \n",
        Said(),
    ),
    # Headings between records, and tags longer than RIS knows: SO, YR, NO, PG and DOI.
    "Cochrane": (
        f"Cochrane Library search\n\nRecord #1 of 1\nTY  - JOUR\nAN  - CN-00000001\n{NAMES}TI  - {TITLE}\nSO  - {JOURNAL}\nYR  - 2019\n"
        f"VL  - 74\nNO  - 1\nPG  - 33‐44\nPM  - PUBMED 30000001\nXR  - EMBASE 2000000001\nPT  - Journal article\nDOI - {DOI}\n"
        "US  - https://www.cochranelibrary.com/central/doi/10.1002/central/CN-00000001/full\nER  - \n",
        Said(),
    ),
    # The abbreviated title under J9 and JI, the month alone, an accession number with its own prefix.
    "Web of Science": (
        f"TY  - JOUR\n{NAMES}TI  - {TITLE}\nT2  - {JOURNAL}\nLA  - English\nM3  - Article\nAB  - A made-up abstract.\nJ9  - J EX\n"
        f"JI  - J. Ex.\nPD  - JUL\nPY  - 2019\nVL  - 74\nIS  - 1\nSP  - 33\nEP  - 44\nDO  - {DOI}\nAN  - WOS:000000000000001\nER  -\n\n",
        Said(),
    ),
    # An article number for pages, the DOI only within the link, counts under N1.
    "Scopus": (
        f"TY  - JOUR\nTI  - {TITLE}\nT2  - {JOURNAL}\nJ2  - J. Ex.\nVL  - 74\nIS  - 1\nC7  - 104021\nSP  - \nEP  - \nPY  - 2019\n"
        f"{NAMES}UR  - https://www.scopus.com/inward/record.uri?eid=2-s2.0-1&doi=10.5555%2fleaving.2019.004&partnerID=40&md5=0\n"
        "N1  - Export Date: 15 January 2024; Cited By: 3\nDB  - Scopus\nER  - \n",
        Said(pages="104021"),
    ),
    # Keywords under one tag on many lines, all pages under SP, a short title beside the whole one.
    "EndNote": (
        f"TY  - JOUR\nAB  - A made-up abstract.\n{NAMES}DA  - Jul\nDO  - {DOI}\nIS  - 1\nKW  - Housing\nYoung people\nPY  - 2019\n"
        f"SP  - 33-44\nST  - Leaving care\nT2  - {JOURNAL}\nTI  - {TITLE}\nVL  - 74\nL1  - internal-pdf://0/a.pdf\nID  - 12\nER  - \n\n",
        Said(),
    ),
    # The date of access after the date of publication, notes as HTML.
    "Zotero": (
        f"TY  - JOUR\nTI  - {TITLE}\n{NAMES}T2  - {JOURNAL}\nDA  - 2019/07//\nPY  - 2019\nDO  - {DOI}\nVL  - 74\nIS  - 1\nSP  - 33\n"
        "EP  - 44\nST  - Leaving care\nY2  - 2024/01/15/10:00:00\nN1  - <p>A note</p>\nER  - \n\n",
        Said(),
    ),
    # The DOI under M3 in an older version, files under L1.
    "Mendeley": (
        f"TY  - JOUR\nT1  - {TITLE}\nA1  - Example, Ada M.\nA1  - Muster, J.\nY1  - 2019/07//\nJF  - {JOURNAL}\nVL  - 74\nIS  - 1\n"
        f"SP  - 33\nEP  - 44\nM3  - {DOI}\nL1  - file:///C:/a.pdf\nN2  - A made-up abstract.\nER  - \n",
        Said(),
    ),
    # The item's number under U1, and under ST an author and year that are no title.
    "EPPI-Reviewer": (
        f"TY  - JOUR\nST  - Example (2019)\nT1  - {TITLE}\n{NAMES}JF  - {JOURNAL}\nPY  - 2019\nVL  - 74\nIS  - 1\nSP  - 33-44\n"
        f"DO  - {DOI}\nU1  - 40000001\nER  - \n",
        Said(),
    ),
}  # fmt: skip


def one(text: str) -> Record:
    (record,) = read_text(text)[1]
    return record


@pytest.mark.parametrize("vendor", DIALECTS)
def test_the_views_of_every_vendor(vendor: str) -> None:
    text, said = DIALECTS[vendor]
    record = one(text)
    found = Said(record.title, record.venue, record.year or 0, record.doi, record.pages, record.authors)
    assert found == said
    assert (record.volume, record.issue) == ("74", "1")


@pytest.mark.parametrize("vendor", DIALECTS)
def test_every_line_of_every_vendor_comes_back_from_our_own_ris(vendor: str) -> None:
    record = one(DIALECTS[vendor][0])
    assert one("".join(write_ris([record]))).tags == record.tags


def test_a_short_title_is_a_title_only_where_there_is_no_other() -> None:
    assert one("TY  - BOOK\nST  - Example (2019)\nBT  - A book of examples\nER  - \n").title == "A book of examples"
    assert one("TY  - JOUR\nST  - Leaving care\nER  - \n").title == "Leaving care"
