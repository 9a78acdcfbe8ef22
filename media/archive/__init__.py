"""The nouns of the archive and the ports of their stores: programmes, episodes, topics, documents."""
