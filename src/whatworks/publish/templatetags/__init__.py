"""Tags that put the drawings and the traced numbers of a page document into templates."""
