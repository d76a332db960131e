"""Exercises are right, by SymPy and by the steps themselves, and none is one of the twenty."""

import math
import re
from fractions import Fraction

import pytest
import sympy

from samedevice.suites.math.problems import PROBLEMS
from samedevice.suites.training.exercises import FORBIDDEN, KINDS, answer_of, exercises

ALL = list(exercises(400 * len(KINDS), 3))
# `sin 90=1` and `2 of 5=10` are told in words: the answers below are theirs.
STEP = re.compile(r"(?<!sin )(?<!of )(?<!\S)(\S+)=(-?\d+)(?= |$)")


def test_the_twenty_are_never_among_them():
    asked = {problem.prompt for problem in PROBLEMS}
    assert asked < FORBIDDEN
    assert not {one.prompt for one in ALL} & FORBIDDEN


def test_every_kind_comes():
    starts = [re.sub(r"[\d\W]+", " ", one.prompt)[:18] for one in ALL]
    assert len(ALL) == len(KINDS) * 400
    assert len(set(starts)) >= len(set(KINDS))
    assert list(exercises(50, 1)) == list(exercises(50, 1)) != list(exercises(50, 2))


@pytest.mark.parametrize("position", range(len(KINDS)))
def test_every_step_is_true(position):
    for one in ALL[position :: len(KINDS)][:100]:
        steps = one.solution.rpartition("####")[0]
        for left, right in STEP.findall(steps):
            if re.fullmatch(r"[\d+\-*/^!]+", left):
                expression = re.sub(r"(\d+)!", r"factorial(\1)", left).replace("^", "**")
                assert sympy.sympify(expression) == int(right), one


def answers(pattern):
    return [(found.groups(), answer_of(one.solution)) for one in ALL if (found := re.fullmatch(pattern, one.prompt))]


def test_answers_are_right():
    checks = {
        r"Solve for x: (\d)\*x \+ (\d) = (\d+)\.": lambda a, b, c: str((int(c) - int(b)) // int(a)),
        r"What is the area of a circle of radius (\d+)\?": lambda r: f"{int(r) ** 2}*pi",
        r"What is the logarithm of (\d+) to base (\d+)\?": lambda n, b: str(round(math.log(int(n), int(b)))),
        r"What is the logarithm of 1/(\d+) to base (\d+)\?": lambda n, b: str(-round(math.log(int(n), int(b)))),
        r"In how many orders can (\d+) different .*": lambda n: str(math.factorial(int(n))),
        r"In how many ways can (\d+) people be chosen from (\d+)\?": lambda k, n: str(math.comb(int(n), int(k))),
        r"What is the natural logarithm of e\^(\d+)\?": lambda n: n,
        r"What is the sine of (\d+) degrees\?": lambda a: str(sympy.sin(sympy.rad(int(a)))),
        r"What is cos\((.*)\)\?": lambda a: str(sympy.cos(sympy.sympify(a))),
        r"What is the integral of (.*) from x = 0 to x = (\d)\?": lambda f, e: str(
            sympy.integrate(sympy.sympify(f.replace("^", "**")), (sympy.Symbol("x"), 0, int(e)))
        ),
        r"What is the derivative of (.*) with respect to x\?": lambda f: str(
            sympy.diff(sympy.sympify(f.replace("^", "**")))
        ).replace("**", "^"),
    }
    for pattern, right in checks.items():
        found = answers(pattern)
        assert found, pattern
        for groups, answer in set(found):
            assert answer == right(*groups), (pattern, groups)


def test_pairs_of_answers_are_right():
    for (sign, total, product), answer in answers(r"Find both solutions of x\^2 ([+-]) (\d+)\*x \+ (\d+) = 0.*"):
        roots = sorted(sympy.roots([1, int(f"{sign}{total}"), int(product)]))
        assert answer == ", ".join(map(str, roots))
    for groups, answer in answers(r"What is the midpoint of the points \((\d+), (\d+)\) and \((\d+), (\d+)\)\?"):
        a, b, c, d = map(int, groups)
        assert answer == f"{Fraction(a + c, 2)}, {Fraction(b + d, 2)}"


def test_the_answer_stands_after_the_last_mark():
    assert answer_of("2+2=4 #### 4") == answer_of("#### 3 #### 4 ") == answer_of(" 4") == "4"
