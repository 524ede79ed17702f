"""What customers are asked: questionnaires of pages and questions, their versions, and who changes them (A-04, D-07, D-08)."""
