"""Languages other than English, read for claims by one engine; what a language is, is a page of words.

A tongue is `lexicons/<code>.yaml`. From it the engine gives what the English reader gives, in the same
dataclasses: `sentences` gives `Line` (a `tokens.Sentence` whose words also carry their readings, such as an
Arabic word without the "and" written onto it), `attributions` gives `voices.Attribution`, `events` gives
`scene.Event`, `carries` says whether a sentence goes on with the last voice. So chains and rows are made in
one place for every language. Nothing here changes a text: words are folded to compare them, spans stay
code points of the text as received.

The schema of `lexicons/<code>.yaml`
------------------------------------

A list is one string, members apart by commas. A member is one word or several apart by spaces; a word may
end in `/class`, and then stands for every form that `forms` makes of it (`bombard/er`, `обстрел/м`); `..`
inside a member leaves up to ten words out (`فتح .. النار`). Members are folded as the text is, so write them
as a dictionary does. Unknown keys, classes and event types are errors, all of them named at once.

    language: ar                      the code, as the file is called
    order: verb-first                 or subject-first; a subject before its verb is looked for in both
    fold: {أ: ا, ...}                 one letter for one, to compare by (case is folded always)
    bare: {é: e, ...}                 optional: letters as capitals write them ("ETAT", "A BOMBARDE")
    clitics:                          optional
      before: [و, ف, ...]             tried off the front of a word, one after another
      after: [ه, ها, ...]             tried off its end
      verbal: [و, ف, س]               those of `before` that a finite verb can bear; with others it is a noun
      article: ال                     the definite article, where it is written onto its noun
      shortest: 3                     fewest letters that must be left
    forms:                            classes: name, then letter of the form, then forms of a stem @
      er: {v: "@er", e: "@a, @èrent", z: "@e, @ent", n: "@é, @és", c: "@erait"}
                                      letters: v infinitive  e finite past  z finite present  n participle
                                      g -ing  f finite future  c conditional  i imperative, subjunctive
                                      p finite passive  N noun
    classes:                          closed classes by the names of lexicon.CLASS_TAGS: determiner,
      preposition: ...                pronoun, relative, that (complementisers), to, preposition, be, have,
                                      modal, negation, coordinator, subordinator, adverb, adjective, numeral
    pronouns_subject: il, elle        pronouns that take up the last voice
    cues:
      verbs:                          groups as in cues.yaml; `frames`: c that-clause, q quotation or colon,
        say: {stance: asserts,        n noun phrase, o infinitive or verbal noun after a word of `after_to`,
              frames: c q,            a a person and then what is charged or asked ("accused X of ..."),
              words: ...}             p a bare infinitive ("dit avoir pris"), b a word of `about` and a noun;
                                      optional: modality, distant: true, adds: true (the last voice goes on)
      nouns: {asserts: ..., ...}      nouns that open a that-clause or "of ..."; by stance
      according: selon, d'après       phrases before a source
      hearsay: якобы, мол             words that put their clause in an unnamed mouth
      passive: il a été annoncé       phrases that say without a voice
      about: о, об                    words that stand before a noun of what is told (frame b)
      after_to: de, à                 words that stand before what is asked or charged (frames o and a)
    guards:
      negation: ne, لم                before a verb: it did not happen
      negation_after: pas, aucun      the same after its verb (subject-first)
      negating: نفى, refuser          verbs or nouns that govern an act: it did not happen
      ending: mettre fin à            it was going on and stopped: presupposed
      governors: {intended: ...}      verbs and nouns before an act, by modality: intended, proposed, pledged,
                                      requested, obligation, conditional
      future: سوف, будет              particles of the future; modality intended
      condition: si, إذا              open a clause that is conditional
      presupposing: condamner         what they govern is presupposed
      happening: avoir lieu           verbs that make an event of a noun of attack that is their subject
      committing: mener, شن           ... that is their object
      unreal: tout, éventuel          beside a noun: no event
      abstract: crise, أزمة           beside an act: an attack or explosion in words only
      law: tribunal, محكمة            in the sentence: a court speaks, and acts are charges
      background: après, بعد          before a noun of harm: why or when something else was, if undated
      total: depuis, منذ              beside a count: a running total
      history: siècle, histoire       in the sentence: an act told of long ago
      habit: chaque, عادة             in the clause: not one event
      figurative: match, курс акций   in the sentence: sport, law, trade, talk; acts in it are none of ours
    triggers:                         by event type of events.yaml
      attack.airstrike:
        verbs: ...                    the subject acts on the object
        suffers: ...                  the subject is acted on (was killed, died, فقد حياته)
        nouns: ...                    nouns of the act
        weak_verbs, weak_nouns, weak_suffers: count only beside `company` or a name of an actor
        phrases: ...                  counted as they stand; no roles
        topic: ceasefire              counts only where the sentence speaks of it (lists under `topics`)
        counts: airstrike             unit of a number before the noun
    topics: {ceasefire: ...}
    company: ...                      armed people and harm beside which a weak word counts
    weapons: ...                      what it is done with: company as well, and by itself no event
    discard: ...                      phrases that hold a trigger's words and are none
    roles:
      by: par, من قبل                 before who did it
      with: avec, بـ                  before what it was done with
      on: sur, على                    before who or what it was done to
      between: entre, بين             before two sides
      of: de                          between a noun of an act and who did it or suffered it
      place: dans, في                 before a place
      undergoing: subir, попасть под  verbs whose subject suffers the noun of an act after them
      sites: ville, منطقة             sorts of places: an act in one happened somewhere
      aircraft: طائرات                what flies: an attack by it is from the air, and it is no actor
    people:
      people: ...                     nouns a number of killed or injured counts
      civilian: ...                   of them civilians
      agents: ...                     nouns of someone armed or in power
      labels: ...                     words that blame and name no group
      killing: ... killed: ...        verbs with a killer; words for the dead (nouns, verbs of dying)
      wounding: ... wounded: ...      the same for the injured
      including: dont, بينهم          before a part of a number
      unnamed: مصدر, مسؤول            heads of a voice that is not named (for scripts without capitals)
      states: {russia: "روسيا, روسي, ...", ...}   demonyms of states as adjectives, by the ids
                                      of dictionaries/states.yaml (which holds their names)
    numbers:
      values: {un: 1, ...}            words; `pairs: {مدنيان: 2}` for a noun that holds its number
      multipliers: {cent: 100, ...}
      vague: {dizaines: 20, ...}
      rounded: {une trentaine: 30}    about as many
      and: et, و                      joins parts of a number
      lower, upper, near, exactly: phrases before a number; lower_after, upper_after: after it
      ordinals, not_counted: words after which a number is none of things
    time:                             until the time grammar reads the language, and for guards of tense
      words: hier, أمس                any of them in a clause dates its event

What words cannot say
---------------------

A language may have hooks in `habits`: for compound tenses, case endings, turned questions. A page without
hooks is read as its words say. `guarding` tells what happened from what is only mentioned in verb-first
languages, `standing` in subject-first ones, where `joining` also makes one event of the words of one act.
`trying` reads with a page that is not ours yet; docs/do/add-a-language.md goes through all of it.
"""

from __future__ import annotations

from holdfire.reading.prose.tongues.claims import lines, read_claims
from holdfire.reading.prose.tongues.lines import Line, sentences
from holdfire.reading.prose.tongues.saying import attributions, carries
from holdfire.reading.prose.tongues.telling import events
from holdfire.reading.prose.tongues.words import TONGUES, Tongue, tongue, trying

__all__ = [
    "TONGUES", "Line", "Tongue", "attributions", "carries", "events", "lines", "read_claims", "sentences",
    "tongue", "trying",
]  # fmt: skip
