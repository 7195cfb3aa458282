"""Records of several sources that may be about the same thing: compared, joined, merged. None is dropped."""
