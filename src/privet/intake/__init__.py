"""What comes in: the importer of edX logs, and the loader from the log into the lake."""
