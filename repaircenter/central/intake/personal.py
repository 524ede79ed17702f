"""What the intake keeps of customers: the job as it was sent."""

from repaircenter.central.core.personal import PersonalTable

PERSONAL = (
    PersonalTable(
        "job",
        "id = :job",
        blank={
            **dict.fromkeys(("first_name", "last_name", "company", "email", "claim_number", "vehicle"), "NULL"),
            **dict.fromkeys(("source", "ro_number"), "NULL"),
            "sort_key": "''",
            "digest": "''",
            "phones": "'{}'",
        },
        erase={
            **dict.fromkeys(("language", "preferred_channel", "estimator", "appraiser"), "NULL"),
            "job_key": "'erased:' || id",
            "credits": "'{}'",
        },
        plain=frozenset(
            (
                *("org_id", "shop_id", "id", "version", "version_order", "programme_id", "do_not_contact"),
                *("insurer_name", "created_on", "arrived_on", "promised_on", "delivered_on", "total_cents", "currency"),
                *("received_at", "changed_at", "withdrawn_at", "erased_at"),
            )
        ),
    ),
)
# Keyed digests and decisions, from which nobody is told.
PLAIN = ("intake_key", "filtered_job", "erased_job", "unclaimed_insurer")
