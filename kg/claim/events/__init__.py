"""Events beside those of verbs: told by nouns, one or another, where and on which day."""
