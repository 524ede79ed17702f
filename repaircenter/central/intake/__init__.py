"""Takes the shops' messages: idempotent upsert with the programme filter (DESIGN 4.1, 4.2, 4.6; A-14, A-15)."""
