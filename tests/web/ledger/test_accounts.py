"""Every organization with a public account is found, however many there are."""

import re

import httpx

from core.database import fetch, fetch_value
from tests.factories import make_committee


async def test_accounts_are_paged_and_found_by_name(client: httpx.AsyncClient) -> None:
    committee = await make_committee()
    await fetch(
        "insert into organization (name, kind, region, state, reason, registered_at)"
        " select '样例' || n, 'committee', $1, 'approved', '', now() from generate_series(1, 24) n",
        committee.region_id,
    )
    await fetch(
        "insert into ledger_account (owner_kind, owner_id, kind, unit, floor, tracks_lots)"
        " select 'organization', id, 'core.public', 'CNY', 0, false from organization"
        " on conflict do nothing"
    )
    pages = [(await client.get(f"/accounts?page_number={n}")).text for n in (1, 2, 3)]
    found = [re.findall(r'href="/accounts/(\d+)"', page) for page in pages]
    assert [len(ids) for ids in found] == [20, 5, 0]
    assert len({*found[0], *found[1]}) == 25
    assert ('rel="next"' in pages[0], 'rel="next"' in pages[1]) == (True, False)
    name = await fetch_value("select name from organization where id = $1", committee.id)
    named = (await client.get("/accounts", params={"words": name})).text
    assert re.findall(r'href="/accounts/(\d+)"', named) == [str(committee.id)]
    assert "没有这样的公共账户" in (await client.get("/accounts?words=鑫鑫")).text
    listed = [(await client.get(f"/api/v1/accounts?page={n}")).json() for n in (1, 2)]
    assert [len(lines) for lines in listed] == [20, 5]
    assert listed[0][0].keys() == {"organization_id", "name", "balance_fen"}
