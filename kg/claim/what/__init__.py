"""What it is about and for: fields, aims, effects, wishes, undertakings, sums, bases."""
