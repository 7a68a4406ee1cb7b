"""Columns: the fields that a table of references may have, the RIS tag of each, and the headers by which each is known.

Headers are compared by their letters and figures alone, so `Author(s)`, `AUTHORS` and `authors` are one. The headers of
one field stand in order: where a table has two of them, the earlier is the field and the other is kept beside it.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a reference: its name in mappings, its RIS tag, what people call it, and the headers it goes by."""

    name: str
    tag: str
    label: str
    headers: tuple[str, ...]


@lru_cache(maxsize=4096)
def header_key(header: str) -> str:
    """The letters and figures of a header, without case, accents and everything else."""
    if not header.isascii():
        header = "".join(mark for mark in unicodedata.normalize("NFKD", header) if not unicodedata.combining(mark))
    return "".join(mark for mark in header.casefold() if mark.isalnum())


_TABLE = (
    (
        "title TI Title",
        "title; titles; article title; document title; primary title; item title; title of article; publication title "
        "of article; reference title; study title; ti; t1; name of publication; titel; titre; titre de l'article; "
        "titulo; título del artículo; titolo; título do artigo; tytuł; tittel; otsikko; název; cím; заглавие; "
        "название; 标题; 题名; 文献标题; 論文標題; タイトル; 標題; 제목; dc title; title english; english title",
    ),
    (
        "authors AU Authors",
        "authors; author; author s; author names; author name; contributors; creators; creator; first authors; "
        "authors list; author list; authors short; au; autoren; autor; autorin; verfasser; auteurs; auteur; autores; "
        "autori; autore; autorzy; forfatter; forfattere; författare; tekijät; авторы; автор; 作者; 著者; 저자; a1; "
        "dc creator; written by",
    ),
    (
        "year PY Year",
        "year; publication year; published year; pub year; pubyear; year of publication; year published; py; "
        "yearpublished; jahr; erscheinungsjahr; publikationsjahr; année; annee de publication; année de parution; año; "
        "año de publicación; anno; anno di pubblicazione; ano; ano de publicação; jaar; publicatiejaar; år; "
        "publiceringsår; utgivelsesår; rok; rok wydania; vuosi; год; год издания; 年; 年份; 出版年; 発行年; 연도",
    ),
    (
        "journal JF Journal, or where it appeared",
        "journal; journal title; journal name; journal full; full journal; source title; publication title; "
        "publication name; journal book; periodical; pubtitle; container title; secondary title; host publication; "
        "publication; so; jf; zeitschrift; quelle; revue; nom de la revue; titre de la revue; revista; rivista; "
        "tijdschrift; tidsskrift; tidskrift; czasopismo; журнал; 期刊; 刊名; 雑誌名; 掲載誌; 저널; source journal; venue; "
        "published in",
    ),
    (
        "abstract AB Abstract",
        "abstract; abstracts; abstract note; abstract text; summary; ab; zusammenfassung; kurzfassung; résumé; resume; "
        "resumen; riassunto; sommario; resumo; samenvatting; sammendrag; sammanfattning; streszczenie; abstrakt; "
        "tiivistelmä; аннотация; реферат; 摘要; 抄録; 要旨; 초록; notes abstract; dc description; abstract english",
    ),
    (
        "doi DO DOI",
        "doi; item doi; di; digital object identifier; doi link; doi url; article doi; paper doi; doi number",
    ),
    (
        "url UR Web address",
        "url; link; urls; web address; website; article url; full text url; full text link; document url; external url; "
        "permalink; plink; source url; item url; source linkout; ur; ul; weblink; internetadresse; adresse url; lien; "
        "enlace; collegamento; dirección url; ссылка; 链接; リンク; web link; dimensions url; url link",
    ),
    (
        "type TY Kind of publication",
        "type; entrytype; entry type; document type; publication type; reference type; item type; type of reference; "
        "doctype; type of publication; content type; ty; publikationstyp; dokumenttyp; dokumentart; type de document; "
        "tipo de documento; tipo di documento; tipo; documenttype; тип; 文献类型; pubtype; type of work",
    ),
    (
        "id ID Identifier in the file",
        "id; record id; recordid; ref id; reference id; refid; key; citation key; citationkey; uid; record number; "
        "item id; itemid; study id; article id; unique id; identifier; identifiant; identificador; identifikator; "
        "our id; bibtex key",
    ),
    (
        "accession AN Accession number",
        "accession number; accession no; an; ut; ut unique wos id; eid; lens id; publication id; cochrane review id; "
        "central id; pmid; pubmed id; pubmedid; pubmed; storeid; eric number; openalex id; s2 id; corpus id; ui",
    ),
    (
        "volume VL Volume",
        "volume; vol; journal volume; vl; band; jahrgang; tome; volumen; volume no; volume number; "
        "deel; bind; årgång; том; 卷; 巻",
    ),
    (
        "issue IS Issue",
        "issue; number; issue number; journal issue; issue no; is; ip; heft; ausgabe; nummer; numéro; numero; "
        "número; numer; zeszyt; fascicolo; aflevering; hefte; häfte; номер; выпуск; 期; 号",
    ),
    (
        "pages SP Pages",
        "pages; page; pagination; page range; page numbers; page s; pp; pg; seiten; seite; páginas; pagine; pagina s; "
        "paginas; pagina; strony; sider; sidor; strana; страницы; 页码; 页; ページ",
    ),
    (
        "first_page SP First page",
        "start page; first page; page start; startpage; begin page; beginning page; bp; spage; "
        "sp; page first; erste seite; début de page; page de début; página inicial; pagina iniziale",
    ),
    (
        "last_page EP Last page",
        "end page; last page; page end; endpage; ending page; ep; epage; page last; "
        "letzte seite; page de fin; página final; pagina finale",
    ),
    ("article_number C7 Article number", "article number; art no; article no; ar; e location id; elocation id"),
    (
        "keywords KW Keywords",
        "keywords; author keywords; keyword; subject; subjects; subject terms; key words; descriptors; de; kw; "
        "mesh terms; tags keywords; manual tags; schlagwörter; schlagworte; schlüsselwörter; stichwörter; mots clés; "
        "mot clé; palabras clave; descriptores; parole chiave; palavras chave; trefwoorden; nøkkelord; nyckelord; "
        "słowa kluczowe; ключевые слова; 关键词; キーワード; 키워드; index terms",
    ),
    (
        "index_keywords KW Keywords given by the database",
        "index keywords; indexed keywords; keywords plus; mesh; "
        "mesh headings; mesh heading; thesaurus terms; emtree terms; ieee terms; automatic tags; identifiers keywords",
    ),
    (
        "issn SN ISSN",
        "issn; issns; print issn; issn print; sn; issn isbn; isbn issn; e issn; eissn; ei; electronic issn",
    ),
    ("isbn SN ISBN", "isbn; isbns; bn; isbn 13; isbn13; isbn 10; isbn print"),
    (
        "date DA Date",
        "date; publication date; date published; pubdate; published; date of publication; issue date; "
        "da; pd; publish time; datum; erscheinungsdatum; date de publication; fecha; fecha de publicación; data; "
        "data di pubblicazione; dato; дата; 日期; 发表时间; 発行日; cover date",
    ),
    (
        "journal_abbreviation J2 Abbreviated journal",
        "abbreviated source title; journal abbreviation; journal abbrev; "
        "abbreviated journal; iso abbreviation; journal iso abbreviation; j2; ji; j9; ta; journal short; short journal",
    ),
    (
        "book T2 Title of the book or proceedings",
        "booktitle; book title; anthology title; bt; book; proceedings title; "
        "conference title; conference name; buchtitel; titre du livre; título del libro; t2; host title",
    ),
    ("series T3 Series", "series; series title; book series title; se; t3; reihe; collection; colección; collana"),
    ("short_title ST Short title", "short title; st; kurztitel; titre abrégé; subtitle short"),
    (
        "translated_title TT Translated title",
        "translated title; title translated; tt; vernacular title; "
        "transliterated title; original title; foreign title; title original; alternate title",
    ),
    (
        "editors ED Editors",
        "editors; editor; editor s; book editors; book editor; be; a2; ed; herausgeber; éditeur s "
        "scientifique s; editores; curatori; redacteurs; 編者; 编者",
    ),
    (
        "publisher PB Publisher",
        "publisher; pu; pb; publisher name; verlag; éditeur; maison d édition; editorial; editora; "
        "editore; uitgever; wydawca; förlag; forlag; издательство; 出版社; 出版者; published by",
    ),
    (
        "institution A3 Institution or body",
        "institution; corporate author; corporate authors; group authors; "
        "corporate body; ca; issuing body; organisation; organization; herausgebende institution; körperschaft; "
        "collectivité auteur; institución; autor corporativo",
    ),
    (
        "place CY Place",
        "place; place of publication; city; publisher city; pi; cy; ort; erscheinungsort; lieu; "
        "lieu de publication; ciudad; lugar; luogo; plaats",
    ),
    ("edition ET Edition", "edition; et; auflage; édition; edición; edizione; editie"),
    (
        "language LA Language",
        "language; languages; language of original document; la; lg; sprache; langue; idioma; "
        "lingua; taal; język; språk; sprog; язык; 语言; 言語",
    ),
    (
        "database DB Database",
        "database; databases; db; database name; source database; datenbank; "
        "base de données; base de datos; banca dati; 数据库; found in; database source",
    ),
    (
        "note N1 Notes",
        "notes; note; n1; remarks; bemerkungen; anmerkungen; notizen; remarque; remarques; notas; "
        "comments; comment; opmerkingen; uwagi",
    ),
    (
        "affiliation AD Affiliations",
        "affiliation; affiliations; author affiliations; author affiliation; "
        "authors with affiliations; authors affiliations; address; addresses; c1; ad; author address",
    ),
)


def _fields() -> dict[str, Field]:
    made = {}
    for head, headers in _TABLE:
        name, tag, label = head.split(" ", 2)
        keys = tuple(dict.fromkeys(header_key(header) for header in headers.split(";")))
        made[name] = Field(name, tag, label, keys)
    return made


FIELDS: dict[str, Field] = _fields()
"""The fields of a reference by name, in the order in which a person is asked about them."""

BY_HEADER: dict[str, tuple[str, int]] = {
    key: (field.name, rank) for field in reversed(FIELDS.values()) for rank, key in enumerate(field.headers)
}
"""Which field a header names, and how surely: 0 is surest. A header that could be two is the earlier field's."""
