"""Episodes, recordings, ingest, probing, the encoding ladder, HLS packaging, storage of files."""
