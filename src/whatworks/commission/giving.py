"""Awards as open data, by the 360Giving standard: one row for each award of a real body, the same as CSV and as JSON.

Fields are named as the standard's spreadsheet names them. Made-up awards are never among them.
"""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from whatworks.commission.models import Award
from whatworks.spreadsheets import cell

FUNDER = "What Works Centre for Children's Social Care"
CSV_NAMES = {
    "id": "Identifier", "title": "Title", "description": "Description", "currency": "Currency",
    "amountAwarded": "Amount Awarded", "awardDate": "Award Date", "start": "Planned Dates:Start Date",
    "end": "Planned Dates:End Date", "recipient": "Recipient Org:Name", "recipientId": "Recipient Org:Identifier",
    "funder": "Funding Org:Name", "programme": "Grant Programme:Title", "area": "Beneficiary Location:Geographic Code",
    "source": "Data Source",
}  # fmt: skip


def rows() -> list[dict[str, Any]]:
    """Every award of a real body as plain values, what is not known left empty."""
    held = Award.objects.real().select_related("call", "organisation", "area")
    return [
        {
            "id": one.pk,
            "title": one.title,
            "description": one.reasons or one.title,
            "currency": one.currency,
            "amountAwarded": one.amount,
            "awardDate": one.announced_on.isoformat() if one.announced_on else "",
            "start": one.starts_on.isoformat() if one.starts_on else "",
            "end": one.ends_on.isoformat() if one.ends_on else "",
            "recipient": one.body,
            "recipientId": one.organisation_id or one.area_id or "",
            "funder": FUNDER,
            "programme": one.call.title,
            "area": one.area.code if one.area else "",
            "source": one.source_url or one.source,
        }
        for one in held
    ]


def as_csv() -> str:
    """The awards for a spreadsheet."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(CSV_NAMES.values())
    for row in rows():
        table.writerow("" if row[name] is None else cell(str(row[name])) for name in CSV_NAMES)
    return out.getvalue()


def as_json() -> str:
    """The awards as the standard's JSON: nested, without what is not known."""
    return json.dumps({"grants": [_grant(row) for row in rows()]}, ensure_ascii=False, indent=1) + "\n"


def _grant(row: dict[str, Any]) -> dict[str, Any]:
    planned = {name: row[key] for name, key in (("startDate", "start"), ("endDate", "end")) if row[key]}
    grant = {
        "id": row["id"],
        "title": row["title"],
        "description": row["description"],
        "currency": row["currency"],
        "amountAwarded": row["amountAwarded"],
        "awardDate": row["awardDate"],
        "plannedDates": [planned] if planned else [],
        "recipientOrganization": [{"id": row["recipientId"], "name": row["recipient"]}],
        "fundingOrganization": [{"name": row["funder"]}],
        "grantProgramme": [{"title": row["programme"]}],
        "beneficiaryLocation": [{"geoCode": row["area"]}] if row["area"] else [],
        "dataSource": row["source"],
    }
    return {name: value for name, value in grant.items() if value not in (None, "", [])}
