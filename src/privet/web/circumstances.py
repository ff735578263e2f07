"""Kinds of networks and types of devices, in words."""

from django.utils.translation import gettext_lazy

from privet.network.facts import DeviceType, NetworkKind
from privet.web.words import Words

KINDS: dict[str, Words] = {
    NetworkKind.RESIDENTIAL: gettext_lazy("at home or at work"),
    NetworkKind.MOBILE: gettext_lazy("mobile network"),
    NetworkKind.EDUCATION: gettext_lazy("school or university"),
    NetworkKind.HOSTING: gettext_lazy("data centre"),
    NetworkKind.VPN: gettext_lazy("VPN"),
    NetworkKind.TOR: gettext_lazy("Tor"),
    NetworkKind.RELAY: gettext_lazy("private relay"),
    NetworkKind.PRIVATE: gettext_lazy("local network"),
}

DEVICES: dict[str, Words] = {
    DeviceType.DESKTOP: gettext_lazy("computer"),
    DeviceType.MOBILE: gettext_lazy("phone"),
    DeviceType.TABLET: gettext_lazy("tablet"),
    DeviceType.TV: gettext_lazy("television"),
    DeviceType.CONSOLE: gettext_lazy("game console"),
    DeviceType.BOT: gettext_lazy("machine"),
    DeviceType.OTHER: gettext_lazy("another device"),
}
