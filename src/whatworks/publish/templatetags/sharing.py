"""How do two addresses of one revision show the same part of it? In a build of the site it is rendered once for both."""

from __future__ import annotations

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString

from whatworks.ledger.sharing import once

register = template.Library()


class Part(template.Node):
    """A part of a page, by all that it depends on."""

    def __init__(self, key: list[FilterExpression], inside: NodeList) -> None:
        self.key, self.inside = key, inside

    def render(self, context: Context) -> SafeString:
        """The part; as it was rendered for another page of this build, where that had the same key."""
        key = [one.resolve(context) for one in self.key]
        return once(("part", *key), lambda: self.inside.render(context))


@register.tag
def alike(parser: Parser, token: Token) -> Part:
    """`{% alike "outcomes" page.identifier page.revision %}…{% endalike %}`: what is inside depends on the key alone."""
    key = [parser.compile_filter(one) for one in token.split_contents()[1:]]
    inside = parser.parse(("endalike",))
    parser.delete_first_token()
    return Part(key, inside)
