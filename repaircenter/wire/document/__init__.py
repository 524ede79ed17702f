"""A report as the service builds it: parts of typed nodes, laid out by `rendering` on both sides (DESIGN 3.11, 3.12).

Values stay typed until layout, so that the page, the workbook and the CSV say the same. Text is already in the
report's language. Nodes and charts are an open set: a kind this desk does not know decodes to a note.
"""
