"""What is asked of whom, until when: papers and study goals, plans, duties, reminders."""
