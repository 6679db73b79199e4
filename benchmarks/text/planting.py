"""Copies planted in real reports, for measuring only: the detector never sees this table of synonyms.

Levels add up: L1 exact; L2 places, figures and years changed; L3 sentences shuffled and a tenth of the clauses
dropped; L4a, b, c 10, 20, 30 % of the words replaced; L6 is L4c with clauses shuffled and fillers put in.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

import rjieba

LEVELS = ("L1", "L2", "L3", "L4a", "L4b", "L4c", "L6")
SYNONYMS = {
    word: group
    for line in (
        "推进 推动 促进", "加强 强化 增强", "提高 提升 增进", "建设 打造 构建", "实施 开展 落实", "完善 健全 改进",
        "加快 加速 抓紧", "发展 壮大 进步", "重点 关键 要点", "全面 全方位 整体", "深入 深化 扎实", "支持 扶持 帮助",
        "服务 保障 效劳", "创新 革新 开创", "改革 变革 改制", "工作 事务 任务", "经济 产业 财经", "企业 厂商 公司",
        "项目 工程 课题", "持续 不断 连续", "积极 主动 踊跃", "有效 切实 有力", "保持 维持 坚守", "实现 达成 完成",
        "增长 上升 增加", "城市 都市 城镇", "农村 乡村 乡间", "群众 百姓 市民", "社会 民间 公众", "管理 治理 管控",
        "坚持 秉持 恪守", "优化 改善 调优", "提供 给予 供给", "开放 敞开 对外", "安全 平安 稳固", "教育 教学 培育",
        "环境 生态 氛围", "科技 技术 科学", "人才 英才 人员", "机制 制度 体制", "能力 本领 水平", "质量 品质 成色",
        "目标 指标 方向", "突出 凸显 着重", "扩大 拓展 增大", "培育 孵化 养成", "统筹 兼顾 协调", "确保 保证 务必",
        "引导 带动 指引", "增强 提振 加大", "居民 住户 民众", "投资 投入 注资", "消费 花费 购买", "市场 商场 行情",
        "国家 我国 全国", "新增 增添 添加", "达到 超过 抵达", "基础 根基 底子", "领域 方面 范围", "行动 举措 动作",
    )
    for group in [line.split()]
    for word in group
}
FILLERS = ("总的来看，", "可以说，", "与此同时，", "在此基础上，", "从实际出发，", "应当看到，", "具体而言，")
PLACES = ("江州", "海宁", "云岭", "北原", "南浦", "西川", "东港")


@dataclass(frozen=True)
class Planted:
    """The text with the copy, and where the copy stands in it and its source in the other."""

    text: str
    start: int
    end: int
    source_start: int
    source_end: int


def _figures(text: str, chance: random.Random) -> str:
    text = re.sub(r"\d", lambda m: str((int(m.group()) + chance.randint(1, 9)) % 10), text)
    return re.sub(r"[\u4e00-\u9fff]{2}(?=[省市县区])", lambda m: chance.choice(PLACES), text)


def _shuffled(text: str, chance: random.Random) -> str:
    sentences = re.findall(r"[^。；]+[。；]?", text)
    chance.shuffle(sentences)
    kept = []
    for sentence in sentences:
        clauses = re.findall(r"[^，。；]+[，。；]?", sentence)
        kept += [clause for clause in clauses if len(clauses) == 1 or chance.random() >= 0.1]
    return "".join(kept)


def _reworded(text: str, share: float, chance: random.Random) -> str:
    words = rjieba.cut(text)
    can = [place for place, word in enumerate(words) if word in SYNONYMS]
    two = [place for place, word in enumerate(words) if len(word) == 2 and word not in SYNONYMS]
    chance.shuffle(can)
    chance.shuffle(two)
    wanted = round(share * sum(len(word) > 1 for word in words))
    every = sorted(SYNONYMS)
    for place in (can + two)[:wanted]:  # where the table has no synonym, any other word: harder than a real author
        known = SYNONYMS.get(words[place])
        words[place] = chance.choice([w for w in known if w != words[place]] if known else every)
    return "".join(words)


def _clauses(text: str, chance: random.Random) -> str:
    clauses = re.findall(r"[^，。；]+[，。；]?", text)
    chance.shuffle(clauses)
    return "".join(chance.choice(FILLERS) + c if chance.random() < 0.2 else c for c in clauses)


def disguise(text: str, level: str, chance: random.Random) -> str:
    if level == "L1":
        return text
    text = _figures(text, chance)
    if level == "L2":
        return text
    text = _shuffled(text, chance)
    share = {"L3": 0.0, "L4a": 0.1, "L4b": 0.2, "L4c": 0.3, "L6": 0.3}[level]
    text = _reworded(text, share, chance)
    return _clauses(text, chance) if level == "L6" else text


def plant(source: str, into: str, level: str, kind: str, chance: random.Random) -> Planted:
    """A paragraph (`para`) or 80–200 characters (`run`) of `source` in a random place of `into`."""
    paragraphs = [m for m in re.finditer(r"[^\n]+", source) if len(m.group()) >= 120]
    chosen = chance.choice(paragraphs)
    begin, end = chosen.span()
    if kind == "run":
        length = chance.randint(80, 200)
        begin = chance.randint(begin, max(begin, end - length))
        end = min(end, begin + length)
    copied = disguise(source[begin:end], level, chance)
    hosts = [m for m in re.finditer(r"[^\n]+", into) if len(m.group()) >= 120]
    host = chance.choice(hosts)
    at = host.end() if kind == "para" else host.start() + chance.randint(20, len(host.group()) - 20)
    if kind == "para":
        copied = "\n" + copied + "\n"
        return Planted(into[:at] + copied + into[at:], at + 1, at + len(copied) - 1, begin, end)
    return Planted(into[:at] + copied + into[at:], at, at + len(copied), begin, end)

