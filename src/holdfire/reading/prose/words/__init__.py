"""Words, sentences and numbers, and the phrases they make."""
