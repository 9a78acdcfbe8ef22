"""The engine ffmpeg: the only folder that names it."""
