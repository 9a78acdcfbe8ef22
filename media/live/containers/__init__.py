"""The containers of live media: FLV in, fragmented MP4 out."""
