"""Letters and push messages, and the encryption of what is private."""
