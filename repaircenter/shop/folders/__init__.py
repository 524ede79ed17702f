"""The watched folders: their settings, a test, a preview of old exports."""
