"""pactgraph's library: documents in, a checked knowledge graph out."""
