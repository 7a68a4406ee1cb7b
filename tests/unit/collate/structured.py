"""Small exports in XML and JSON: invented works in the shapes that each program and service is documented to write."""

from __future__ import annotations

import json
from typing import Any

PUBMED_HEAD = (
    '<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2019//EN" '
    '"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_190101.dtd">\n<PubmedArticleSet>\n'
)
PUBMED_FOOT = "</PubmedArticleSet>\n"
PUBMED_ARTICLE = """<PubmedArticle>
  <MedlineCitation Status="MEDLINE" Owner="NLM">
    <PMID Version="1">30000001</PMID>
    <DateRevised><Year>2020</Year><Month>01</Month><Day>02</Day></DateRevised>
    <Article PubModel="Print-Electronic">
      <Journal>
        <ISSN IssnType="Electronic">1095-9254</ISSN>
        <JournalIssue CitedMedium="Internet"><Volume>74</Volume><Issue>1</Issue>
          <PubDate><Year>2019</Year><Month>Jul</Month></PubDate></JournalIssue>
        <Title>Journal of examples</Title>
        <ISOAbbreviation>J Examples</ISOAbbreviation>
      </Journal>
      <ArticleTitle>Leaving care &amp; finding a home: the <i>first</i> year.</ArticleTitle>
      <Pagination><MedlinePgn>33-44</MedlinePgn></Pagination>
      <ELocationID EIdType="pii" ValidYN="Y">S0140-1971(19)30086-6</ELocationID>
      <ELocationID EIdType="doi" ValidYN="Y">10.5555/leaving.2019.004</ELocationID>
      <Abstract>
        <AbstractText Label="AIMS" NlmCategory="OBJECTIVE">To say what a made-up abstract says.</AbstractText>
        <AbstractText Label="RESULTS" NlmCategory="RESULTS">It rose by 10<sup>2</sup> (p &lt; .05).</AbstractText>
        <CopyrightInformation>Copyright 2019 Nobody.</CopyrightInformation>
      </Abstract>
      <AuthorList CompleteYN="Y">
        <Author ValidYN="Y"><LastName>Example</LastName><ForeName>Ada M</ForeName><Initials>AM</Initials>
          <Identifier Source="ORCID">0000-0000-0000-0000</Identifier>
          <AffiliationInfo><Affiliation>University of Nowhere.</Affiliation></AffiliationInfo></Author>
        <Author ValidYN="Y"><LastName>Muster</LastName><ForeName>Jörg</ForeName><Initials>J</Initials><Suffix>Jr</Suffix></Author>
        <Author ValidYN="N"><LastName>Mustre</LastName><Initials>J</Initials></Author>
        <Author ValidYN="Y"><CollectiveName>Leaving Care Study Group</CollectiveName></Author>
      </AuthorList>
      <Language>eng</Language>
      <PublicationTypeList>
        <PublicationType UI="D016428">Journal Article</PublicationType>
        <PublicationType UI="D016441">Retracted Publication</PublicationType>
      </PublicationTypeList>
      <ArticleDate DateType="Electronic"><Year>2019</Year><Month>05</Month><Day>09</Day></ArticleDate>
    </Article>
    <MedlineJournalInfo><Country>England</Country><MedlineTA>J Examples</MedlineTA></MedlineJournalInfo>
    <CommentsCorrectionsList>
      <CommentsCorrections RefType="RetractionIn"><RefSource>J Examples. 2021;80:1</RefSource><PMID Version="1">30000009</PMID>
      </CommentsCorrections>
    </CommentsCorrectionsList>
    <MeshHeadingList>
      <MeshHeading><DescriptorName UI="D000293" MajorTopicYN="N">Adolescent</DescriptorName></MeshHeading>
      <MeshHeading><DescriptorName UI="D005554" MajorTopicYN="Y">Foster Home Care</DescriptorName>
        <QualifierName UI="Q000523" MajorTopicYN="N">psychology</QualifierName></MeshHeading>
    </MeshHeadingList>
    <KeywordList Owner="NOTNLM"><Keyword MajorTopicYN="N">leaving care</Keyword></KeywordList>
  </MedlineCitation>
  <PubmedData>
    <History><PubMedPubDate PubStatus="received"><Year>2018</Year><Month>12</Month><Day>1</Day></PubMedPubDate></History>
    <PublicationStatus>ppublish</PublicationStatus>
    <ArticleIdList><ArticleId IdType="pubmed">30000001</ArticleId><ArticleId IdType="pmc">PMC0000001</ArticleId></ArticleIdList>
    <ReferenceList><Reference><Citation>Another work.</Citation>
      <ArticleIdList><ArticleId IdType="doi">10.5555/another</ArticleId></ArticleIdList></Reference></ReferenceList>
  </PubmedData>
</PubmedArticle>
"""
PUBMED_CHAPTER = """<PubmedBookArticle><BookDocument>
  <PMID Version="1">30000002</PMID>
  <ArticleIdList><ArticleId IdType="bookaccession">NBK000001</ArticleId></ArticleIdList>
  <Book><Publisher><PublisherName>Nowhere Press</PublisherName><PublisherLocation>Nowhere</PublisherLocation></Publisher>
    <BookTitle book="examples">A book of examples</BookTitle><PubDate><Year>2020</Year></PubDate>
    <AuthorList Type="editors"><Author><LastName>Ed</LastName><ForeName>Itor</ForeName></Author></AuthorList>
    <Isbn>9780000000002</Isbn></Book>
  <ArticleTitle book="examples" part="one">The first chapter</ArticleTitle>
  <Language>eng</Language>
  <AuthorList Type="authors"><Author><LastName>Beispiel</LastName><ForeName>Bea</ForeName></Author></AuthorList>
  <Abstract><AbstractText>What the chapter says.</AbstractText></Abstract>
</BookDocument><PubmedBookData><PublicationStatus>ppublish</PublicationStatus></PubmedBookData></PubmedBookArticle>
"""
PUBMED = PUBMED_HEAD + PUBMED_ARTICLE + PUBMED_CHAPTER + PUBMED_FOOT


