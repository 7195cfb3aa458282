"""Links between records: what people said of them, looked at again, told in words and drawn.

* `judged` finds again, among the records of today, what people said; runs rest on it, and it on no run.
* `claims` and `people` are the pairs of a case, of either kind of record; `named` finds what an id names.
* `review` puts them before a reviewer; `whyclaims` and `whypeople` say why two are one,
  in the words of `why`.
* `drawn` makes charts of them; `truth` knows the answers in a made-up country.
"""
