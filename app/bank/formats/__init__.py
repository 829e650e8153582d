"""Question files of other people and other programs: read into drafts, written from drafts."""