def _styled(text: str) -> str:
    return f'<style face="normal" font="default" size="100%">{text}</style>'


ENDNOTE_RECORD = (
    '<record><database name="My.enl" path="My.enl">My.enl</database><source-app name="EndNote" version="20.1">EndNote'
    '</source-app><rec-number>7</rec-number><foreign-keys><key app="EN" db-id="abc" timestamp="1">7</key></foreign-keys>'
    '<ref-type name="Journal Article">17</ref-type><contributors><authors>'
    f"<author>{_styled('Example, Ada M.')}</author><author>{_styled('Muster, Jörg')}</author></authors></contributors>"
    f'<titles><title>{_styled("Leaving ")}<style face="italic" font="default" size="100%">care</style></title>'
    f"<secondary-title>{_styled('Journal of Examples')}</secondary-title></titles>"
    f"<periodical><full-title>{_styled('Journal of Examples')}</full-title></periodical>"
    f"<pages>{_styled('33-44')}</pages><volume>{_styled('74')}</volume><number>{_styled('1')}</number>"
    f"<keywords><keyword>{_styled('housing')}</keyword><keyword>{_styled('leaving care')}</keyword></keywords>"
    f"<dates><year>{_styled('2019')}</year><pub-dates><date>{_styled('Jul')}</date></pub-dates></dates>"
    f"<isbn>{_styled('0140-1971')}</isbn><abstract>{_styled('A made-up &lt;abstract&gt;.')}</abstract>"
    f"<electronic-resource-num>{_styled('10.5555/leaving.2019.004')}</electronic-resource-num>"
    f"<urls><related-urls><url>{_styled('https://example.org/7')}</url></related-urls></urls>"
    f"<custom7>{_styled('e104')}</custom7><misc1>{_styled('of no tag')}</misc1></record>"
)
ENDNOTE_PLAIN = (
    '<record>\n<ref-type name="Report">27</ref-type><contributors><authors><author>Nowhere County Council</author>'
    "</authors></contributors><titles><title>Annual report</title></titles><dates><year>2020</year></dates>\n</record>"
)
ENDNOTE = f'<?xml version="1.0" encoding="UTF-8"?>\n<xml><records>{ENDNOTE_RECORD}\n{ENDNOTE_PLAIN}</records></xml>\n'
ENDNOTE_OLD = """<?xml version="1.0" encoding="UTF-8" standalone="no"?><XML><RECORDS>
<RECORD><REFERENCE_TYPE>0</REFERENCE_TYPE><REFNUM>1</REFNUM><AUTHORS><AUTHOR>Example, A.</AUTHOR></AUTHORS><YEAR>1999</YEAR>
<TITLE>An old study</TITLE><SECONDARY_TITLE>Journal of Examples</SECONDARY_TITLE><PAGES>1-9</PAGES>
<KEYWORDS><KEYWORD>old</KEYWORD></KEYWORDS></RECORD>
<RECORD><REFERENCE_TYPE>1</REFERENCE_TYPE><TITLE>A second</TITLE></RECORD></RECORDS></XML>
"""

