"""Arabic read for claims: who says what, of which kind, when, how many; one sentence a rule.

The sentences are ours, of invented armies and towns, in the manner of agency reports.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from holdfire.reading.prose import attributions
from holdfire.reading.prose import read as read_prose
from holdfire.records.actor import Actor, ActorKind, Alias, Names
from holdfire.records.casefile import Gazetteer, PlaceNote
from holdfire.tables import rows
from prosing import ALWAYS, context, report

NAMES = Names(
    [
        Actor(
            "north", {"ar": "الجيش الشمالي"}, ActorKind.STATE,
            (Alias("الجيش الشمالي", ALWAYS), Alias("القوات الشمالية", ALWAYS)),
        ),
        Actor("river", {"ar": "لواء النهر"}, ActorKind.GROUP, (Alias("لواء النهر", ALWAYS),)),
    ]
)  # fmt: skip
PLACES = Gazetteer(
    [PlaceNote(id="maro", name={"ar": "مارو"}, level="settlement", lat=35.8, lon=36.8),
     PlaceNote(id="tarn", name={"ar": "تارن"}, level="settlement", lat=35.2, lon=36.9)]
)  # fmt: skip
HERE = context(names=NAMES, gazetteer=PLACES)
Row = dict[str, Any]


def read(text: str, published: str = "2031-03-06") -> list[Row]:
    said = replace(report(text, published), language="ar")
    return list(rows(read_prose(text, said, HERE)))


def of(text: str, kind: str) -> Row:
    """Return the only claim of a type; fail if there is none, or more."""
    found = [row for row in read(text) if row["event_type"] == kind]
    assert len(found) == 1, [(row["event_type"], row["reading"]["trigger_text"]) for row in read(text)]
    return found[0]


def makes_incident(row: Row) -> bool:
    told = row["kind"] in ("reported", "narrated") and row["modality"] == "actual" and not row["negated"]
    return told and not row["cumulative"] and row["stance"] in ("asserts", "accuses", "admits")


# Who says it, and what they do with it ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "source", "cue", "content", "stance"),
    [
        ("قال المتحدث باسم البعثة إن الهدنة صامدة.", "المتحدث باسم البعثة", "قال", "الهدنة صامدة", "asserts"),
        ("وقالت مصادر طبية إن خمسة أشخاص قتلوا.", "مصادر طبية", "وقالت", "خمسة أشخاص قتلوا", "asserts"),
        ("أعلن الجيش الشمالي أن قواته دخلت تارن.", "الجيش الشمالي", "أعلن", "قواته دخلت تارن", "asserts"),
        ("أكد الوزير أن القصف توقف.", "الوزير", "أكد", "القصف توقف", "asserts"),
        ("وأضاف المصدر أن الطريق مقطوع.", "المصدر", "وأضاف", "الطريق مقطوع", "asserts"),
        ("وأوضحت اللجنة أنها سجلت ثلاثة خروقات.", "اللجنة", "وأوضحت", "سجلت ثلاثة خروقات", "asserts"),
        ("نفى لواء النهر أن يكون قصف البلدة.", "لواء النهر", "نفى", "يكون قصف البلدة", "denies"),
        ("زعم القائد أن المدينة سقطت.", "القائد", "زعم", "المدينة سقطت", "asserts"),
        ("حذر المبعوث من أن الهدنة ستنهار.", "المبعوث", "حذر", "الهدنة ستنهار", "warns"),
        ("اعترف لواء النهر بأنه قصف مارو.", "لواء النهر", "اعترف", "قصف مارو", "admits"),
        ("تعهد الجيش الشمالي بأن يحترم الهدنة.", "الجيش الشمالي", "تعهد", "يحترم الهدنة", "pledges"),
        ("طالب المجلس بأن ينسحب اللواء.", "المجلس", "طالب", "ينسحب اللواء", "demands"),
        ("قال المراقب: «سمعنا ثلاثة انفجارات».", "المراقب", "قال", "سمعنا ثلاثة انفجارات", "asserts"),
        ("وبحسب المرصد، قتل أربعة مدنيين.", "المرصد", "وبحسب", "قتل أربعة مدنيين", "asserts"),
        ("انسحب المقاتلون، وفق ما ذكر السكان.", "السكان", "وفق ما ذكر", "انسحب المقاتلون", "asserts"),
        ("سقط جسر مارو، حسبما أفادت الوكالة.", "الوكالة", "حسبما أفادت", "سقط جسر مارو", "asserts"),
        ("«لن نوقف القتال»، قال القائد.", "القائد", "قال", "لن نوقف القتال", "asserts"),
        ("ذكرت الصحيفة نقلا عن ضابط أن الهجوم فشل.", "الصحيفة", "ذكرت", "الهجوم فشل", "asserts"),
    ],
)  # fmt: skip
def test_who_says_what(text: str, source: str, cue: str, content: str, stance: str) -> None:
    def words(spans: tuple[tuple[int, int], ...]) -> str:
        return " ".join(text[a:b] for a, b in spans)

    found = [(words(s.source), words(s.cue), words(s.content), s.stance) for s in attributions(text)]
    assert (source, cue, content, stance) in found


@pytest.mark.parametrize(
    ("text", "kind", "stance", "actor"),
    [
        ("اتهم الجيش الشمالي لواء النهر بقصف مارو.", "attack.bombardment", "accuses", ["river"]),
        ("اتهم المرصد القوات الشمالية بقتل خمسة مدنيين.", "attack.violence", "accuses", ["north"]),
        ("نفى لواء النهر قصف مارو.", "attack.bombardment", "denies", ["river"]),
        (
            "أعلن لواء النهر مسؤوليته عن الهجوم على قاعدة للجيش الشمالي.",
            "attack.violence",
            "admits",
            ["river"],
        ),
        ("دعا المبعوث إلى تمديد الهدنة.", "ceasefire.extend", "demands", None),
        ("طالب المجلس بالإفراج عن المعتقلين.", "detention.release", "demands", None),
        ("تعهد لواء النهر بتمديد الهدنة.", "ceasefire.extend", "pledges", ["river"]),
        ("أدان المجلس قصف مارو.", "attack.bombardment", "opposes", None),
        ("حذر المبعوث من انهيار الهدنة.", "ceasefire.breakdown", "warns", None),
    ],
)
def test_stance_and_doer(text: str, kind: str, stance: str, actor: list[str] | None) -> None:
    row = of(text, kind)
    assert (row["stance"], row["actors"]) == (stance, actor)


def test_a_chain_has_the_publisher_first_and_the_last_voice_last() -> None:
    (row,) = [
        r
        for r in read("قالت الوكالة إن الجيش الشمالي أعلن أنه قصف مارو.")
        if r["event_type"] == "attack.bombardment"
    ]
    assert [link["text"] for link in row["chain"]] == ["Wire", "الوكالة", "الجيش الشمالي"]


def test_a_voice_carries_over_to_a_sentence_that_adds() -> None:
    text = "قال الجيش الشمالي إن الهدنة صامدة. وأضاف أن لواء النهر قصف مارو."
    row = of(text, "attack.bombardment")
    assert row["chain"][-1]["text"] == "الجيش الشمالي"
    assert row["chain"][-1]["implicit"]


# What happened, to whom, how many -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "actors", "targets", "killed", "injured"),
    [
        ("قصف الجيش الشمالي بلدة مارو أمس.", "attack.bombardment", ["north"], None, None, None),
        ("هاجم لواء النهر القوات الشمالية في تارن.", "attack.violence", ["river"], ["north"], None, None),
        ("الجيش الشمالي هاجم لواء النهر.", "attack.violence", ["north"], ["river"], None, None),
        ("شن الجيش الشمالي غارات على مارو.", "attack.airstrike", ["north"], None, None, None),
        ("نفذ لواء النهر هجوما على القوات الشمالية.", "attack.violence", ["river"], ["north"], None, None),
        ("قتل خمسة مدنيين في مارو أمس.", "attack.violence", None, ["civilians"], (5, 5, 5), None),
        ("قُتل 12 شخصا وأصيب 30 آخرون في مارو.", "attack.violence", None, None, (12, 12, 12), (30, 30)),
        ("مقتل ثلاثة جنود في تارن.", "attack.violence", None, None, (3, 3, 3), None),
        ("قتل ما لا يقل عن 20 شخصا في قصف على مارو.", "attack.violence", None, None, (20, None, None), None),
        ("قتل نحو أربعين مقاتلا في تارن أمس.", "attack.violence", None, None, (None, 40, None), None),
        ("قتل طفلان في مارو أمس.", "attack.violence", None, ["civilians"], (2, 2, 2), None),
        ("قتل عشرات المدنيين في مارو أمس.", "attack.violence", None, ["civilians"], (20, None, None), None),
        ("قتل ٧ أشخاص في مارو أمس.", "attack.violence", None, None, (7, 7, 7), None),
        ("قتل خمسة وعشرون شخصا على الأقل أمس.", "attack.violence", None, None, (25, None, None), None),
        ("قتل لواء النهر أربعة جنود أمس.", "attack.violence", ["river"], None, (4, 4, 4), None),
        ("قتل أربعة جنود على يد لواء النهر أمس.", "attack.violence", ["river"], None, (4, 4, 4), None),
        ("انفجرت سيارة مفخخة في مارو أمس وقتل ثلاثة أشخاص.", "attack.violence", None, None, (3, 3, 3), None),
        ("خطف مسلحون ثلاثة عمال في تارن أمس.", "detention.abduction", ["~مسلحون"], None, None, None),
        ("اعتقل الجيش الشمالي 14 شخصا.", "detention.arrest", ["north"], None, None, None),
        ("سيطر لواء النهر على تارن.", "control.territory", ["river"], None, None, None),
        ("فتح مسلحون النار على دورية في مارو.", "attack.violence", ["~مسلحون"], None, None, None),
    ],
)  # fmt: skip
def test_events(text: str, kind: str, actors: Any, targets: Any, killed: Any, injured: Any) -> None:
    row = next(row for row in read(text) if row["event_type"] == kind)
    assert makes_incident(row), row["rules"]
    assert row["actors"] == actors
    if targets:
        assert row["targets"] == targets
    counted = (row["killed_low"], row["killed_best"], row["killed_high"])
    assert counted == (killed or (None, None, None))
    assert (row["injured_low"], row["injured_high"]) == (injured or (None, None))


def test_two_sides_of_a_fight() -> None:
    row = of("اندلعت اشتباكات بين لواء النهر والجيش الشمالي في تارن أمس.", "attack.armed_clash")
    assert (row["actors"], row["targets"], row["directed"]) == (["river"], ["north"], False)
    assert row["place"] == "تارن"


def test_a_part_of_the_dead_is_not_added() -> None:
    row = of("قتل تسعة أشخاص بينهم ثلاثة أطفال في مارو أمس.", "attack.violence")
    assert (row["killed_best"], row["civilians_low"]) == (9, 3)


def test_a_label_names_no_group() -> None:
    row = of("قتل الإرهابيون جنديين في مارو أمس.", "attack.violence")
    assert (row["actors"], row["killed_best"]) == (None, 2)


def test_a_state_is_known_by_its_demonym() -> None:
    row = of("قصفت الطائرات الروسية بلدة مارو.", "attack.airstrike")
    assert row["actors"] == ["~russia"]


# What did not happen, or is only mentioned ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "modality", "negated"),
    [
        ("لم يقصف الجيش الشمالي مارو.", "actual", True),
        ("لن يقصف الجيش الشمالي مارو.", "actual", True),
        ("سيقصف الجيش الشمالي مارو.", "intended", False),
        ("سوف يقصف الجيش الشمالي مارو.", "intended", False),
        ("يخطط لواء النهر لقصف مارو.", "intended", False),
        ("يعتزم الجيش الشمالي قصف مارو.", "intended", False),
        ("إذا قصف الجيش الشمالي مارو فسيرد اللواء.", "conditional", False),
        ("في حال قصف الجيش الشمالي مارو سيرد اللواء.", "conditional", False),
        ("هدد لواء النهر بقصف مارو.", "intended", False),
    ],
)
def test_what_did_not_happen(text: str, modality: str, negated: bool) -> None:
    row = of(text, "attack.bombardment")
    assert (row["modality"], row["negated"]) == (modality, negated)
    assert not makes_incident(row)


@pytest.mark.parametrize(
    "text",
    [
        "بدأ التحقيق في اغتيال الوزير.",
        "شن المدرب هجوما على الحكم بعد المباراة.",
        "انفجرت أزمة بين الحزبين.",
        "احتل الفريق المركز الأول في الدوري.",
        "هل قصف الجيش الشمالي مارو؟",
        "يدين الكتاب ثقافة القتل والاغتيال.",
        "وقف إطلاق النار صامد في مارو.",
        "وجهت المحكمة إليه تهمة قتل جنديين.",
        "كان الحكم عليه بالإعدام صدر قبل عام.",
        "تحدث عن خطر استهداف المدنيين.",
    ],
)
def test_what_is_only_mentioned_makes_no_incident(text: str) -> None:
    assert not [row for row in read(text) if makes_incident(row)]


# Spans and the rest -----------------------------------------------------------------------------------------


def test_spans_are_of_the_text_as_received() -> None:
    text = "قَصَفَ الجيش الشمالي بلدة «مارو» يوم السبت."  # with vowel signs
    row = of(text, "attack.bombardment")
    a, b = row["reading"]["trigger"]
    assert text[a:b].startswith("قَصَف")
    assert row["actors"] == ["north"]


def test_a_truce_is_told_by_its_own_types() -> None:
    assert of("دخلت الهدنة حيز التنفيذ أمس.", "ceasefire.enter_into_force")["modality"] == "actual"
    assert of("سجلت اللجنة 14 خرقا للهدنة.", "ceasefire.violation")["quantity"] == 14
    assert of("انهارت الهدنة في تارن.", "ceasefire.breakdown")["place"] == "تارن"


def test_a_mixed_text_is_read_by_paragraph() -> None:
    text = (
        "The Northern Army shelled the town of Marrow on Saturday, officials said.\n\n"
        "وقال شهود إن لواء النهر قصف بلدة مارو مساء أمس وقتل خمسة مدنيين فيها."
    )
    said = replace(report(text), language="")
    found = list(rows(read_prose(text, said, HERE)))
    assert {row["event_type"] for row in found} >= {"attack.shelling", "attack.bombardment"}
    assert [row["seq"] for row in found] == list(range(1, len(found) + 1))
