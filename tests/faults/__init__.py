"""Each row of what goes wrong at a provider, through a real server, in one table."""
