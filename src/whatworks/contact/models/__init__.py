"""What we remember."""

from whatworks.contact.models.consents import Bounce, ConsentRow, Follow, Suppressed
from whatworks.contact.models.contacts import Contact, ContactMerge, ContactTie, Interaction
from whatworks.contact.models.editions import Edition, MailingList, SentLetter
from whatworks.contact.models.imports import ContactImport, ImportLine
from whatworks.contact.models.news import Post

__all__ = [
    "Bounce",
    "ConsentRow",
    "Contact",
    "ContactImport",
    "ContactMerge",
    "ContactTie",
    "Edition",
    "Follow",
    "ImportLine",
    "Interaction",
    "MailingList",
    "Post",
    "SentLetter",
    "Suppressed",
]
