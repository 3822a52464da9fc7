"""Commands of `tinygen` that have modules of their own; cli.py adds them."""
