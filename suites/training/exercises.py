"""Generated math problems with worked solutions, in the wording of the twenty of the simulation and never one of them.

Each kind has fixed wordings, so a problem with the numbers of one of the twenty would have its very prompt, and is left
out. What a solution needs stays, as in a textbook, as a step of other problems: `2+3=5` in a sum of three, `sin 30=1/2`
under 390 degrees, `6!=720` where a factorial is asked. Steps are what lets a small model put known facts together in a
new problem: Nye et al. 2021, *Show Your Work* (arXiv:2112.00114). Kinds whose rule no small model finds (powers modulo
a number) or that have but a few problems (two dice) are not here; those problems of the twenty are asked all the same.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import comb, factorial

from ..math.problems import PROBLEMS

# Never asked in training: the twenty, and those of them that can be said the other way round.
FORBIDDEN = frozenset(
    {problem.prompt for problem in PROBLEMS}
    | {"What is 3 + 2?", "What is the midpoint of the points (5, 8) and (1, 2)?"}
)
# Between the steps and the answer, as in GSM8K.
MARK = "####"

Worked = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """A problem to learn from: `solution` is the steps, the mark and the answer."""

    prompt: str
    solution: str


def exercises(count: int, seed: int) -> Iterator[Exercise]:
    """`count` problems, the kinds in turn, the same for the same seed; none of the twenty among them."""
    chance = random.Random(seed)
    for number in range(count):
        make = KINDS[number % len(KINDS)]
        prompt, steps, answer = make(chance)
        while prompt in FORBIDDEN:
            prompt, steps, answer = make(chance)
        yield Exercise(prompt=prompt, solution=f"{steps} {MARK} {answer}".lstrip())


def answer_of(text: str) -> str:
    """What stands after the last mark, without the blanks around it; all of it where there is none."""
    return text.rpartition(MARK)[2].strip()


def _sum(chance: random.Random) -> Worked:
    if chance.random() < 0.4:
        whole, part = chance.randint(10, 29), chance.randint(1, 9)
        return f"What is {whole} - {part}?", f"{whole}-{part}={whole - part}", str(whole - part)
    first, *others = (chance.randint(0, 9) for _ in range(chance.choice((2, 3))))
    steps, total = [], first
    for other in others:
        steps.append(f"{total}+{other}={total + other}")
        total += other
    return f"What is {' + '.join(map(str, (first, *others)))}?", " ".join(steps), str(total)


def _linear(chance: random.Random) -> Worked:
    a, x, b = chance.randint(2, 5), chance.randint(1, 9), chance.randint(1, 9)
    total = a * x + b
    return f"Solve for x: {a}*x + {b} = {total}.", f"{total}-{b}={a * x} {a * x}/{a}={x}", str(x)


def _quadratic(chance: random.Random) -> Worked:
    p, q = sorted(chance.sample(range(1, 7), 2))
    sign, roots = chance.choice((("-", (p, q)), ("+", (-q, -p))))
    asked = f"Find both solutions of x^2 {sign} {p + q}*x + {p * q} = 0, the smaller one first."
    return asked, f"{p}*{q}={p * q} {p}+{q}={p + q}", f"{roots[0]}, {roots[1]}"


def _circle(chance: random.Random) -> Worked:
    size = chance.randint(2, 20)
    steps = f"{size}^2={size**2}"
    if chance.random() < 0.5:
        return f"What is the area of a square of side {size}?", steps, str(size**2)
    return f"What is the area of a circle of radius {size}?", steps, f"{size**2}*pi"


def _midpoint(chance: random.Random) -> Worked:
    (x, a), (y, b) = ((chance.randint(1, 5), chance.randint(1, 3)) for _ in range(2))
    ends = (x, x + 2 * a), (y, y + 2 * b)
    steps = " ".join(f"{one}+{two}={one + two} {one + two}/2={(one + two) // 2}" for one, two in ends)
    asked = f"What is the midpoint of the points ({x}, {y}) and ({x + 2 * a}, {y + 2 * b})?"
    return asked, steps, f"{x + a}, {y + b}"


def _derivative(chance: random.Random) -> Worked:
    power, factor = chance.randint(3, 9), chance.randint(2, 9)
    asked = f"What is the derivative of x^{power} - {factor}*x with respect to x?"
    return asked, "", f"{power}*x^{power - 1} - {factor}"


def _integral(chance: random.Random) -> Worked:
    power, end = chance.randint(2, 4), chance.randint(1, 5)
    steps, value = f"{end}^{power}={end**power}", str(end**power)
    if chance.random() < 0.5:
        return f"What is {end}^{power}?", steps, value
    inner = "x" if power == 2 else f"x^{power - 1}"
    return f"What is the integral of {power}*{inner} from x = 0 to x = {end}?", steps, value


# The angles, in degrees, whose sine is short.
_SINES = {0: "0", 30: "1/2", 90: "1", 150: "1/2", 180: "0", 210: "-1/2", 270: "-1"}


def _sine(chance: random.Random) -> Worked:
    angle, is_more = chance.choice(list(_SINES)), chance.random() < 0.5
    steps = f"{angle + 360}-360={angle} " * is_more + f"sin {angle}={_SINES[angle]}"
    return f"What is the sine of {angle + 360 * is_more} degrees?", steps, _SINES[angle]


# The angles, as multiples of pi, whose cosine is short.
_COSINES = {"pi/3": "1/2", "pi/2": "0", "2*pi/3": "-1/2", "4*pi/3": "-1/2", "3*pi/2": "0", "5*pi/3": "1/2"}


def _cosine(chance: random.Random) -> Worked:
    angle, value = chance.choice(list(_COSINES.items()))
    minus = chance.choice(("", "-"))
    return f"What is cos({minus}{angle})?", f"cos {angle}={value}", value


def _logarithm(chance: random.Random) -> Worked:
    base, power = chance.choice((2, 3, 10)), chance.randint(2, 6)
    steps = f"{base**power}={base}^{power}"
    if chance.random() < 0.5:
        return f"What is the logarithm of 1/{base**power} to base {base}?", steps, str(-power)
    return f"What is the logarithm of {base**power} to base {base}?", steps, str(power)


def _natural(chance: random.Random) -> Worked:
    power = chance.randint(2, 9)
    return f"What is the natural logarithm of e^{power}?", "", str(power)


def _orders(chance: random.Random) -> Worked:
    count = chance.randint(2, 8)
    steps, value = f"{count}!={factorial(count)}", str(factorial(count))
    if chance.random() < 0.5:
        return f"What is {count}!?", steps, value
    return f"In how many orders can {count} different books stand on a shelf?", steps, value


def _choices(chance: random.Random) -> Worked:
    whole = chance.randint(5, 11)
    some = chance.choice((2, 3, whole - 3, whole - 2))
    fewer = min(some, whole - some)
    steps = f"{whole}-{some}={fewer} " * (fewer != some) + f"{fewer} of {whole}={comb(whole, fewer)}"
    return f"In how many ways can {some} people be chosen from {whole}?", steps, str(comb(whole, some))


# In turn; sums and differences come more often, since their facts are many and other kinds' steps are made of them.
KINDS: tuple[Callable[[random.Random], Worked], ...] = (
    *(_sum,) * 4,
    *(_linear,) * 2,
    _quadratic,
    _circle,
    _midpoint,
    _derivative,
    _integral,
    _sine,
    _cosine,
    _logarithm,
    _natural,
    _orders,
    _choices,
)
