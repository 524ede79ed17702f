"""What alerts keep of customers: what people wrote about their recovery."""

from repaircenter.central.core.personal import PersonalTable

PERSONAL = (
    PersonalTable(
        "alert",
        "job_id = :job",
        blank={"action": "CASE WHEN action IS NULL THEN NULL ELSE '' END"},
        plain=frozenset(
            (
                *("org_id", "shop_id", "id", "answer_id", "job_id", "programme_id", "low", "opened_at", "due_at"),
                *("state", "version", "last_key", "owner_id", "changed_by", "changed_at", "mailed_at", "told"),
                *("cause", "outcome", "ended_by", "ended_at", "kind", "invitation_id"),
            )
        ),
    ),
)
PLAIN = ("alert_choice", "alert_mail", "shop_week", "shop_week_mail")
