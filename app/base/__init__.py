"""What every room stands on: database, clock, configuration, errors and ids; no HTTP."""
