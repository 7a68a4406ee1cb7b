"""Features: records as rows of numbers, one column per word or pair of neighbouring words, so that they can be compared.

A count c of a term becomes 1 + log c, times log((1 + n) / (1 + df)) + 1 where df of the n records have the term (so
rare terms say more), and every row is then made one unit long (TF-IDF; Salton & Buckley 1988, doi
10.1016/0306-4573(88)90021-0). Terms in more than 95 per cent of the records are left out. A term that only one record
has can make no record like another: it counts in the length of its row, and has no column.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.screen.methods import words as wording
from whatworks.screen.methods.words import Vocabulary, numbered

VERSION = f"tfidf-1/{wording.VERSION}"
COMMON = 0.95  # a term in a larger share of the records is left out
FEWEST = 2  # and so is one in fewer records than this
AT_ONCE = 8192  # records whose terms are counted together: bounds the memory that counting needs

_Ints = NDArray[np.int64]
_Floats = NDArray[np.float32]
_PAIR = 1 << 32  # keys from here on are pairs


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """Records as unit rows of a sparse matrix (float32), and what is needed to put another text beside them.

    `terms` are the columns' keys, rising: the number of a word, or (number + 1) * 2^32 + number of the next for a pair;
    so the columns of words come before those of pairs. `alone` and `lone` are each row's squared length and sum in terms
    that no other record has. `digest` says which texts these are and by which version they were read: equal digests, equal features.
    """

    matrix: sparse.csr_matrix
    vocabulary: Mapping[str, int]
    terms: _Ints
    weights: NDArray[np.float32]
    alone: NDArray[np.float32]
    lone: NDArray[np.float32]
    digest: str

    def __len__(self) -> int:
        return int(self.matrix.shape[0])

    def vector(self, text: str) -> NDArray[np.float32]:
        """A text as a unit row in the same columns; zero where it shares no term with any record."""
        said = [self.vocabulary[word] for word in wording.words(text) if word in self.vocabulary]
        keys = _terms(np.array(said, dtype=np.int64), np.array([len(said)]))[0]
        distinct, counts = np.unique(keys, return_counts=True)
        row = np.zeros(len(self.terms), dtype=np.float32)
        if not len(self.terms):
            return row
        places = np.minimum(np.searchsorted(self.terms, distinct), len(self.terms) - 1)
        known = self.terms[places] == distinct
        row[places[known]] = (1 + np.log(counts[known])) * self.weights[places[known]]
        length = float(np.linalg.norm(row))
        return row / length if length else row


def features(titles: Sequence[str], abstracts: Sequence[str]) -> Features:
    """The features of records by their titles and abstracts, either of which may be empty.

    Time and memory grow with the words: about 0.1 ms and 3 KB per abstract. InputError where the two differ in number.
    """
    if len(titles) != len(abstracts):
        raise InputError(
            said(
                "There are %(count)s titles and %(abstracts)s abstracts; give one of each per record.",
                count=len(titles),
                abstracts=len(abstracts),
            )
        )
    vocabulary, parts = Vocabulary(), []
    for start in range(0, len(titles), AT_ONCE):
        fields = (titles[start : start + AT_ONCE], abstracts[start : start + AT_ONCE])
        parts.append(_counted([numbered(field, vocabulary.__getitem__) for field in fields]))
    terms, df = _all_terms(parts)
    heard = df <= max(COMMON * len(titles), FEWEST)
    telling = heard & (df >= FEWEST)
    weights = np.where(heard, np.log((1 + len(titles)) / (1 + df)) + 1, 0).astype(np.float32)
    done = [(sparse.csr_matrix((0, 0), dtype=np.float32), np.zeros(0, np.float32), np.zeros(0, np.float32))]
    if parts:
        # Each part is let go before the next is weighed, so that a large table is held once and not twice.
        done = [_weighted(*parts.pop(0), terms, weights, telling) for _ in range(len(parts))]
    rows, alone, lone = zip(*done, strict=True)
    return Features(
        matrix=sparse.vstack(rows, format="csr", dtype=np.float32),
        vocabulary=dict(vocabulary),
        terms=terms[telling],
        weights=weights[telling],
        alone=np.concatenate(alone),
        lone=np.concatenate(lone),
        digest=_digest(titles, abstracts),
    )


def _terms(said: _Ints, lengths: _Ints) -> tuple[_Ints, _Ints]:
    """The keys of all words and of all pairs of neighbours within a text, and the text of each."""
    text = np.repeat(np.arange(len(lengths)), lengths)
    within = text[1:] == text[:-1]
    pairs = ((said[:-1] + 1) * _PAIR + said[1:])[within]
    return np.concatenate([said, pairs]), np.concatenate([text, text[1:][within]])


def _counted(fields: Sequence[tuple[_Ints, _Ints]]) -> tuple[sparse.csr_matrix, _Ints]:
    """How often each record has each term, the fields taken together, and the key of each column."""
    keys, records = (np.concatenate(part) for part in zip(*(_terms(*field) for field in fields), strict=True))
    terms, column = np.unique(keys, return_inverse=True)
    shape = (len(fields[0][1]), len(terms))
    counts = sparse.coo_matrix((np.ones(len(keys), dtype=np.float32), (records, column)), shape=shape).tocsr()
    counts.sum_duplicates()
    return counts, terms


def _all_terms(parts: Sequence[tuple[sparse.csr_matrix, _Ints]]) -> tuple[_Ints, _Ints]:
    """The keys of all terms, rising, and how many records have each."""
    terms = np.unique(np.concatenate([keys for _, keys in parts])) if parts else np.zeros(0, dtype=np.int64)
    df = np.zeros(len(terms), dtype=np.int64)
    for counts, keys in parts:
        df[np.searchsorted(terms, keys)] += np.bincount(counts.indices, minlength=len(keys))
    return terms, df


def _weighted(
    counts: sparse.csr_matrix, keys: _Ints, terms: _Ints, weights: _Floats, telling: NDArray[np.bool_]
) -> tuple[sparse.csr_matrix, _Floats, _Floats]:
    """Rows of unit length in the telling columns; what each has in the others: its squared length, and its sum."""
    at = np.searchsorted(terms, keys)
    rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    counts.data = (1 + np.log(counts.data)) * weights[at][counts.indices]
    lengths = np.sqrt(np.bincount(rows, counts.data.astype(np.float64) ** 2, minlength=counts.shape[0]))
    counts.data = (counts.data / np.where(lengths > 0, lengths, 1)[rows]).astype(np.float32)
    own, kept = counts[:, ~telling[at]], counts[:, telling[at]]
    places = (np.cumsum(telling) - 1).astype(np.int32)[at[telling[at]]]
    shape = (counts.shape[0], int(telling.sum()))
    whole = sparse.csr_matrix((kept.data, places[kept.indices], kept.indptr), shape=shape)
    alone, lone = (np.asarray(one.sum(axis=1), dtype=np.float32).ravel() for one in (own.multiply(own), own))
    return whole, alone, lone


def _digest(titles: Iterable[str], abstracts: Iterable[str]) -> str:
    """SHA-256 over the version and every text with its length, so that no two tables run together."""
    said = hashlib.sha256(VERSION.encode())
    for title, abstract in zip(titles, abstracts, strict=True):
        for text in (title, abstract):
            raw = text.encode("utf-8", "surrogatepass")
            said.update(len(raw).to_bytes(8, "big"))
            said.update(raw)
    return said.hexdigest()
