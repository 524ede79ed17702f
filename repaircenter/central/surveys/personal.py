"""What surveys keep of customers: their own words. Answers stay, anonymous (DESIGN 4.6)."""

from repaircenter.central.core.personal import PersonalTable

_OF_JOB = "invitation_id IN (SELECT i.id FROM invitation i JOIN sample s ON s.id = i.sample_id WHERE s.job_id = :job)"
PERSONAL = (
    PersonalTable(
        "answer",
        _OF_JOB,
        blank={"comment": "NULL"},
        plain=frozenset(
            (
                *("org_id", "shop_id", "id", "invitation_id", "programme_id", "submitted_at", "visible_from", "language"),
                *("channel", "left_out_at"),
            )
        ),
    ),
    PersonalTable(
        "answer_text",
        f"answer_id IN (SELECT a.id FROM answer a WHERE a.{_OF_JOB})",
        blank={"words": "NULL"},
        plain=frozenset(("org_id", "shop_id", "answer_id", "question")),
    ),
    PersonalTable(
        "reply",
        "job_id = :job",
        blank={"words": "''"},
        plain=frozenset(("org_id", "shop_id", "id", "job_id", "invitation_id", "digest", "came_at", "told_at")),
    ),
    PersonalTable(
        "partial_answer",
        _OF_JOB,
        blank={"given": "'{}'"},
        plain=frozenset(("org_id", "shop_id", "invitation_id", "changed_at")),
    ),
)
# Of the invitation only digests and the staff to whom an answer is credited (B-N1).
PLAIN = (
    *("invitation", "sample", "answer_value", "answer_choice", "opt_out", "survey_page"),
    "survey_probe",
    "earlier_promise",
    "earlier_link",
)