CSL_ITEMS: list[dict[str, Any]] = [
    {
        "id": "example2019",
        "type": "article-journal",
        "title": "Leaving care",
        "author": [
            {"family": "Example", "given": "Ada M."},
            {"family": "Berg", "given": "Bea", "non-dropping-particle": "van den"},
            {"literal": "Leaving Care Study Group"},
        ],
        "issued": {"date-parts": [["2019", 7, 3]]},
        "accessed": {"raw": "2020-01-02"},
        "container-title": "Journal of Examples",
        "volume": 74,
        "issue": "1",
        "page": "33–44",
        "DOI": "10.5555/leaving.2019.004",
        "keyword": "housing; leaving care",
        "abstract": "A made-up abstract.",
        "custom": {"score": 0.5, "seen": None},
    },
    {"id": 2, "type": "report", "title": "Annual report", "author": [{"literal": "Nowhere County Council"}],
     "issued": {"literal": "Spring 2020"}, "publisher": "Nowhere County Council", "number": "12"},
]  # fmt: skip

CROSSREF_WORK: dict[str, Any] = {
    "indexed": {"date-parts": [[2024, 1, 1]], "timestamp": 1704067200000},
    "reference-count": 2,
    "publisher": "Nowhere Press",
    "issue": "1",
    "DOI": "10.5555/leaving.2019.004",
    "type": "journal-article",
    "created": {"date-parts": [[2019, 5, 9]]},
    "page": "33-44",
    "update-to": [{"DOI": "10.5555/earlier", "type": "correction", "label": "Correction"}],
    "title": ["Leaving <i>care</i> &amp; home"],
    "subtitle": ["The first year"],
    "author": [
        {
            "given": "Ada M.",
            "family": "Example",
            "sequence": "first",
            "affiliation": [],
            "ORCID": "https://orcid.org/0",
        },
        {"name": "Leaving Care Study Group", "sequence": "additional", "affiliation": []},
    ],
    "container-title": ["Journal of Examples"],
    "short-container-title": ["J Examples"],
    "abstract": "<jats:title>Abstract</jats:title><jats:sec><jats:title>Aims</jats:title><jats:p>To say (p &lt; .05)."
    "</jats:p></jats:sec><jats:p>It &amp;amp; that.</jats:p>",
    "published-print": {"date-parts": [[2019, 7]]},
    "issued": {"date-parts": [[2019, 5, 9]]},
    "ISSN": ["0140-1971", "1095-9254"],
    "URL": "http://dx.doi.org/10.5555/leaving.2019.004",
    "relation": {"is-preprint-of": [{"id-type": "doi", "id": "10.5555/x", "asserted-by": "subject"}]},
    "subject": ["Social Work"],
    "score": 1.5,
    "language": "en",
}
CROSSREF_PREPRINT: dict[str, Any] = {
    "DOI": "10.5555/preprint.1", "type": "posted-content", "subtype": "preprint", "title": ["A first draft"],
    "member": "0", "posted": {"date-parts": [[2018, 2, 3]]}, "issued": {"date-parts": [[None]]},
    "institution": [{"name": "Nowhere Archive"}],
}  # fmt: skip


