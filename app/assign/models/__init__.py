"""Tables of assign, a chapter for each noun; those that grow with members begin with the member."""
