"""Which places (and other proper names: a company, a case) a text speaks of, found without a gazetteer.

A name is a run of pieces that letters keep writing right behind a higher place ("A2区|丽发新城"), or one that ends
like a place (小区, 大道, Street). What the dictionary knows as an everyday word is no name by itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from zhixing.ground.text.corpus import BREAK, OPENING, TITLE, Corpus, Ints, hashes
from zhixing.ground.text.words import HAN, STOP, cut, is_word, written_how_often

LONGEST_NAME = 4
"""Pieces."""
HIGHER = re.compile(
    rf"(?:[a-z]{{1,3}}\d{{0,3}}[省市区县州]|[{HAN}]{{1,6}}(?:省|市|区|县|镇|乡|街道|社区|村|州|路|大道))"
)
_REGION = re.compile(r"(?:[0-9a-z]{1,4}|.{2,4})[省市区县州]|全[省市区县国]|[省市区县州]")
_UNIT = re.compile(rf"(?:[0-9a-z]{{1,4}}|[一二三四五六七八九十]+)(?:[栋期号楼组]|单元|号线|期\d*)|\d+[{HAN}]?|[a-z]")
_ENDS = re.compile(
    r"(?:小区|家园|花园|花苑|佳苑|新村|新城|之城|社区|大厦|广场|公园|公寓|学校|中学|小学|大学|学院|医院|市场|国际|名邸|雅苑|"
    r"华庭|幼儿园|车站|工业园|开发区|园区|大桥|隧道|水库|中心|安置区|公司|[路街村镇乡桥巷湾苑园城府庭湖郡墅]|街道|大道)$"
)
_GENERIC = re.compile(r"(?:小区|社区|项目|楼盘)$")
_COARSE = re.compile(r"(?:街道|[镇乡县区市])$")
_ROAD = re.compile(r"(?:[路街]|大道)$")
_OFFICE = re.compile(r"(?:[局厅委队府院办处所]|部门|公司|集团)$")
COMMON = 1e-6
"""A word written oftener than this (share of all words) is an everyday word."""
_BESIDE = re.compile(
    "附近|旁|旁边|周边|边上|对面|门口|之间|中间|交汇处|交叉口|路口|沿线|临街|一带|业主|居民|村民|住户|修建|新建"
)
BEHIND = 0.4
"""Share of its uses that stand right behind a higher place."""
BEHIND_WITH_ENDING = 0.15
BEHIND_INSTITUTION = 0.3
_INSTITUTION = re.compile(r"(?:学校|[中小大]学|学院|医院|幼儿园|市场|公司|中心)$")
SAME_NAME = 0.6
"""A longer name that makes up this share of a shorter one's uses is the same name."""
TOO_MANY = 0.03
"""A name in more than this share of all texts tells no place (at least `FEW` texts are always allowed)."""
FEW = 40


@dataclass
class Places:
    names: list[str]
    mentions: sparse.csr_matrix
    """Text × name: how surely the text is about the place, 0 to 1, times how well the name tells places apart."""
    inside: sparse.csr_matrix
    """Text × piece: 1 where the piece is part of a name that the text mentions."""


def _windows(
    corpus: Corpus, here: Ints, length: int, mix: NDArray[np.uint64], fits: NDArray[np.bool_]
) -> tuple[Ints, NDArray[np.uint64]]:
    """Of the places `here` of `flat`, those where `length` fitting pieces begin, and the key of each run."""
    here = here[here + length <= len(corpus.flat)]
    keys = np.zeros(len(here), np.uint64)
    good = np.ones(len(here), bool)
    for step in range(length):
        number = corpus.flat[here + step]
        good &= fits[number]
        keys = keys * np.uint64(0x9E3779B97F4A7C15) + mix[number]
    return here[good], keys[good]


@dataclass
class _Kinds:
    """Of each piece of the vocabulary."""

    fits: NDArray[np.bool_]
    begins: NDArray[np.bool_]
    higher: NDArray[np.bool_]
    common: NDArray[np.bool_]
    mix: NDArray[np.uint64]


