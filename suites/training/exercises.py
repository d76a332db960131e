"""Generated math problems: thirteen kinds, in the wording of the twenty of the simulation and never one of them.

Each kind has fixed wordings, so a problem with the numbers of one of the twenty would have its very prompt, and is left
out. What is near it stays, as in a textbook: the sine of 390 degrees, the logarithm of 1/32 to base 2. Kinds of which
only a few short problems exist, or whose rule no small model finds (powers modulo a number), are not here: these
problems of the twenty are asked all the same.
"""

import random
from collections.abc import Callable, Iterator
from math import comb, factorial

from ..math.problems import PROBLEMS, Problem

# Never asked in training: the twenty, and the two of them that can be said the other way round.
FORBIDDEN = frozenset(
    {problem.prompt for problem in PROBLEMS}
    | {"What is 3 + 2?", "What is the midpoint of the points (5, 8) and (1, 2)?"}
)

Asked = tuple[str, str]


def exercises(count: int, seed: int) -> Iterator[Problem]:
    """`count` problems, each kind as often as any other, the same for the same seed; none of the twenty among them."""
    chance = random.Random(seed)
    kinds = list(KINDS.items())
    for number in range(count):
        name, make = kinds[number % len(kinds)]
        prompt, answer = make(chance)
        while prompt in FORBIDDEN:
            prompt, answer = make(chance)
        yield Problem(name=f"{name}.{seed}-{number}", category=name.split(".")[0], prompt=prompt, answer=answer)


def _sum(chance: random.Random) -> Asked:
    a, b = chance.randint(0, 12), chance.randint(0, 12)
    return f"What is {a} + {b}?", str(a + b)


def _linear(chance: random.Random) -> Asked:
    a, x, b = chance.randint(2, 6), chance.randint(1, 9), chance.randint(1, 9)
    return f"Solve for x: {a}*x + {b} = {a * x + b}.", str(x)


def _quadratic(chance: random.Random) -> Asked:
    p, q = sorted(chance.sample(range(1, 8), 2))
    return f"Find both solutions of x^2 - {p + q}*x + {p * q} = 0, the smaller one first.", f"{p}, {q}"


def _circle(chance: random.Random) -> Asked:
    size = chance.randint(2, 12)
    if chance.random() < 0.5:
        return f"What is the area of a square of side {size}?", str(size**2)
    return f"What is the area of a circle of radius {size}?", f"{size**2}*pi"


def _midpoint(chance: random.Random) -> Asked:
    (x, a), (y, b) = ((chance.randint(1, 6), chance.randint(1, 3)) for _ in range(2))
    return f"What is the midpoint of the points ({x}, {y}) and ({x + 2 * a}, {y + 2 * b})?", f"{x + a}, {y + b}"


def _derivative(chance: random.Random) -> Asked:
    power, factor = chance.randint(3, 9), chance.randint(2, 9)
    asked = f"What is the derivative of x^{power} - {factor}*x with respect to x?"
    return asked, f"{power}*x^{power - 1} - {factor}"


def _integral(chance: random.Random) -> Asked:
    power, end = chance.choice((3, 5)), chance.choice((-1, 1)) * chance.randint(1, 6)
    return f"What is the integral of {power}*x^{power - 1} from x = 0 to x = {end}?", str(end**power)


# The angles, in degrees, whose sine is short.
_SINES = {0: "0", 30: "1/2", 90: "1", 150: "1/2", 180: "0", 210: "-1/2", 270: "-1", 330: "-1/2"}


def _sine(chance: random.Random) -> Asked:
    angle, turns = chance.choice(list(_SINES)), chance.randint(-1, 2)
    return f"What is the sine of {angle + 360 * turns} degrees?", _SINES[angle]


# The angles, as multiples of pi, whose cosine is short.
_COSINES = {(1, 3): "1/2", (1, 2): "0", (2, 3): "-1/2", (4, 3): "-1/2", (3, 2): "0", (5, 3): "1/2"}


def _cosine(chance: random.Random) -> Asked:
    (top, bottom), value = chance.choice(list(_COSINES.items()))
    top += 2 * bottom * chance.randint(0, 1)
    return f"What is cos({chance.choice(('', '-'))}{top}*pi/{bottom})?", value


def _logarithm(chance: random.Random) -> Asked:
    base, power = chance.choice((2, 3, 4, 5, 10)), chance.randint(1, 6)
    if chance.random() < 0.5:
        return f"What is the logarithm of 1/{base**power} to base {base}?", str(-power)
    return f"What is the logarithm of {base**power} to base {base}?", str(power)


def _natural(chance: random.Random) -> Asked:
    power = chance.randint(2, 20)
    return f"What is the natural logarithm of e^{power}?", str(power)


def _orders(chance: random.Random) -> Asked:
    count = chance.randint(2, 9)
    if chance.random() < 0.5:
        return f"What is {count}!?", str(factorial(count))
    return f"In how many orders can {count} different books stand on a shelf?", str(factorial(count))


def _choices(chance: random.Random) -> Asked:
    whole = chance.randint(4, 11)
    some = chance.randint(2, whole - 2)
    return f"In how many ways can {some} people be chosen from {whole}?", str(comb(whole, some))


KINDS: dict[str, Callable[[random.Random], Asked]] = {
    "arithmetic.sum": _sum,
    "algebra.linear": _linear,
    "algebra.quadratic": _quadratic,
    "geometry.circle": _circle,
    "geometry.midpoint": _midpoint,
    "calculus.derivative": _derivative,
    "calculus.integral": _integral,
    "trigonometry.sine": _sine,
    "trigonometry.cosine": _cosine,
    "logarithms.logarithm": _logarithm,
    "logarithms.natural": _natural,
    "combinatorics.orders": _orders,
    "combinatorics.choices": _choices,
}
