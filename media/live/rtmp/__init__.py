"""A server for encoders that speak RTMP."""
