"""What an operator's name suggests about its network: the weakest evidence of all.

The patterns are words that operators put into their names, and names of large operators that
carry no such word. They were checked by eye against the embedded organisations that hold the
most addresses; docs/reference/enrichment.md says what they miss.
"""

import re
from functools import lru_cache

from privet.network.facts import NetworkKind
from privet.network.records import KindClue

_VPN = r"""
    \bvpn | vpn\b | nordvpn | expressvpn | surfshark | \bmullvad | proton\ ag
    | private\ internet\ access | windscribe | cyberghost | ipvanish | hide\.?me\b | tefincom
    | packethub | tunnelbear | perfect\ privacy | \b31173\ services | anonymizer
    | hotspot\ shield | anchorfree
"""
_EDUCATION = r"""
    universi | univerz | üniversite | \buniv\b | hochschul | college | \bschool | \bschul
    | \blycee | academic | \beducat | educac | educaç | \bkampus | \bcampus\b
    | institute\ of\ technology | institut\ teknologi | polytech | politecn | politechn
    | research\ (?:and\ education\ )?network | forschungsnetz | \bnren\b | \bjisc\b | \bjanet\b
    | renater | \bgarr\b | rediris | surfnet | \bsurf\ b\.v | internet2\b | \bcernet | kreonet
    | \bcanarie | \baarnet | \bsunet\b | \buninett\b | \bfunet\b | \bheanet | \bcesnet
    | \bpionier | \bk-?12\b | unified\ district | board\ of\ education | \bcenic\b
    | \bmerit\ network | rede\ nacional\ de\ ensino | \bswitch$ | informatics$
"""
_SATELLITE = r"""
    space\ exploration\ tech | starlink | viasat | hughes\ network | hughesnet | skylogic
    | bigblu
"""
_MOBILE = r"""
    (?<!auto)mobile | (?<!exxon\ )\bmobil\b | \bmobily\b | (?:verizon|at&t|advance)\ wireless
    | cellular | selular | celular | cellco | gsm\b | gprs | \blte\b | \bumts\b | t-mobile
    | docomo,?\ inc | telefonica\ moviles | móvil | jio\ infocomm | vodacom | safaricom
    | \bmtn\b | turkcell | megafon | \bmts\ pjsc | vimpelcom | telkomsel | xl\ axiata | indosat
    | hutchison | \bee\ limited | \bairtel\ networks | cell\ c\b | sk\ telecom\b | far\ ?eastone
    | \bp4\ sp | \bplay\ sp | kyivstar | lifecell | \bzain\b | robi\ axiata | grameenphone
    | banglalink | celcom | \bmaxis\b | \bdigi\ tele | \bglobe\ tele | smart\ comm | mobitel
    | \bncell\b | ufone | telenor\ pakistan | jazz\b | \bo2\ (?:uk|online) | telefonica\ uk
    | mobinil | sonatel | mobifone | personal\ communications | \bcricket\ comm | us\ cellular
"""
_NOT_MOBILE = r"china\ mobile.*broadband | cable | fib(?:er|re) | fixed"
_HOSTING = r"""
    hosting | \bhost | host\b | \bservers?\b | dedicat | \bcloud | cloud\b | cloudflare
    | datacent(?:er|re) | data\ cent(?:er|re) | \bidc\b | colo(?:cation)?\b | \bvps\b | \bvds\b
    | \bcdn\b | amazon\.com | amazon\ data | google\ llc | google\ cloud | microsoft\ corp
    | akamai | fastly | hetzner | \bovh | digitalocean | linode | vultr | choopa
    | the\ constant\ company | contabo | leaseweb | m247 | datacamp | cdn77 | zenlayer | alibaba
    | aliyun | tencent | huawei\ cloud | oracle\ corp | ibm\ cloud | softlayer | rackspace
    | scaleway | online\ s\.a\.s | \bionos | strato\ gmbh | equinix | coreweave | godaddy
    | namecheap | dreamhost | hostinger | psychz | quadranet | colocrossing | hivelocity
    | limelight | edgio | vercel | netlify | g-?core | upcloud | kamatera | selectel | timeweb
    | beget | aruba\ s\.p\.a | netcup | ucloud | stackpath | servercentral
"""

_RULES: tuple[tuple[re.Pattern[str], KindClue], ...] = tuple(
    (re.compile(pattern, re.VERBOSE | re.IGNORECASE), KindClue(kind, detail))
    for pattern, kind, detail in (
        (_VPN, NetworkKind.VPN, "vpn"),
        (_EDUCATION, NetworkKind.EDUCATION, "education"),
        (_SATELLITE, NetworkKind.RESIDENTIAL, "satellite"),
        (_HOSTING, NetworkKind.HOSTING, "hosting"),
        (_MOBILE, NetworkKind.MOBILE, "mobile"),
    )
)
_FIXED_LINE = re.compile(_NOT_MOBILE, re.VERBOSE | re.IGNORECASE)

_CARRIERS = frozenset({6167, 20057, 22394})
"""Carriers that share a name with a fixed network: Verizon Wireless, AT&T Mobility."""


@lru_cache(maxsize=16_384)
def read_name(organisation: str | None, asn: int | None) -> KindClue | None:
    """What the name (or, for three carriers, the number) suggests; None for most providers."""
    if asn in _CARRIERS:
        return KindClue(NetworkKind.MOBILE, "mobile")
    clue = next((clue for rule, clue in _RULES if organisation and rule.search(organisation)), None)
    if clue and organisation and clue.kind is NetworkKind.MOBILE:
        return None if _FIXED_LINE.search(organisation) else clue
    return clue