def crossref_answer(*works: dict[str, Any], hits: int = 2, cursor: str | None = None) -> dict[str, Any]:
    """An answer of the service about a list of works."""
    message = {"facets": {}, "total-results": hits, "items": list(works), "items-per-page": 20, "query": {}}
    return {
        "status": "ok",
        "message-type": "work-list",
        "message-version": "1.0.0",
        "message": message | ({"next-cursor": cursor} if cursor else {}),
    }


OPENALEX_WORK: dict[str, Any] = {
    "id": "https://openalex.org/W1000000001",
    "doi": "https://doi.org/10.5555/leaving.2019.004",
    "title": "Leaving care",
    "display_name": "Leaving care",
    "publication_year": 2019,
    "publication_date": "2019-07-03",
    "ids": {"openalex": "https://openalex.org/W1000000001", "pmid": "https://pubmed.ncbi.nlm.nih.gov/30000001",
            "pmcid": "https://www.ncbi.nlm.nih.gov/pmc/articles/1"},
    "language": "en",
    "primary_location": {
        "is_oa": True,
        "landing_page_url": "https://doi.org/10.5555/leaving.2019.004",
        "pdf_url": None,
        "source": {"id": "https://openalex.org/S1", "display_name": "Journal of Examples", "issn_l": "0140-1971",
                   "issn": ["0140-1971", "1095-9254"], "host_organization_name": "Nowhere Press", "type": "journal"},
        "license": None,
        "version": None,
    },
    "type": "article",
    "is_retracted": True,
    "authorships": [
        {"author_position": "first", "author": {"id": "https://openalex.org/A1", "display_name": "Ada M. Example", "orcid": None},
         "institutions": [], "raw_author_name": "Example, Ada M."},
    ],
    "cited_by_count": 3,
    "biblio": {"volume": "74", "issue": "1", "first_page": "33", "last_page": "44"},
    "keywords": [{"id": "https://openalex.org/keywords/foster-care", "display_name": "Foster care", "score": 0.5}],
    "locations": [],
    "referenced_works": ["https://openalex.org/W1000000002"],
    "abstract_inverted_index": {"To": [0], "say": [1, 4], "what": [2], "they": [3], "do.": [5]},
    "updated_date": "2024-01-01T00:00:00",
}  # fmt: skip
OPENALEX_PREPRINT: dict[str, Any] = {
    "id": "https://openalex.org/W1000000003", "doi": None, "title": None, "display_name": "A first draft", "type": "preprint",
    "publication_year": 2018, "authorships": [], "primary_location": None, "abstract_inverted_index": None,
    "updated_date": "2024-01-01T00:00:00",
}  # fmt: skip


def openalex_answer(*works: dict[str, Any], hits: int = 2, cursor: str | None = None) -> dict[str, Any]:
    """An answer of the service about a list of works."""
    meta = {"count": hits, "db_response_time_ms": 5, "page": None, "per_page": 100, "next_cursor": cursor}
    return {"meta": meta, "results": list(works), "group_by": []}


