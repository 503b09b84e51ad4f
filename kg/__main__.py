"""`python -m kg`: the command without the server."""

from kg.cli import main

main()
