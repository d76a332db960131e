"""SymPy proves every answer: each problem is stated again as an expression, and SymPy finds the answer itself."""

import ast
from collections import Counter
from itertools import product

import pytest
import sympy as sp
from sympy.parsing.sympy_parser import convert_xor, parse_expr, standard_transformations

from samedevice.suites.math.problems import PROBLEMS

x = sp.Symbol("x")
n = sp.Symbol("n", integer=True)


def share(outcomes, wanted):
    """The probability of `wanted` among equally likely outcomes, by counting them all."""
    outcomes = list(outcomes)
    return sp.Rational(sum(map(wanted, outcomes)), len(outcomes))


def midpoint():
    middle = sp.Point(1, 2).midpoint(sp.Point(5, 8))
    return middle.x, middle.y


# name -> (a fragment that the prompt must hold, what SymPy computes)
PROOFS = {
    "arithmetic.sum": ("2 + 3", lambda: (sp.Integer(2) + 3,)),
    "arithmetic.percentage": ("15 % of 240", lambda: (sp.Rational(15, 100) * 240,)),
    "algebra.linear": ("3*x + 7 = 22", lambda: tuple(sp.solve(sp.Eq(3 * x + 7, 22), x))),
    "algebra.quadratic": ("x^2 - 5*x + 6 = 0", lambda: tuple(sorted(sp.solve(sp.Eq(x**2 - 5 * x + 6, 0), x)))),
    "geometry.circle": ("radius 3", lambda: (sp.Circle(sp.Point(0, 0), 3).area,)),
    "geometry.midpoint": ("(1, 2) and (5, 8)", midpoint),
    "calculus.derivative": ("x^3 - 4*x", lambda: (sp.diff(x**3 - 4 * x, x),)),
    "calculus.integral": ("3*x^2 from x = 0 to x = 2", lambda: (sp.integrate(3 * x**2, (x, 0, 2)),)),
    "trigonometry.sine": ("30 degrees", lambda: (sp.sin(sp.rad(30)),)),
    "trigonometry.cosine": ("cos(2*pi/3)", lambda: (sp.cos(2 * sp.pi / 3),)),
    "logarithms.binary": ("32 to base 2", lambda: (sp.log(32, 2),)),
    "logarithms.natural": ("e^3", lambda: (sp.log(sp.E**3),)),
    "probability.dice": ("sum to 7", lambda: (share(product(range(1, 7), repeat=2), lambda roll: sum(roll) == 7),)),
    "probability.coins": ("at least one head", lambda: (share(product((0, 1), repeat=3), any),)),
    "number_theory.gcd": ("48 and 180", lambda: (sp.gcd(48, 180),)),
    "number_theory.remainder": ("7^100 divided by 13", lambda: (sp.Integer(7) ** 100 % 13,)),
    "series.naturals": ("from 1 to 100", lambda: (sp.summation(n, (n, 1, 100)),)),
    "series.geometric": ("1 + 1/2 + 1/4 + 1/8", lambda: (sp.summation(sp.Rational(1, 2) ** n, (n, 0, sp.oo)),)),
    "combinatorics.orders": ("6 different books", lambda: (sp.factorial(6),)),
    "combinatorics.choices": ("3 people be chosen from 10", lambda: (sp.binomial(10, 3),)),
}


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.name)
def test_sympy_proves_the_answer(problem):
    fragment, prove = PROOFS[problem.name]
    assert fragment in problem.prompt
    told = [
        parse_expr(part, local_dict={"x": x}, transformations=(*standard_transformations, convert_xor))
        for part in problem.answer.split(",")
    ]
    proved = prove()
    assert len(told) == len(proved)
    assert all(sp.simplify(ours - theirs) == 0 for ours, theirs in zip(told, proved, strict=True))


def test_answers_are_exact():
    for problem in PROBLEMS:
        tree = ast.parse(problem.answer.replace("^", "**"), mode="eval")
        assert not [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, float)]


def test_twenty_problems_two_for_each_category():
    assert len(PROBLEMS) == len({problem.name for problem in PROBLEMS}) == len({each.prompt for each in PROBLEMS}) == 20
    assert Counter(problem.category for problem in PROBLEMS) == dict.fromkeys(
        [
            "arithmetic",
            "algebra",
            "geometry",
            "calculus",
            "trigonometry",
            "logarithms",
            "probability",
            "number theory",
            "series",
            "combinatorics",
        ],
        2,
    )


def test_names_say_the_category():
    assert all(each.name.split(".")[0] == each.category.replace(" ", "_") for each in PROBLEMS)
