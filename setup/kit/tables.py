"""Results as a table for a terminal, with columns as wide as what is in them."""

from collections.abc import Collection, Sequence


def table(rows: Sequence[Sequence[str]], right: Collection[str] = ()) -> str:
    """Rows under headings, which are the first row.

    :param right: headings of numbers, which stand to the right
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    is_right = [heading in right for heading in rows[0]]
    lines = [
        "  ".join(
            cell.rjust(width) if number else cell.ljust(width)
            for cell, width, number in zip(row, widths, is_right, strict=True)
        ).rstrip()
        for row in rows
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines)
