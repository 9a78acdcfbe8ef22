"""Who speaks as what: where somebody asks and somebody answers."""
