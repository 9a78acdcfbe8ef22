"""The desk of a broadcast, written answers, callbacks, imported comments."""
