"""Quiz: papers, blueprints, attempts, marks and what is printed."""
