"""Made-up countries at war, and what sources make of them: the truth is known, so answers can be marked."""
