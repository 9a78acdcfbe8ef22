"""Running programs that read hostile files, bounded in memory, time and reach."""
