"""A cursor over the text of a path, which tells positions as Jayway's messages do.

Only spaces count as blank, and a position out of bounds is Java's exception by name: Jayway rejects a path with it.
It knows nothing of the grammar.
"""

from __future__ import annotations

from pytest_sfn_sync.asl.json_paths.faults import PathSyntaxError

NOWHERE = -1


class OutOfBoundsError(Exception):
    """The text ended where a character was looked for."""

    def __init__(self, position: int) -> None:
        super().__init__(f"java.lang.StringIndexOutOfBoundsException: String index out of range: {position}")


class Characters:
    """A text with a position; ``end`` is the last position that counts.

    ``keeps_foreign_quotes`` says that ``\\"`` between single quotes is no escape, nor ``\\'`` between double ones.
    """

    __slots__ = ("end", "keeps_foreign_quotes", "position", "text")

    def __init__(self, text: str, *, keeps_foreign_quotes: bool = False) -> None:
        self.text = text
        self.keeps_foreign_quotes = keeps_foreign_quotes
        self.position = 0
        self.end = len(text) - 1

    def trim(self) -> None:
        """Leave blanks at both ends out."""
        self.skip_blanks()
        while self.position < self.end and self.text[self.end] == " ":
            self.end -= 1

    def skip_blanks(self) -> None:
        """Move to the next character that is no blank."""
        while self.position < self.end and self.text[self.position] == " ":
            self.position += 1

    def at(self, position: int) -> str:
        """The character at a position; raises `OutOfBoundsError`."""
        if not 0 <= position < len(self.text):
            raise OutOfBoundsError(position)
        return self.text[position]

    @property
    def current(self) -> str:
        """The character at the position; raises `OutOfBoundsError`."""
        return self.at(self.position)

    @property
    def is_tail(self) -> bool:
        """Whether the position is the last one, or past it."""
        return self.position >= self.end

    def within(self, position: int | None = None) -> bool:
        """Tell whether a position, by default the current one, is within the text."""
        return 0 <= (self.position if position is None else position) <= self.end

    def between(self, start: int, end: int) -> str:
        """The text from a position up to another; raises `OutOfBoundsError` where that is past the end."""
        if end > len(self.text):
            raise OutOfBoundsError(end)
        return self.text[start:end]

    def significant_after(self, position: int) -> int:
        """The position of the next character that is no blank; past the end where there is none."""
        position += 1
        while self.within(position) and self.text[position] == " ":
            position += 1
        return position

    def significant_before(self, position: int) -> int:
        """The position of the previous character that is no blank; -1 where there is none."""
        position -= 1
        while self.within(position) and self.text[position] == " ":
            position -= 1
        return position if self.within(position) else NOWHERE

    def next_significant(self, position: int | None = None) -> str:
        """The next character that is no blank, or a blank where there is none."""
        following = self.significant_after(self.position if position is None else position)
        return self.text[following] if self.within(following) else " "

    def find_significant(self, position: int, wanted: str) -> int:
        """The position of the next character that is no blank, if it is the wanted one, else -1."""
        following = self.significant_after(position)
        return following if self.at(following) == wanted else NOWHERE

    def find(self, position: int, wanted: str) -> int:
        """The first position from the given one on that holds the wanted character, else -1."""
        return self.text.find(wanted, position, self.end + 1)

    def find_unescaped(self, position: int, wanted: str) -> int:
        """The first position after the given one that holds the character without a backslash before it, else -1."""
        position += 1
        while self.within(position):
            character = self.text[position]
            if character == "\\":
                position += 1
            elif character == wanted:
                return position
            position += 1
        return NOWHERE

    def find_closing(self, position: int, opening: str, closing: str, *, skip_patterns: bool) -> int:
        """The position of the bracket that closes the one at the given position, strings left out, else -1."""
        if self.at(position) != opening:
            raise PathSyntaxError(f"Expected {opening} but found {self.at(position)}")
        depth = 1
        position += 1
        while self.within(position):
            position = self._after_string(position)
            if skip_patterns:
                position = self._after_pattern(position)
            character = self.at(position)
            depth += (character == opening) - (character == closing)
            if not depth:
                return position
            position += 1
        return NOWHERE

    def _after_string(self, position: int) -> int:
        quote = self.at(position)
        if quote not in "'\"":
            return position
        closing = self.find_unescaped(position, quote)
        if closing == NOWHERE:
            raise PathSyntaxError(f"Could not find matching close quote for {quote} when parsing : {self.text}")
        return closing + 1

    def _after_pattern(self, position: int) -> int:
        if self.at(position) != "/":
            return position
        closing = self.find_unescaped(position, "/")
        if closing == NOWHERE:
            raise PathSyntaxError(f"Could not find matching close for / when parsing regex in : {self.text}")
        return closing + 1

    def accept(self, text: str) -> bool:
        """Read the given text after blanks, if it is there."""
        self.skip_blanks()
        if not self.text.startswith(text, self.position, self.end + 1):
            return False
        self.position += len(text)
        return True

    def expect(self, character: str) -> None:
        """Read the given character after blanks; raises `PathSyntaxError` where another is there."""
        self.skip_blanks()
        if self.current != character:
            raise PathSyntaxError(f"Expected character: {character}")
        self.position += 1
