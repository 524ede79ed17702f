"""What contests keep of customers: what people wrote about their answers."""

from repaircenter.central.core.personal import PersonalTable

PERSONAL = (
    PersonalTable(
        "contest",
        "job_id = :job",
        blank={"evidence": "''", "note": "CASE WHEN note IS NULL THEN NULL ELSE '' END"},
        plain=frozenset(
            (
                *("org_id", "shop_id", "id", "answer_id", "job_id", "programme_id", "reason", "state", "version"),
                *("last_key", "made_by", "made_at", "ends_at", "decided_by", "decided_at"),
            )
        ),
    ),
)
PLAIN = ("contest_mail",)
