"""The archive put together from its stores and engines."""
