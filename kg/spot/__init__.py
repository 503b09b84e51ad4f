"""Text to mentions: names, people and their offices, time expressions, amounts."""
