"""Which thing a mention means: names, descriptions, pronouns, sides and groups of one document."""
