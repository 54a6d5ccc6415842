"""What foundations can refuse: here what all subjects share."""

from core.errors import NotFound


class FoundationNotFound(NotFound):
    """No such foundation."""

    message = "没有找到这家基金会"
