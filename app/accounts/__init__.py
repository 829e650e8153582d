"""People who sign in: users, passwords, invitations and sessions."""
