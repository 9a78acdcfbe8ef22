"""Settings, wiring, database, durable jobs, command line: assembles everything."""
