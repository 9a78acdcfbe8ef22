"""What happened, written in the transaction that did it: events, changes, audit."""
