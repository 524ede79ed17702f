"""What every page is made of: background calls, texts, theme, icons, tables, banners. Knows no page."""