def _kinds(pieces: list[str]) -> _Kinds:
    shares = written_how_often()
    word = np.array([is_word(piece) for piece in pieces])
    word[BREAK] = False
    stop = np.array([piece in STOP for piece in pieces])
    link = np.array([piece == "之" for piece in pieces])
    unit = np.array([_UNIT.fullmatch(piece) is not None and not piece.isdigit() for piece in pieces])
    higher = np.array([HIGHER.fullmatch(piece) is not None for piece in pieces])
    common = np.array([shares.get(piece, 0.0) > COMMON or len(piece) == 1 for piece in pieces])
    region = np.array([(_REGION.fullmatch(piece) or _BESIDE.fullmatch(piece)) is not None for piece in pieces])
    fits = word & (~stop | link) & ~unit & ~region
    return _Kinds(fits, fits & ~link, higher, common, hashes(pieces))


def _mine(corpus: Corpus, kinds: _Kinds) -> dict[str, set[int]]:
    """Name → the keys that write it (one name may be cut in several ways)."""
    rows = corpus.rows()
    near = np.flatnonzero((corpus.zone <= OPENING) & kinds.begins[corpus.flat])
    found: dict[str, set[int]] = {}
    most = max(FEW, TOO_MANY * corpus.size)
    for length in range(1, LONGEST_NAME + 1):
        at, keys = _windows(corpus, near, length, kinds.mix, kinds.fits)
        if not len(at):
            continue
        order = np.argsort(keys, kind="stable")
        at, keys = at[order], keys[order]
        first = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]])
        fresh = np.r_[True, (keys[1:] != keys[:-1]) | (rows[at[1:]] != rows[at[:-1]])]
        uses = np.add.reduceat(fresh.astype(np.int64), first)
        behind = kinds.higher[corpus.flat[np.maximum(at - 1, 0)]] & (at > 0)
        led = np.add.reduceat((behind & fresh).astype(np.int64), first)
        least = 2 if corpus.size > 30 else 1
        for index in np.flatnonzero((led >= 1) & (uses >= least) & (uses <= most)):
            place = int(at[first[index]])
            run = corpus.flat[place : place + length]
            if length > 1 and kinds.higher[run[0]]:
                continue
            name = "".join(corpus.pieces[number] for number in run)
            if not 2 <= len(name) <= 12 or (HIGHER.fullmatch(name) and len(name) < 4):
                continue
            ends = (length > 1 or len(name) > 3) and _ENDS.search(name) is not None
            if kinds.common[run].all() and not ends:
                continue
            share = led[index] / uses[index]
            kind_of_thing = kinds.common[run].all()  # 普惠性幼儿园 is no name, 魅力之城 is one
            enough = BEHIND_INSTITUTION if _INSTITUTION.search(name) else BEHIND_WITH_ENDING
            if (share >= BEHIND and led[index] >= least) or (ends and share >= enough and not kind_of_thing):
                found.setdefault(name, set()).add(int(keys[first[index]]))
    return {name: keys for name, keys in found.items() if not _only_goes_on(name, found)}


def _only_goes_on(name: str, found: dict[str, set[int]]) -> bool:
    """Is it a name with what is said of it ("丽发新城噪音扰民")?"""
    if _ENDS.search(name):
        return False
    return any(
        name[:length] in found and all(piece in written_how_often() or len(piece) == 1
                                       for piece in cut(name[length:]))
        for length in range(2, len(name))
    )


def _mention(
    corpus: Corpus, kinds: _Kinds, found: dict[str, set[int]]
) -> tuple[list[str], Ints, Ints, Ints, Ints]:
    """Where the names stand: names, then (row, name, place in flat, pieces) of every mention."""
    names = sorted(found)
    keys = np.array([key for name in names for key in sorted(found[name])], np.uint64)
    of_key = np.array([number for number, name in enumerate(names) for _ in found[name]], np.int64)
    order = np.argsort(keys, kind="stable")
    keys, of_key = keys[order], of_key[order]
    rows = corpus.rows()
    found_at: list[Ints] = []
    found_name: list[Ints] = []
    found_length: list[Ints] = []
    begin = np.flatnonzero(kinds.begins[corpus.flat])
    for length in range(1, LONGEST_NAME + 1):
        at, run = _windows(corpus, begin, length, kinds.mix, kinds.fits)
        if not len(at) or not len(keys):
            continue
        where = np.minimum(np.searchsorted(keys, run), len(keys) - 1)
        hit = keys[where] == run
        found_at.append(at[hit])
        found_name.append(of_key[where[hit]])
        found_length.append(np.full(int(hit.sum()), length))
    if not found_at:
        empty = np.zeros(0, np.int64)
        return names, empty, empty, empty, empty
    at = np.concatenate(found_at)
    return names, rows[at], np.concatenate(found_name), at, np.concatenate(found_length)


