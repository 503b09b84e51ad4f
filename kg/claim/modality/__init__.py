"""How a clause is presented: done, planned, expected, wished, possible, denied; and by whom."""
