"""Markdown: headings, lists, ticked boxes, bold labels and tables."""

import pytest

from tests.bank.formats.reading import read, shorts

pytestmark = pytest.mark.pure

BLOCKS = """# 题库

## 单选题

### 1. 甲？
- A. 子
- B. **丑**

**答案：** B

> 解析：因为。

---

### 2. 哪些？（多选）
A. 子
B. 丑

✅ 正确答案：A, B
🔍 解析：都对

## 二、判断题

### 1. 丙。

**答案：** ✘ 错误

## 三、场景题

### 场景 1

有一家支部：

* 开会；

应当？

A. 子

B. 丑

**答案：** A

### 选哪些？

- [x] 子
- [ ] 丑
- [x] 寅
"""


def test_blocks() -> None:
    found = read(BLOCKS, "a.md")
    assert shorts(found) == [
        (5, "single", "甲？", ("子", "丑"), "B"),
        (15, "multiple", "哪些？", ("子", "丑"), "AB"),
        (24, "truefalse", "丙。", (), False),
        (32, "single", "有一家支部：\n开会；\n应当？", ("子", "丑"), "A"),
        (44, "multiple", "选哪些？", ("子", "丑", "寅"), "AC"),
    ]
    assert [d.explanation for d in found.drafts[:2]] == ["因为。", "都对"]


def test_tables() -> None:
    text = (
        "# 题\n\n| 题目 | A | B | 答案 |\n|---|:-:|---|---|\n"
        "| 甲？ | 子 | 丑 | B |\n| 乙\\|丙？ | 子 | 丑 | 子 |\n"
    )
    found = read(text, "a.md")
    assert shorts(found) == [
        (5, "single", "甲？", ("子", "丑"), "B"),
        (6, "single", "乙|丙？", ("子", "丑"), "A"),
    ]
    assert "第 3 行是表头" in found.recognised
