"""What a case does with areas that were published or told: what lies in them, and how that is printed."""
