"""Configuration > Questionnaires: what customers are asked, page by page, in the organisation's own way."""
