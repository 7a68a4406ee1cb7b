"""Migrations that make many tables at once."""

from __future__ import annotations

from itertools import takewhile
from typing import Any

from django.db import migrations


class Tables(migrations.Migration):
    """A migration whose first operations make tables: what they are is told together, and then they are made one by one.

    After each operation Django would build anew every model that is tied to a changed one. Here all are tied to `Subject`, so that each
    table would cost as much as all others together; a fresh centre took minutes on a busy machine.
    """

    operations: list[Any]

    def apply(self, project_state: Any, schema_editor: Any, collect_sql: bool = False) -> Any:
        """Make the tables, then do what else the migration does as Django does it. Gives the state after it."""
        made = list(takewhile(lambda one: isinstance(one, migrations.CreateModel), self.operations))
        project_state.__dict__.pop("apps", None)  # built once, when the first table is made
        for one in made:
            one.state_forwards(self.app_label, project_state)
        for one in made:
            one.database_forwards(self.app_label, schema_editor, project_state, project_state)
        whole, self.operations = self.operations, self.operations[len(made) :]
        try:
            return super().apply(project_state, schema_editor, collect_sql)
        finally:
            self.operations = whole
