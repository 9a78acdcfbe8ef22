"""What the site is about, without a request: no module here imports starlette."""
