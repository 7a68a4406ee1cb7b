"""Word lists for likely identifiers: first names, words that are no name, areas of postcodes, schools that are bodies."""

from __future__ import annotations

# Common first names of England and Wales that are no ordinary word; followed by another capital they are likely a person's.
# Left out because they are words or places too: Grace, Will, Mark, Hope, Faith, Rose, May, April, June, Grant, Bill, Frank,
# Page, Dean, Chase, Art, Penny, Summer, Daisy, Ivy, Lily, Poppy, Jade, Amber, Joy, Ray, Gene, Max, Drew, Chelsea, Paris.
FIRST_NAMES = frozenset(
    """
    Aaron Abdul Abigail Adam Adrian Ahmed Aisha Alan Albert Alex Alexander Alexandra Alfie Ali Alice Alison Amanda Amelia Amina
    Amy Andrea Andrew Angela Ann Anna Anne Anthony Archie Arthur Ashley Barbara Ben Benjamin Beth Bethany Brian Callum Cameron
    Carl Carol Caroline Catherine Charles Charlie Charlotte Chloe Chris Christine Christopher Claire Connor Craig Daniel Darren
    David Dawn Deborah Debbie Denise Dennis Diane Donna Dorothy Dylan Edward Eleanor Elena Elizabeth Ella Ellie Emily Emma Eric
    Ethan Eva Evie Fatima Fiona Freya Gareth Gary Gemma Geoffrey George Georgia Georgina Gillian Hannah Harriet Harry Harvey Hassan
    Heather Helen Henry Holly Ian Ibrahim Imogen Isaac Isabella Isla Jack Jacob Jacqueline Jake James Jamie Jane Janet Jasmine Jason
    Jayden Jean Jennifer Jenny Jessica Joan Joanna Joanne Joe John Jonathan Jordan Joseph Josh Joshua Joyce Julia Julie Karen
    Kate Katherine Kathleen Katie Keith Kelly Kenneth Kerry Kevin Khadija Kieran Kim Kirsty Kyle Laura Lauren Leah Leanne Lee Leo
    Leon Lewis Liam Linda Lisa Logan Louise Lucy Luke Lynn Mandy Margaret Maria Marie Martin Mary Maryam Mason Matthew Megan Melanie
    Melissa Mia Michael Michelle Mohamed Mohammed Molly Muhammad Naomi Natalie Nathan Neil Niamh Nicholas Nicola Nicole Nigel
    Noah Nora Oliver Olivia Omar Oscar Owen Pamela Patricia Patrick Paul Paula Peter Philip Phoebe Rachel Rebecca Reece Rhys
    Richard Robert Robin Roger Ronald Rory Ruby Ruth Ryan Samantha Samuel Sandra Sara Sarah Scott Sean Sharon Shaun Shirley Simon
    Sophia Sophie Stacey Stephanie Stephen Steven Stuart Susan Suzanne Tamara Tanya Teresa Theo Theresa Thomas Tina Toby Tom Tony
    Tracey Tracy Tyler Valerie Vanessa Victoria Vincent Wayne Wendy William Yasmin Yusuf Zachary Zainab Zoe
    """.split()
)

# Words that stand where a name could and are none, in small letters.
NO_NAME = frozenset(
    """
    a about act acts after again all also always am an and any april are area as at august authority away back barnardos be because
    been before being both british but by came can care carer carers centre charity child children childrens christmas city council
    councils county could december department did disability do does doing don't each early easter education either england english
    even ever every everyone family families february for foster fostering foundation friday from funding further get go going
    got government group had has have he health help her here his home homes how however i i'd i'll i'm i've if in into is it its
    january journal july june just kingdom last leave like local london look made manchester many march may me meeting mental met
    might minister miss model monday month more most much must my national need never new next nhs no nobody non north northern
    not nothing november now october of off office often old on once one only or other our out over own parent parents part people
    person plan please police policy practice primary programme programmes project protection report research review right road
    said saturday say says scheme school schools scotland secondary section send september services service she should since
    so social some someone south standard standards still strategy such sunday support system take team teams than that the their
    them then there these they this those three thursday time to today together told too training trust tuesday two uk under union
    university until up us very wales was way we wednesday week well went were west what when where which while who why wide will
    with within without woman work worker workers working works would year years yes yet york you young your
    """.split()
)

POSTCODE_AREAS = tuple(
    """
    AB AL BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY EC EH EN EX FK FY GL GU GY HA HD HG HP
    HR HS HU HX IG IM IP IV JE KA KT KW KY LA LD LE LL LN LS LU ME MK ML NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM SA SE
    SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB WA WC WD WF WN WR WS WV YO ZE B E G L M N S W
    """.split()
)

# Beginnings, without the nought, of numbers that belong to bodies: freephone, and 03.
HELPLINES = ("800", "808", "300", "303", "330", "333", "344", "345", "370", "371")

# Words before “School” that make no name of one.
SCHOOL_WORDS = frozenset(
    """
    a all and any at attached boarding british business by community comprehensive day each every federation for free further
    girls grammar high higher home in independent infant infants is junior juniors law local london maintained mainstream medical
    middle my national new nursery of old on one only or other our pre preparatory primary private public royal same secondary
    senior sixth form small social special staff state street summer sunday the their this training upper virtual which whole work
    workers your her his a-level no designated lead england english uk every to that was teaching hub lower early years state-funded
    """.split()
)

# Bodies whose names look like those of schools, in small letters: how they end.
KNOWN_BODIES = (
    "british academy",
    "staff college",
    "royal college",
    "imperial college",
    "university college",
    "king's college",
    "kings college",
    "trinity college",
    "social work academy",
    "london school",
    "frontline academy",
    "open college",
    "virtual school",
)
