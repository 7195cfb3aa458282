"""Where: which words name a place, which place, and how wide the words leave it."""
