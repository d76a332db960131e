"""The twenty problems of the simulation: two for each of ten categories, each with its exact answer."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One question with one right answer.

    `answer` is exact, in the notation of a calculator (`9*pi`, `3*x^2 - 4`, `1/6`); several values are
    separated by commas. `name` is what findings call the problem.
    """

    name: str
    category: str
    prompt: str
    answer: str


PROBLEMS: tuple[Problem, ...] = (
    Problem(
        name="arithmetic.sum",
        category="arithmetic",
        prompt="What is 2 + 3?",
        answer="5",
    ),
    Problem(
        name="arithmetic.percentage",
        category="arithmetic",
        prompt="What is 15 % of 240?",
        answer="36",
    ),
    Problem(
        name="algebra.linear",
        category="algebra",
        prompt="Solve for x: 3*x + 7 = 22.",
        answer="5",
    ),
    Problem(
        name="algebra.quadratic",
        category="algebra",
        prompt="Find both solutions of x^2 - 5*x + 6 = 0, the smaller one first.",
        answer="2, 3",
    ),
    Problem(
        name="geometry.circle",
        category="geometry",
        prompt="What is the area of a circle of radius 3?",
        answer="9*pi",
    ),
    Problem(
        name="geometry.midpoint",
        category="geometry",
        prompt="What is the midpoint of the points (1, 2) and (5, 8)?",
        answer="3, 5",
    ),
    Problem(
        name="calculus.derivative",
        category="calculus",
        prompt="What is the derivative of x^3 - 4*x with respect to x?",
        answer="3*x^2 - 4",
    ),
    Problem(
        name="calculus.integral",
        category="calculus",
        prompt="What is the integral of 3*x^2 from x = 0 to x = 2?",
        answer="8",
    ),
    Problem(
        name="trigonometry.sine",
        category="trigonometry",
        prompt="What is the sine of 30 degrees?",
        answer="1/2",
    ),
    Problem(
        name="trigonometry.cosine",
        category="trigonometry",
        prompt="What is cos(2*pi/3)?",
        answer="-1/2",
    ),
    Problem(
        name="logarithms.binary",
        category="logarithms",
        prompt="What is the logarithm of 32 to base 2?",
        answer="5",
    ),
    Problem(
        name="logarithms.natural",
        category="logarithms",
        prompt="What is the natural logarithm of e^3?",
        answer="3",
    ),
    Problem(
        name="probability.dice",
        category="probability",
        prompt="Two fair dice are rolled. What is the probability that they sum to 7?",
        answer="1/6",
    ),
    Problem(
        name="probability.coins",
        category="probability",
        prompt="Three fair coins are tossed. What is the probability of at least one head?",
        answer="7/8",
    ),
    Problem(
        name="number_theory.gcd",
        category="number theory",
        prompt="What is the greatest common divisor of 48 and 180?",
        answer="12",
    ),
    Problem(
        name="number_theory.remainder",
        category="number theory",
        prompt="What is the remainder of 7^100 divided by 13?",
        answer="9",
    ),
    Problem(
        name="series.naturals",
        category="series",
        prompt="What is the sum of the natural numbers from 1 to 100?",
        answer="5050",
    ),
    Problem(
        name="series.geometric",
        category="series",
        prompt="What is the sum of the infinite series 1 + 1/2 + 1/4 + 1/8 + ...?",
        answer="2",
    ),
    Problem(
        name="combinatorics.orders",
        category="combinatorics",
        prompt="In how many orders can 6 different books stand on a shelf?",
        answer="720",
    ),
    Problem(
        name="combinatorics.choices",
        category="combinatorics",
        prompt="In how many ways can 3 people be chosen from 10?",
        answer="120",
    ),
)
