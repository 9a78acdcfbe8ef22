"""The tables of what follows a programme: answers in writing, answers found before asking."""
