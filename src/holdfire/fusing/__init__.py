"""Records of several sources that may be about the same thing: compared, joined, and merged. It drops none."""
