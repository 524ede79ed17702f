"""Survey programmes: whose customers are asked, when, and by which questionnaire."""