def _same(names: list[str], uses: Ints) -> Ints:
    """Name → the number of the name that stands for it: generic endings off; a name that is nearly always
    written longer is the longer one."""
    number = {name: index for index, name in enumerate(names)}
    stands = np.arange(len(names))
    longer: dict[str, list[int]] = {}
    for index, name in enumerate(names):
        for cut_off in range(2, len(name)):
            longer.setdefault(name[:cut_off], []).append(index)
    for index in sorted(range(len(names)), key=lambda i: (-len(names[i]), names[i])):
        name = names[index]
        base = _GENERIC.sub("", name)
        if base != name and base in number:
            stands[index] = number[base]
            continue
        heirs = [i for i in longer.get(name, []) if uses[i] >= SAME_NAME * uses[index] and stands[i] != index]
        if heirs:
            stands[index] = max(heirs, key=lambda i: (uses[i], -len(names[i]), names[i]))
    for _ in range(len(names)):
        following = stands[stands]
        if (following == stands).all():
            break
        stands = following
    return stands


def _family(which: Ints, at: Ints, length: Ints, names: int) -> NDArray[np.bool_]:
    """Names that stand mostly at the head of several longer ones (a developer, a chain of schools)."""
    order = np.lexsort((which, length, at))
    last = np.r_[at[order][1:] != at[order][:-1], True]
    longest = np.zeros(int(at.max()) + 1, np.int64)
    longest[at[order][last]] = which[order][last]
    covered = np.bincount(which[longest[at] != which], minlength=names)
    return covered >= 0.5 * np.maximum(1, np.bincount(which, minlength=names))


def _tells(name: str, uses: int, size: int, family: bool) -> float:
    """How well a name tells one place from another, 0 to 1."""
    if _COARSE.search(name) or _OFFICE.search(name):
        kind = 0.4
    elif family:
        kind = 0.5
    elif _ROAD.search(name):
        kind = 0.7
    else:
        kind = 1.0
    share = uses / max(1, size)
    wide = 1.0 if uses <= FEW or share <= 0.015 else max(0.3, 1.0 - np.log(share / 0.015) / np.log(6))
    return float(kind * wide)


def find_places(corpus: Corpus) -> Places:
    kinds = _kinds(corpus.pieces)
    names, rows, which, at, length = _mention(corpus, kinds, _mine(corpus, kinds))
    size = corpus.size
    if not len(rows):
        return Places([], sparse.csr_matrix((size, 0)), sparse.csr_matrix((size, len(corpus.pieces))))
    once = sparse.csr_matrix((np.ones(len(rows)), (rows, which)), (size, len(names)))
    uses = np.asarray((once > 0).sum(0)).ravel().astype(np.int64)
    which = _same(names, uses)[which]
    family = _family(which, at, length, len(names))
    zone = corpus.zone[at]
    sure = np.where(zone == TITLE, 1.0, np.where(zone == OPENING, 0.9, 0.5))
    count = sparse.csr_matrix((np.ones(len(rows)), (rows, which)), (size, len(names)))
    order = np.lexsort((-sure, which, rows))
    r, w, s = rows[order], which[order], sure[order]
    first = np.r_[True, (r[1:] != r[:-1]) | (w[1:] != w[:-1])]
    r, w, s = r[first], w[first], s[first]
    s = np.where((s < 0.8) & (np.asarray(count[r, w]).ravel() > 1), 0.7, s)
    uses = np.bincount(w, minlength=len(names))
    tells = np.array([
        _tells(name, int(use), size, bool(of_many))
        for name, use, of_many in zip(names, uses, family, strict=True)
    ])
    mentions = sparse.csr_matrix((s * np.sqrt(tells[w]), (r, w)), (size, len(names)))
    parts_row = np.concatenate([rows[length > step] for step in range(LONGEST_NAME)])
    parts = np.concatenate([corpus.flat[at[length > step] + step] for step in range(LONGEST_NAME)])
    inside = sparse.csr_matrix((np.ones(len(parts)), (parts_row, parts)), (size, len(corpus.pieces)))
    inside.data[:] = 1.0
    return Places(names, mentions, inside)
