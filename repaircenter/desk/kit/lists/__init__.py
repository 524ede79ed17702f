"""Lists: columns, rows kept by their key, the fast table, and the page that reads, searches and chooses."""
