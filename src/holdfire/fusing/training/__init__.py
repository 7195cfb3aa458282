"""What agreement weighs, learnt from records alone or from pairs that people judged."""
