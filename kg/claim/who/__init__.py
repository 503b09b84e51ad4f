"""Who: speakers, holders of offices, parties, signatories, guests, and whose a body is."""
