"""Pages of a long list; the page's number stands in the address."""

from dataclasses import dataclass

from privet.web.components.tables import address

PAGE = "page"


@dataclass(frozen=True, kw_only=True)
class Pages:
    """Which page of how many this is."""

    number: int
    size: int
    total: int
    query: str = ""

    @property
    def count(self) -> int:
        """How many pages there are; at least one."""
        return max(1, -(-self.total // self.size))

    @property
    def start(self) -> int:
        """The place of the page's first item, from 0."""
        return (self.number - 1) * self.size

    @property
    def first(self) -> int:
        """The place of the page's first item as people count, 0 on an empty list."""
        return min(self.start + 1, self.total)

    @property
    def last(self) -> int:
        """The place of the page's last item as people count."""
        return min(self.start + self.size, self.total)

    @property
    def newer(self) -> str:
        """The address of the page before; empty on the first."""
        if self.number <= 1:
            return ""
        return address(self.query, page="" if self.number == 2 else str(self.number - 1))

    @property
    def older(self) -> str:
        """The address of the page after; empty on the last."""
        return address(self.query, page=str(self.number + 1)) if self.number < self.count else ""


def read_pages(wanted: str, *, total: int, size: int, query: str) -> Pages:
    """The page that an address asks for: the nearest there is."""
    number = int(wanted) if wanted.isascii() and wanted.isdecimal() and len(wanted) < 9 else 1
    most = max(1, -(-total // size))
    return Pages(number=min(max(number, 1), most), size=size, total=total, query=query)
