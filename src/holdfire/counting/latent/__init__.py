"""Latent classes: people of each class are caught by each list with a chance of their own, class by class.

A truncated Dirichlet process over capture chances (Manrique-Vallier, D. 2016, Biometrics 72(4), 1246-1254),
under the reference prior of the number of people, p(N) = 1 / N, which is integrated out and drawn at the end
without a bound.
"""
