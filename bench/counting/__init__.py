"""How well people are counted: against figures of R's packages, recorded, and against populations we made."""
