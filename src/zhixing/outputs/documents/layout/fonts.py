"""Fonts of the official layout, by name, with what stands in for them where they are not installed.

A .docx names one font and, in its font table, the names that may replace it. LibreOffice asks fontconfig; the
same lists are handed to it as aliases, so that a machine without the official fonts still prints song for
song and kai for kai."""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import escape


@dataclass(frozen=True)
class Font:
    """`name` stands in the document; `instead` are tried in turn where it is missing. `bold`: the stand-ins
    come in bold, to look like the original."""

    name: str
    instead: tuple[str, ...]
    family: str = "auto"
    bold: bool = False


FANGSONG = Font("仿宋_GB2312", (
    "仿宋", "FangSong", "FangSong_GB2312", "STFangsong", "华文仿宋", "方正仿宋_GBK", "FZFangSong-Z02",
    "Source Han Serif SC", "Noto Serif CJK SC", "AR PL SungtiL GB", "SimSun"), "roman")
XIAOBIAOSONG = Font("方正小标宋简体", (
    "FZXiaoBiaoSong-B05S", "方正小标宋_GBK", "FZXiaoBiaoSong-B05", "华文中宋", "STZhongsong",
    "Noto Serif CJK SC", "Source Han Serif SC", "SimSun"), "roman", bold=True)
HEITI = Font("黑体", (
    "SimHei", "STHeiti", "方正黑体_GBK", "Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Zen Hei"),
    "swiss")
KAITI = Font("楷体_GB2312", (
    "楷体", "KaiTi", "KaiTi_GB2312", "STKaiti", "华文楷体", "AR PL KaitiM GB", "AR PL UKai CN",
    "Noto Serif CJK SC"), "script")
SONGTI = Font("宋体", ("SimSun", "STSong", "Noto Serif CJK SC", "AR PL SungtiL GB"), "roman")
SERIF = Font("Times New Roman", ("Liberation Serif", "Tinos", "Noto Serif CJK SC", "DejaVu Serif"), "roman")
SANS = Font("Arial", ("Liberation Sans", "Arimo", "Noto Sans CJK SC", "DejaVu Sans"), "swiss")

ALL = (FANGSONG, XIAOBIAOSONG, HEITI, KAITI, SONGTI, SERIF, SANS)


def table() -> str:
    """word/fontTable.xml."""
    fonts = "".join(
        f'<w:font w:name="{escape(font.name)}"><w:altName w:val="{escape(",".join(font.instead))}"/>'
        f'<w:family w:val="{font.family}"/><w:pitch w:val="variable"/></w:font>'
        for font in ALL)
    return ('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:fonts xmlns:w='
            f'"http://schemas.openxmlformats.org/wordprocessingml/2006/main">{fonts}</w:fonts>')


def aliases() -> str:
    """A fontconfig file: the machine's own settings and the stand-ins."""
    found = "".join(
        f'<alias binding="same"><family>{escape(font.name)}</family><prefer>'
        + "".join(f"<family>{escape(name)}</family>" for name in (font.name, *font.instead))
        + "</prefer></alias>"
        + (_bold(font.name) if font.bold else "")
        for font in ALL)
    return ('<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">\n<fontconfig>'
            f'{found}<include ignore_missing="yes">/etc/fonts/fonts.conf</include></fontconfig>')


def _bold(name: str) -> str:
    return ('<match target="pattern"><test name="family" qual="any"><string>' + escape(name)
            + '</string></test><edit name="weight" mode="assign" binding="strong"><const>bold</const></edit>'
            '</match>')
