"""Words out of which titles, names and bodies of made-up works are put together; none of them exists."""

from __future__ import annotations

import random

TOPICS = {
    "economics": "minimum wages|rent control|child benefit|tax credits|school vouchers|remittances|cash transfers|parental leave"
    "|housing subsidies|austerity|microcredit|trade shocks|bank branching|zero-hours contracts|pension reform",
    "computing": "record linkage|entity resolution|graph attention|federated learning|differential privacy|citation parsing"
    "|active learning|approximate joins|column stores|speech tagging|layout analysis|topic drift|cache replacement",
    "education": "phonics instruction|peer tutoring|school uniforms|homework clubs|ability grouping|teacher aides"
    "|breakfast provision|summer schools|bilingual lessons|formative feedback|school exclusion|reading recovery",
    "history": "poor relief|foundling hospitals|apprenticeship|juvenile courts|cottage homes|temperance|almshouses"
    "|ragged schools|boarding out|settlement houses|school boards|workhouse nurseries",
    "social care": "kinship care|foster placements|family group conferencing|supervised contact|care proceedings|respite care"
    "|reunification|sibling placement|key working|life story work|out-of-area placements|early help",
    "environment": "upland grazing|river restoration|urban trees|peat burning|noise exposure|heat waves|allotment gardening"
    "|coastal erosion|hedgerow removal|diesel traffic",
}
OUTCOMES = (
    "placement stability|school attendance|household debt|women's employment|infant mortality|reading attainment|literacy"
    "|crime|migration|well-being|fertility|trust in public bodies|sleep|consumption|test scores|query latency"
    "|annotation cost|parish finances|voting|friendship networks|referral rates|staff turnover|body mass|loneliness"
).split("|")
PEOPLE = (
    "boys|girls|mothers|fathers|lone parents|grandparents|care leavers|newly arrived children|rural households|teachers"
    "|social workers|apprentices|unaccompanied minors|twins|first-generation students|shift workers|siblings|foster carers"
).split("|")
PLACES = (
    "Norway|Finland|Portugal|Ghana|Chile|Scotland|Wales|Bavaria|Ontario|Queensland|Kerala|Jutland|Catalonia|Ohio|Leeds|Lyon"
    "|Osaka|Durban|Tartu|Galway|Malmö|Graz"
).split("|")
METHODS = (
    "a natural experiment|evidence from linked registers|a mixed-methods study|a randomised trial|a difference-in-differences analysis"
    "|a diary study|an archival study|a comparative analysis|a cohort study|an ethnography|a scoping review|a simulation study"
    "|lessons from practice|a reappraisal|a field experiment|a latent class analysis"
).split("|")
FAMILIES = (
    "Abernathy|Adeyemi|Aldous|Banerjee|Barrowclough|Bjørnstad|Castell|Cheng|Dunmore|Eriksen|Fairweather|García Lorente|Goldacre"
    "|Halvorsen|Haddad|Inoue|Jankowski|Kettle|Kovács|Lindqvist|Lund|Marlowe|Moreau|Müller|Ndlovu|Nilsen|O'Hare|Okafor|Omar|Osei"
    "|Park|Petrov|Pryce|Qureshi|Reyes|Rossi|Sato|Silva|Sjöström|Tanaka|Thornton|Tindall|Unwin|van der Linde|Verhoeven|Whitlock"
    "|Wójcik|Xu|Yamada|Yilmaz|Zhao|Ziegler|Ashdown|Beaumont|Crane|Delacroix|Everard|Fitch|Gallow|Hathersage"
).split("|")
GIVEN = (
    "Alice|Anil|Bram|Claire|Daniel|Elinor|Farah|Grace|Hiro|Inés|Isla|Joan|Kenji|Kwame|Lihua|Marek|Meera|Ngozi|Odd|Paul|Petra|Ruth"
    "|Saida|Sara|Tola|Ulf|Vera|Wen|Yusuf|Zofia"
).split("|")
JOURNALS = {
    "economics": "Journal of Household Economics|Review of Public Choices|Economics of Health Behaviour|Labour and Place",
    "computing": "Data Structures Letters|Journal of Applied Text Mining|Transactions on Record Systems|Computing and Care",
    "education": "Trials of Education|British Journal of Classroom Research|School Policy Quarterly|Learning in Context",
    "history": "Victorian Welfare Studies|History Today Quarterly|Journal of Parish History|Past Institutions",
    "social care": "Social Work Inquiry|Children in Transition|Adoption Practice|Journal of Family Casework",
    "environment": "Land and Livelihood|Journal of Urban Nature|Environment and Everyday Life|Catchment Science",
}
COUNCILS = [
    f"{first}{last}"
    for first in "North|East|Wester|Fern|Harbour|Ash|Black|Kings|Long|Mill".split("|")
    for last in "moor|vale|leigh|ford|wick".split("|")
]
KINDS_OF_COUNCIL = ("County Council", "Borough Council", "City Council", "Metropolitan Borough Council")


def title(field: str, rng: random.Random) -> str:
    """A title as articles in a field have it; any two drawn differ in two or more words, but for rare chance."""
    topic, outcome, people, place = (
        rng.choice(words) for words in (TOPICS[field].split("|"), OUTCOMES, PEOPLE, PLACES)
    )
    forms = (
        f"{topic} and {outcome} among {people} in {place}: {rng.choice(METHODS)}",
        f"The effect of {topic} on {outcome}: {rng.choice(METHODS)} of {people} in {place}",
        f"{people}, {topic} and the question of {outcome} in {place}",
        f"Does {topic} change {outcome}? {rng.choice(METHODS)} in {place}, {people} first",
        f"Towards a theory of {topic}: {outcome}, {people} and {place} compared",
    )
    text = rng.choice(forms)
    return text[0].upper() + text[1:]


def authors(rng: random.Random) -> list[str]:
    """One to six people, family name first."""
    names = rng.sample(FAMILIES, rng.choice((1, 1, 2, 2, 3, 3, 4, 6)))
    return [f"{name}, {' '.join(rng.sample(GIVEN, rng.choice((1, 1, 2))))}" for name in names]


def council(rng: random.Random) -> str:
    """A council that does not exist; the kind belongs to the name."""
    name = rng.choice(COUNCILS)
    return f"{name} {KINDS_OF_COUNCIL[sum(map(ord, name)) % len(KINDS_OF_COUNCIL)]}"