EPPI: dict[str, Any] = {
    "CodeSets": [
        {
            "SetName": "Screen on title & abstract",
            "ReviewSetId": 1,
            "SetId": 11,
            "SetType": {"SetTypeName": "Screening", "SetTypeDescription": "Codes that include or exclude."},
            "SetDescription": "",
            "Attributes": {
                "AttributesList": [
                    {"AttributeSetId": 21, "AttributeId": 101, "AttributeSetDescription": "Not about care.",
                     "AttributeType": "Exclude", "AttributeName": "Exclude on topic", "ExtURL": ""},
                    {"AttributeSetId": 22, "AttributeId": 102, "AttributeType": "Include", "AttributeName": "Include"},
                ]
            },
        },
        {
            "SetName": "Data extraction",
            "SetId": 12,
            "SetType": {"SetTypeName": "Standard", "SetTypeDescription": ""},
            "Attributes": {
                "AttributesList": [
                    {"AttributeId": 201, "AttributeType": "Not selectable (no checkbox)", "AttributeName": "Country",
                     "Attributes": {"AttributesList": [
                         {"AttributeId": 202, "AttributeType": "Selectable (show checkbox)", "AttributeName": "England"}]}},
                ]
            },
        },
    ],
    "References": [
        {
            "Codes": [
                {"AttributeId": 102, "AdditionalText": "", "ArmId": 0, "ArmTitle": "", "ItemAttributeFullTextDetails": []},
                {"AttributeId": 202, "AdditionalText": "p. 3", "ArmId": 31, "ArmTitle": "Treatment",
                 "ItemAttributeFullTextDetails": [
                     {"ItemDocumentId": 5, "TextFrom": 10, "TextTo": 20, "Text": "in England", "DocTitle": "paper.pdf"}]},
            ],
            "Outcomes": [
                {"OutcomeId": 41, "ItemSetId": 9, "Title": "Placement moves", "OutcomeTypeName": "Continuous: Ns, means, and SD",
                 "Data1": 50, "Data2": 49.5, "InterventionText": "Visits", "ControlText": "As usual", "OutcomeText": "Stability",
                 "ItemTimepointValue": "2", "ItemTimepointMetric": "months", "grp1ArmName": "Treatment", "grp2ArmName": "Control",
                 "SMD": -0.25, "SESMD": 0.2,
                 "OutcomeCodes": {"OutcomeItemAttributesList": [{"AttributeId": 202, "AttributeName": "England"}]}},
            ],
            "ItemId": 1001, "Title": "Leaving care", "ParentTitle": "Journal of Examples", "ShortTitle": "Example (2019)",
            "Year": "2019", "StandardNumber": "0140-1971", "City": "", "Publisher": "", "Volume": "74", "Pages": "33-44",
            "Issue": "1", "URL": "https://example.org/1", "Abstract": "A made-up abstract.", "Comments": "",
            "TypeName": "Journal, Article", "Authors": "Example Ada M ; Muster Jörg ;", "ParentAuthors": "",
            "DOI": "10.5555/leaving.2019.004", "Keywords": "housing\r\nleaving care", "ItemStatus": "I",
            "ItemStatusTooltip": "Included in review", "QuickCitation": "Example (2019). Leaving care.",
        },
        {
            "Codes": [{"AttributeId": 101, "AdditionalText": "about prisons", "ArmId": 0, "ArmTitle": ""}],
            "Outcomes": [], "ItemId": 1002, "Title": "Annual report", "Year": "2020", "TypeName": "Report",
            "Authors": "Nowhere County Council ;", "ItemStatus": "E", "ItemStatusTooltip": "Excluded from review",
        },
    ],
}  # fmt: skip


def as_lines(*items: dict[str, Any]) -> bytes:
    """One JSON object a line."""
    return "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items).encode()


STRUCTURED: dict[str, bytes] = {
    "PubMed XML": PUBMED.encode(),
    "EndNote XML": ENDNOTE.encode(),
    "EndNote XML of old": ENDNOTE_OLD.encode(),
    "EPPI-Reviewer JSON": json.dumps(EPPI, indent=1, ensure_ascii=False).encode(),
    "OpenAlex JSON": json.dumps(openalex_answer(OPENALEX_WORK, OPENALEX_PREPRINT)).encode(),
    "OpenAlex JSON lines": as_lines(OPENALEX_WORK, OPENALEX_PREPRINT),
    "Crossref JSON": json.dumps(crossref_answer(CROSSREF_WORK, CROSSREF_PREPRINT)).encode(),
    "Crossref JSON lines": as_lines(CROSSREF_WORK, CROSSREF_PREPRINT),
    "CSL-JSON": json.dumps(CSL_ITEMS, indent=2, ensure_ascii=False).encode(),
    "CSL-JSON lines": as_lines(*CSL_ITEMS),
}
"""Name to bytes; each begins with its format's own name and holds two records."""
