"""The page that checks a bundle in a browser: its parts, and what joins them into one file."""
