"""Samples: a small file in every format that is read, from which tests make odd ones."""

from __future__ import annotations

from tests.unit.collate import tables
from tests.unit.collate.exports import RIS
from tests.unit.collate.structured import STRUCTURED

SAMPLES: dict[str, bytes] = {}
"""Name to bytes. The name begins with the format's own name; each holds at least two records."""

SAMPLES["RIS"] = RIS.encode()

SAMPLES["PubMed nbib"] = b"""PMID- 30000001
OWN - NLM
STAT- MEDLINE
LR  - 20200101
IS  - 1095-9254 (Electronic)
IS  - 0140-1971 (Linking)
VI  - 74
IP  - 1
DP  - 2019 Jul
TI  - Leaving care and finding a home: a study of young people and
      their first year on their own.
PG  - 33-44
LID - 10.5555/leaving.2019.004 [doi]
LID - S0140-1971(19)30086-6 [pii]
AB  - AIMS: To say what a made-up abstract says. METHODS: It is wrapped
      as PubMed wraps. RESULTS: A line that begins with
      PMID- inside it stays text.
CI  - Copyright (c) 2019 Nobody. All rights reserved.
FAU - Example, Ada M
AU  - Example AM
AUID- ORCID: 0000-0000-0000-0000
AD  - Department of Examples, University of Nowhere.
FAU - Muster, J\xc3\xb6rg
AU  - Muster J
CN  - Leaving Care Study Group
LA  - eng
PT  - Journal Article
PT  - Randomized Controlled Trial
PL  - England
TA  - J Examples
JT  - Journal of examples
JID - 0000000
MH  - Adolescent
MH  - *Foster Home Care/psychology
OT  - leaving care
AID - S0140-1971(19)30086-6 [pii]
AID - 10.5555/leaving.2019.004 [doi]
PST - ppublish
SO  - J Examples. 2019 Jul;74(1):33-44. doi: 10.5555/leaving.2019.004. Epub 2019 May 9.

PMID- 30000002
TI  - A second report.
AU  - Beispiel B
DP  - 2020
PG  - 1023-9
PT  - Book Chapter
BTI - A book of examples
SO  - A book of examples. 2020;1023-9.

"""

SAMPLES["EndNote ENW"] = """%0 Journal Article
%A Example, Ada M.
%A Muster, Jörg
%D 2019
%T Leaving care and finding a home
%J Journal of Examples
%V 74
%N 1
%P 33-44
%! Leaving care
%@ 0140-1971
%R https://doi.org/10.5555/leaving.2019.004
%F RN12
%K leaving care
housing
%X The first paragraph of a made-up abstract.

The second paragraph; 100 % of it is made up.

%Z A note
%U https://example.org/1
%U https://example.org/2
%~ APA PsycInfo
%W EBSCOhost
%[ 2024-05-01

%0 Book Section
%A Department of Examples
%E Beispiel, Berta
%T A chapter
%B A book of examples
%C London
%I Example Press
%D 2020
%7 2nd

""".encode()

SAMPLES["Web of Science text"] = b"""\xef\xbb\xbfFN Clarivate Analytics Web of Science
VR 1.0
PT J
AU Example, AM
   Muster, J
AF Example, Ada M.
   Muster, Joerg
TI Leaving care and finding a home: a study of young people and
   their first year
SO JOURNAL OF EXAMPLES
LA English
DT Article; Early Access
DE leaving care; housing
ID FOSTER-CARE; YOUTH
AB A made-up abstract.
C1 [Example, Ada M.] Univ Nowhere, Dept Examples, Nowhere, England.
   [Muster, Joerg] Univ Elsewhere, Elsewhere, Germany.
CR Beispiel B, 2001, J EXAMPLES, V1, P1, DOI 10.5555/1
   Beispiel B, 2002, J EXAMPLES, V2, P5
NR 2
TC 12
U1 1
SN 0140-1971
EI 1095-9254
J9 J EXAMPLES
JI J. Examples
PD JUL
PY 2019
VL 74
IS 1
BP 33
EP 44
DI 10.5555/leaving.2019.004
PG 12
UT WOS:000000000000001
PM 30000001
ER

PT C
AU Beispiel, B
TI A paper at a meeting
SO PROCEEDINGS OF EXAMPLES
DT Proceedings Paper
CT Meeting of examples
CY JUN 01-03, 2020
CL Nowhere, ENGLAND
PY 2020
AR 104
UT WOS:000000000000002
ER

EF
"""

SAMPLES["CSV"] = tables.PLAIN.encode()
SAMPLES["CSV, Scopus since 2023"] = tables.SCOPUS_2023.encode()
SAMPLES["CSV, Scopus until 2022"] = tables.SCOPUS_2020.encode("utf-8-sig")
SAMPLES["CSV, Web of Science tab"] = tables.WEB_OF_SCIENCE.encode("utf-16")
SAMPLES["CSV, Rayyan"] = tables.RAYYAN.encode()
SAMPLES["CSV, Covidence"] = tables.COVIDENCE.encode()
SAMPLES["CSV, ASReview"] = tables.ASREVIEW.encode()
SAMPLES["Excel"] = tables.workbook(tables.PLAIN)

SAMPLES |= STRUCTURED  # XML and JSON

SAMPLES["BibTeX"] = rb"""% Encoding: UTF-8
@string{jex = "Journal of Examples"}
@preamble{"\newcommand{\x}{y}"}

@article{example_leaving_2019,
	title = {Leaving care and finding a {Home}: what {\'e}coles say},
	volume = {74},
	issn = {0140-1971},
	doi = {10.5555/leaving.2019.004},
	abstract = {A made-up abstract: 95\% of it
on two lines.},
	journal = jex # " II",
	author = {Example, Ada M. and Muster, J{\"o}rg and {Department of Examples}},
	month = jul,
	year = {2019},
	keywords = {leaving care, housing},
	pages = {33--44},
	date-added = {2024-05-01},
}

@incollection{beispiel_chapter_2020,
	title = {A chapter},
	booktitle = {A book of examples},
	author = {Berta van der Beispiel},
	editor = {Example, Ada},
	year = {2020}
}

@misc(three, title = "A quoted {"}title{"}", url = {https://example.org/~a\_b}, year = 2021,)

@comment{jabref-meta: databaseType:bibtex;}
"""
