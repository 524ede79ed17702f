"""A person's client: implements shop.ports.PersonLink. The access token lives in memory only (DESIGN 3.10)."""

from repaircenter.uplink.http import Http
from repaircenter.wire import document
from repaircenter.wire.messages import (
    Favourite,
    FavouriteList,
    ReportInfo,
    ReportList,
    RunRequest,
    RunState,
    SessionAnswer,
    SignInRequest,
)


class PersonClient:
    """Reports and favourites of the person who signed in."""

    def __init__(self, http: Http) -> None:
        self._http = http
        self._token: str | None = None

    def sign_in(self, email: str, password: str) -> SessionAnswer:
        answer = self._http.call("POST", "/sign-in", SessionAnswer, SignInRequest(email=email, password=password))
        self._token = answer.token
        return answer

    def sign_out(self) -> None:
        self._token = None

    def reports(self) -> list[ReportInfo]:
        return self._http.call("GET", "/reports", ReportList, token=self._token).reports

    def start_run(self, request: RunRequest) -> RunState:
        return self._http.call("POST", "/reports/runs", RunState, request, self._token)

    def run_state(self, run_id: str) -> RunState:
        return self._http.call("GET", f"/reports/runs/{run_id}", RunState, token=self._token)

    def run_part(self, run_id: str, part: int) -> document.Part:
        return document.decode_part(self._http.raw("GET", f"/reports/runs/{run_id}/parts/{part}", token=self._token))

    def stop_run(self, run_id: str) -> None:
        self._http.raw("DELETE", f"/reports/runs/{run_id}", token=self._token)

    def favourites(self) -> list[Favourite]:
        return self._http.call("GET", "/favourites", FavouriteList, token=self._token).favourites

    def save_favourite(self, favourite: Favourite) -> Favourite:
        if favourite.id:
            return self._http.call("PUT", f"/favourites/{favourite.id}", Favourite, favourite, self._token)
        return self._http.call("POST", "/favourites", Favourite, favourite, self._token)

    def delete_favourite(self, favourite_id: int) -> None:
        self._http.raw("DELETE", f"/favourites/{favourite_id}", token=self._token)
