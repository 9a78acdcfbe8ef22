"""Text that people see: languages, times, masking, tables, error messages; pure."""
