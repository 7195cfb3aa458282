"""Records to weighed pairs: who meets whom, how they agree, and what that weighs."""
