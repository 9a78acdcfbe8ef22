"""Files in any store that speaks S3."""
