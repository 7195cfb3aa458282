"""What is told: events and how they stand, who and whom, when, how many."""
