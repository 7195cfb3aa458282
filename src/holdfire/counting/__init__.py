"""How many: deaths and injuries, at least and at most, per day and place; silence is never zero."""
