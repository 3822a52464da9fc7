"""The nouns of the compiler: frozen dataclasses from the imported graph to the program that is printed as C."""
