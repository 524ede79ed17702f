"""Saves a favourite at the service (A-36)."""

from repaircenter.shop.ports import PersonLink
from repaircenter.wire import endpoints
from repaircenter.wire.reports import Favourite


def save_favourite(link: PersonLink, favourite: Favourite) -> Favourite:
    """Keep a favourite, new with id 0; return it as the service keeps it. Raises what `PersonLink.call` raises."""
    if favourite.id:
        return link.call(endpoints.CHANGE_FAVOURITE, favourite, favourite_id=favourite.id)
    return link.call(endpoints.ADD_FAVOURITE, favourite)
