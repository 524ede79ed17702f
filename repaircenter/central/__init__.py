"""The central service: one folder an area, each with the same few file names (rules, queries, web, tasks)."""
