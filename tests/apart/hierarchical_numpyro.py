"""What needs numpyro, in a process of its own: jax starts threads, and a worker with threads may not fork.

tests/unit/test_hierarchical.py runs it.
"""

import numpy as np

from holdfire.counting.hierarchical import Hierarchical, Labelled

LISTS = ("a", "b", "c")


def test_rows_drawn_near_the_documented_have_the_prior_they_are_said_to_have():
    """Whatever is looked at, the density of what comes out is that of N(0, C): checked point by point."""
    import jax
    from numpyro.handlers import seed, substitute, trace
    from scipy.stats import multivariate_normal

    from holdfire.counting.hierarchical.model import _drawn_near

    random = np.random.default_rng(1)
    root = random.normal(size=(3, 3))
    prior = root @ root.T + np.eye(3)
    at, doubt = random.normal(size=(1, 3)), random.uniform(0.1, 2, (1, 3))
    beyond = []
    with jax.enable_x64(True):
        for _ in range(3):
            drawn = random.normal(size=(1, 3))
            model = substitute(seed(_drawn_near, jax.random.PRNGKey(0)), {"x": drawn})
            sites = trace(model).get_trace("x", prior, at, doubt)
            mend = float(sites["x_mended"]["fn"].log_factor)
            value = np.asarray(model("x", prior, at, doubt))
            normal = -0.5 * float((drawn**2).sum())
            beyond.append(mend + normal - multivariate_normal(np.zeros(3), prior).logpdf(value[0]))
    # The log determinant of what makes values of standard normals is the same each time.
    np.testing.assert_allclose(beyond, beyond[0], atol=1e-6)


def test_strata_of_a_draw_are_the_whole_of_it_and_few_draws_are_refused():
    north = {1: 60, 2: 50, 3: 20, 4: 40, 5: 18, 6: 15}
    rows = [*((("n",), pattern, people) for pattern, people in north.items()),
            (("s",), 1, 6), (("s",), 7, 2), ((None,), 2, 20)]  # fmt: skip
    given = Labelled.of(LISTS, ("place",), rows)
    short = Hierarchical(warm=40, draws=20, chains=4, depth=4)
    found = short.by_stratum(given, 1)  # one run: nearly all it takes is the compiler's
    assert (sum(each.draws for each in found.strata.values()) == found.whole.draws).all()
    assert found.whole.documented == 231
    assert (found.whole.draws >= 231).all()
    assert found.strata["s",].documented == 8
    codes = {reason.code for reason in found.strata["s",].refused}
    assert {"too_few_own", "too_few_draws"} <= codes
    assert "too_few_own" not in {reason.code for reason in found.strata["n",].refused}
    assert [note.facts for note in found.whole.notes if note.code == "labels_summed_over"] == [
        {"people": 20, "documented": 231}
    ]
