"""One thing one report says, in its own terms.

A claim is never corrected: a report that disagrees makes another claim. Its table has one row a claim,
from prose or from a dataset alike. The reader of prose also keeps the chain of who says it.
"""

from __future__ import annotations

from enum import StrEnum

import pyarrow as pa

from holdfire.tables import BOOLEAN, INSTANT, INTEGER, NUMBER, TEXT, TEXTS, Column, Schema


class Kind(StrEnum):
    """How a text carries a claim."""

    REPORTED = "reported"
    NARRATED = "narrated"
    ATTRIBUTIVE = "attributive"
    PRESUPPOSED = "presupposed"
    CAPTION = "caption"


class Stance(StrEnum):
    """What the last voice of the chain does with the content. Accusing is not acting."""

    ASSERTS = "asserts"
    ACCUSES = "accuses"
    DENIES = "denies"
    ADMITS = "admits"
    PLEDGES = "pledges"
    PROPOSES = "proposes"
    DEMANDS = "demands"
    WARNS = "warns"
    SUPPORTS = "supports"
    OPPOSES = "opposes"


CORE: dict[Stance, str] = {
    Stance.ASSERTS: "affirms",
    Stance.ACCUSES: "affirms",
    Stance.ADMITS: "affirms",
    Stance.DENIES: "denies",
    Stance.PLEDGES: "commits",
    Stance.PROPOSES: "urges",
    Stance.DEMANDS: "urges",
    Stance.WARNS: "urges",
    Stance.SUPPORTS: "judges",
    Stance.OPPOSES: "judges",
}
"""The five that stances fold to: Searle's assertives (split by sign), commissives, directives, expressives.

Searle, J. R. (1976), A classification of illocutionary acts, Language in Society 5(1).
"""


class Modality(StrEnum):
    """Whether the content is said to have happened. Only `actual` can become an incident."""

    ACTUAL = "actual"
    INTENDED = "intended"
    PROPOSED = "proposed"
    PLEDGED = "pledged"
    CONDITIONAL = "conditional"
    OBLIGATION = "obligation"
    REQUESTED = "requested"


LINK = pa.struct(
    [
        pa.field("source", TEXT),  # source or actor id; null: not one we know
        pa.field("text", TEXT),  # as the report names it
        pa.field("span", pa.list_(INTEGER)),  # [start, end) code points of the report's text; null: not in it
        pa.field("cues", pa.list_(pa.list_(INTEGER))),  # spans of the cue, such as "said"; empty: none
        pa.field("implicit", BOOLEAN),  # carried over from the sentence before
    ]
)

SPAN = pa.list_(INTEGER)
"""[start, end) code points of the report's text."""

NAMED_PLACE = pa.struct(
    [
        pa.field("name", TEXT),  # as the report names it
        pa.field("span", SPAN),
        pa.field("id", TEXT),  # GeoNames id, pcode or the case's own; null: in no gazetteer of the case
        pa.field("admin1", TEXT),
        pa.field("lat", NUMBER),  # centre of the disc [degrees, WGS 84]
        pa.field("lon", NUMBER),
        pa.field("radius", NUMBER),  # of the disc [m]; null: no bound
        pa.field("precision", TEXT),  # places.GeoPrecision
    ]
)

COUNTED = pa.struct(
    [
        pa.field("span", SPAN),
        pa.field("low", INTEGER),  # null: no bound
        pa.field("high", INTEGER),
        pa.field("bound", TEXT),  # exact, lower, upper, near or vague
        pa.field("unit", TEXT),  # as the report names them; null: not named
        pa.field("measure", TEXT),  # killed or injured
        pa.field("group", TEXT),  # civilian, combatant or unknown
        pa.field("children", BOOLEAN),
        pa.field("women", BOOLEAN),
        pa.field("part", BOOLEAN),  # of another number: never added to it
    ]
)
"""One number of people harmed, as the report gives it."""

READING = pa.struct(
    [
        pa.field("quoted", BOOLEAN),  # the words stand in quotation marks
        pa.field("trigger", SPAN),  # where the words that tell of the event stand
        pa.field("trigger_text", TEXT),  # these words, as written
        pa.field("actors", pa.list_(SPAN)),
        pa.field("targets", pa.list_(SPAN)),
        pa.field("time", SPAN),  # the words that give the time of the event
        pa.field("anchor", TEXT),  # what that time rests on: stated, published or text; null: nothing
        pa.field("said_start", INSTANT),  # the saying lies at or after this; null: open, or not said
        pa.field("said_end", INSTANT),
        pa.field("said_precision", TEXT),  # times.Precision
        pa.field("said", SPAN),  # the words that give the time of saying
        pa.field("places", pa.list_(NAMED_PLACE)),  # every place of the event, the main one first
        pa.field("number", SPAN),  # the words of the number
        pa.field("low", INTEGER),  # the number is at least this; null: no bound
        pa.field("high", INTEGER),
        pa.field("unit", TEXT),  # what is counted, as the report names it
        pa.field("measure", TEXT),  # what befell what is counted: killed, injured, displaced, ...
        pa.field("harmed", pa.list_(COUNTED)),  # every number of people harmed, in order
        pa.field("as_of_start", INSTANT),  # the number stands as of this time
        pa.field("as_of_end", INSTANT),
    ]
)
"""What only the reader of prose keeps of a claim: the words that each of its fields was read from."""

