"""What a visitor of the garden may send."""

import msgspec


class ClaimForm(msgspec.Struct):
    """The tick under the growing agreement."""

    agreed: bool
