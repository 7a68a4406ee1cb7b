"""Small tables for tests: fictional references as databases and screening tools export them."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping

from whatworks.collate.methods.records import ReadResult, Record
from whatworks.collate.sources import read_stream
from whatworks.collate.sources.excel_writing import write_rows_xlsx

PLAIN = (
    "ID,title,author,year,journal,volume,number,pages,doi,abstract,ENTRYTYPE,Reviewer's remark\n"
    'r1,"Leaving care, and after","Avery, Jo and Byrne, Kim",2019,Journal of Made-up Care,12,3,33-44,'
    '10.5555/aaa.1,"First line\nsecond line",article,ask Kim\n'
    "r2,Kinship care in three councils,Department for Invented Affairs,2021,,,,,,,techreport,\n"
)
SCOPUS_2020 = (
    '"Authors","Author(s) ID","Title","Year","Source title","Volume","Issue","Art. No.","Page start","Page end",'
    '"Page count","Cited by","DOI","Link","Affiliations","Authors with affiliations","Abstract","Author Keywords",'
    '"Index Keywords","ISSN","Language of Original Document","Abbreviated Source Title","Document Type",'
    '"Publication Stage","Access Type","Source","EID"\n'
    '"Avery J., Byrne K.A.","57000000001;57000000002;","Leaving care, and after","2019","Journal of Made-up Care",'
    '"12","3","","33","44","","7","10.5555/aaa.1","https://www.example.org/1","Made-up University",'
    '"Avery, J., Made-up University; Byrne, K.A., Made-up University","An abstract.","Care; Leaving","Child; Adult",'
    '"12345678","English","J. Made-up Care","Article","Final","","Scopus","2-s2.0-00000001"\n'
    '"Chan L.","57000000003;","Kinship care","2020","Proceedings of Nowhere","","","17","","","","",'
    '"10.5555/aaa.2","https://www.example.org/2","","","[No abstract available]","","","","English",'
    '"Proc. Nowhere","Conference Paper","Final","All Open Access, Gold","Scopus","2-s2.0-00000002"\n'
)
SCOPUS_2023 = (
    '"Authors","Author full names","Author(s) ID","Title","Year","Source title","Volume","Issue","Art. No.",'
    '"Page start","Page end","Cited by","DOI","Link","Abstract","Author Keywords","Index Keywords","Document Type",'
    '"Publication Stage","Open Access","Source","EID"\n'
    '"Avery, J.; Byrne, K.A.","Avery, Jo (57000000001); Byrne, Kim A. (57000000002)","57000000001; 57000000002",'
    '"Leaving care, and after","2019","Journal of Made-up Care","12","3","","33","44","7","10.5555/aaa.1",'
    '"https://www.example.org/1","An abstract.","Care; Leaving","Child; Adult","Article","Final","","Scopus",'
    '"2-s2.0-00000001"\n'
    '"Chan, L.","Chan, Lee (57000000003)","57000000003","Kinship care","2020","Journal of Made-up Care","12","4","17",'
    '"","","","10.5555/aaa.2","https://www.example.org/2","","","","Review","Final","","Scopus","2-s2.0-00000002"\n'
)
WEB_OF_SCIENCE = (
    "PT\tAU\tAF\tTI\tSO\tLA\tDT\tDE\tID\tAB\tSN\tEI\tJ9\tJI\tPD\tPY\tVL\tIS\tBP\tEP\tAR\tDI\tUT\tPM\n"
    'J\tAvery, J; Byrne, KA\tAvery, Jo; Byrne, Kim A.\t"Leaving" care, and after\tJOURNAL OF MADE-UP CARE\tEnglish\t'
    "Article\tcare; leaving\tCHILDREN; ADULTS\tAn abstract.\t1234-5678\t8765-4321\tJ MADE UP CARE\tJ. Made-up Care\t"
    "MAR\t2019\t12\t3\t33\t44\t\t10.5555/aaa.1\tWOS:000000000000001\t30000001\n"
    "C\tChan, L\tChan, Lee\tKinship care\tPROCEEDINGS OF NOWHERE\tEnglish\tProceedings Paper\t\t\t\t\t\t\t\t\t2020\t\t\t\t\t"
    "17\t\tWOS:000000000000002\t\n"
)
RAYYAN = (
    "key,title,year,month,day,journal,issn,volume,issue,pages,authors,url,language,publisher,location,abstract,notes,"
    "doi,keywords,pubmed_id,pmc_id\n"
    'rayyan-100000001,"Leaving care, and after",2019,3,1,Journal of Made-up Care,1234-5678,12,3,33-44,'
    '"Avery, J. and Byrne, K.A.",https://www.example.org/1,eng,,,An abstract.,'
    '"RAYYAN-INCLUSION: {""Ash""=>""Included"", ""Bo""=>""Excluded""} | RAYYAN-LABELS: England,care leavers | '
    'RAYYAN-EXCLUSION-REASONS: wrong population,wrong outcome | USER-NOTES: {""Bo""=>[""adults""]}",'
    "10.5555/aaa.1,,,\n"
    'rayyan-100000002,Kinship care,2020,,,,,,,,"Chan, L.",,,,,,"RAYYAN-INCLUSION: {""Ash""=>""Maybe""}",,,,\n'
)
COVIDENCE = (
    "Title,Authors,Abstract,Published Year,Published Month,Journal,Volume,Issue,Pages,Accession Number,DOI,Ref,"
    "Covidence #,Study,Notes,Tags\n"
    '"Leaving care, and after","Avery, J.; Byrne, K.A.",An abstract.,2019,March,Journal of Made-up Care,12,3,33-44,,'
    '10.5555/aaa.1,1,#11,Avery 2019,"Exclusion reason: Wrong study design; ",Awaiting classification; England\n'
    "Kinship care,Chan,,2020,,,,,,,,2,#12,Chan 2020,,\n"
)
ASREVIEW = (
    "title,abstract,authors,doi,asreview_label,asreview_time,asreview_note,asreview_user_name,asreview_user_email\n"
    '"Leaving care, and after",An abstract.,"Avery, J.; Byrne, K.A.",10.5555/aaa.1,1,2025-03-01 10:15:00,'
    "good one,Ash,ash@example.org\n"
    "Kinship care,,Chan,,0,2025-03-01 10:16:00,,Ash,ash@example.org\n"
    "Not looked at yet,,,,,,,,\n"
)


def read_table(
    data: bytes | str, name: str = "export.csv", *, partial: bool = False, mapping: Mapping[str, str] | None = None
) -> tuple[ReadResult, list[Record]]:
    """The result and the records of a file with these bytes and this name."""
    raw = data.encode() if isinstance(data, str) else data
    result = read_stream(io.BytesIO(raw), path=name, partial=partial, mapping=mapping)
    return result, list(result)


def workbook(table: str) -> bytes:
    """A table as an Excel workbook."""
    rows = list(csv.DictReader(io.StringIO(table)))
    stream = io.BytesIO()
    write_rows_xlsx(rows[0], rows, stream)
    return stream.getvalue()


def archive(parts: Mapping[str, str | bytes] | Iterable[tuple[str, str | bytes]]) -> bytes:
    """A zip archive with these parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, held in parts.items() if isinstance(parts, Mapping) else parts:
            made.writestr(name, held)
    return stream.getvalue()