ANCHORS = ("stated", "published", "text")
"""What a time rests on: the words alone, the day of publication, or another time of the text."""

CLAIM = Schema(
    "claim",
    (
        Column("claim_id", TEXT, "c- and sixteen digits, made from report and place in it"),
        Column("report", TEXT, "digest of the report"),
        Column("seq", INTEGER, "place in the report: record number from 1, or order of the sentence claim"),
        Column("source", TEXT, "source id of the publisher"),
        Column(
            "root",
            TEXT,
            "independence group, several joined by ` + `: a root counts once, however often named",
        ),
        Column(
            "chain",
            pa.list_(LINK),
            "who says it, outermost first; last link holds the stance",
            "a dataset row",
        ),
        Column("voice", TEXT, "source id that holds the stance", "no source we know"),
        Column("kind", TEXT, "Kind"),
        Column("stance", TEXT, "Stance"),
        Column("modality", TEXT, "Modality"),
        Column("negated", BOOLEAN, "the content is said not to be so"),
        Column("event_type", TEXT, "family.kind of the event taxonomy", "no event is named"),
        Column(
            "actors",
            TEXTS,
            "actor ids said to have acted; undirected: the first side",
            "not said or not known",
        ),
        Column("actors_text", TEXT, "as the report names them", "not said"),
        Column("targets", TEXTS, "actor ids acted on; undirected: the second side", "not said or not known"),
        Column("targets_text", TEXT, "as the report names them", "not said"),
        Column("directed", BOOLEAN, "true: the report says who acted; false: two sides fought"),
        Column("start", INSTANT, "the event lies at or after this", "open, or not said"),
        Column("end", INSTANT, "the event lies before this", "open, or not said"),
        Column("time_precision", TEXT, "times.Precision"),
        Column("time_native", TEXT, "the dataset's own code, or the words of the text", "none"),
        Column("place", TEXT, "as the report names it", "not said"),
        Column("admin1", TEXT, "governorate, as normalised by the case", "not known"),
        Column("lat", NUMBER, "centre of the disc it lies in [degrees, WGS 84]", "not located"),
        Column("lon", NUMBER, "centre of the disc [degrees, WGS 84]", "not located"),
        Column("radius", NUMBER, "of the disc [m]", "no bound"),
        Column("geo_precision", TEXT, "places.GeoPrecision"),
        Column("geo_native", TEXT, "the dataset's own code", "none"),
        Column("killed_low", INTEGER, "deaths, at least", "the report is silent"),
        Column("killed_best", INTEGER, "deaths, the report's own best figure", "the report gives none"),
        Column("killed_high", INTEGER, "deaths, at most", "no one said how many at most"),
        Column("civilians_low", INTEGER, "of them civilians, at least", "silent"),
        Column("civilians_high", INTEGER, "of them civilians, at most", "no bound"),
        Column("injured_low", INTEGER, "injured, at least", "silent"),
        Column("injured_high", INTEGER, "injured, at most", "no bound"),
        Column("quantity", INTEGER, "a number in another unit, such as violations", "none"),
        Column("quantity_bound", TEXT, "exact, lower, upper or vague", "no quantity"),
        Column("counting_rule", TEXT, "unit the quantity is in; never summed across rules", "no quantity"),
        Column("cumulative", BOOLEAN, "the quantity runs since a start and is not of one event"),
        Column(
            "spans", pa.list_(SPAN), "[start, end) code points of the content in the report's text", "a row"
        ),
        Column("row", INTEGER, "record number in the report, from 1, header not counted", "prose"),
        Column("rules", TEXTS, "rules of the reader that fired", "a dataset row"),
        Column("reading", READING, "the words that each field was read from", "a dataset row"),
    ),
    key=("claim_id",),
)

ROOTS = " + "
"""Joins the roots of a claim that rests on several."""

OCCURRENCES = ("attack", "detention", "control")
"""Event families whose actual claims are about an occurrence, and so make or join an incident."""

AGREED = ("weapons", "forces", "mission")
"""Families of acts that only an agreement names, in its `acts.yaml`; they too make or join an incident.

Weapons or forces at a place that they were to leave or brought to one, a mission kept from its work: no
reader of prose finds them yet, a table or a person can.
"""

ONE_OFF = ("aid.convoy_attacked", "aid.blocked")
"""Single event types of other families that are occurrences too."""
