"""What editors and moderators see; one room for each thing they do."""
