"""What surveys keep of customers: their own words. Answers stay, anonymous (DESIGN 4.6)."""

from repaircenter.central.core.personal import PersonalTable

PERSONAL = (
    PersonalTable(
        "answer",
        "invitation_id IN (SELECT i.id FROM invitation i JOIN sample s ON s.id = i.sample_id WHERE s.job_id = :job)",
        blank={"comment": "NULL"},
        plain=frozenset(
            ("org_id", "shop_id", "id", "invitation_id", "programme_id", "submitted_at", "visible_from", "language")
        ),
    ),
)
# Of the invitation only digests and the staff to whom an answer is credited (B-N1).
PLAIN = ("invitation", "sample", "answer_value", "questionnaire", "opt_out")
