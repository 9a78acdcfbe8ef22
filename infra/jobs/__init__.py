"""What pieces a job has, and who may do which; pure."""
