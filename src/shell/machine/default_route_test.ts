import { deepStrictEqual } from "node:assert/strict";
import { ip } from "../../../tests/support/sip_peer.ts";
import { parseDefaultRoute } from "./default_route.ts";

const CASES = [
  {
    title: "iproute2",
    text:
      "default via 192.168.1.1 dev eth0 proto dhcp src 192.168.1.7 metric 100\n10.0.0.0/8 dev eth1\n",
    expected: { interfaceName: "eth0", gateway: ip("192.168.1.1") },
  },
  {
    title: "busybox",
    text: "default via 10.0.2.2 dev eth1 \n10.0.2.0/24 dev eth1 scope link  src 10.0.2.15 \n",
    expected: { interfaceName: "eth1", gateway: ip("10.0.2.2") },
  },
  {
    title: "a point-to-point link",
    text: "default dev ppp0 scope link\n",
    expected: { interfaceName: "ppp0", gateway: undefined },
  },
  {
    title: "the lower metric of two",
    text: "default via 10.0.0.1 dev wlan0 metric 600\ndefault via 10.1.0.1 dev eth0 metric 100\n",
    expected: { interfaceName: "eth0", gateway: ip("10.1.0.1") },
  },
  {
    title: "the first of two equal ones",
    text: "default via 10.0.0.1 dev eth0\ndefault via 10.1.0.1 dev eth1\n",
    expected: { interfaceName: "eth0", gateway: ip("10.0.0.1") },
  },
  { title: "no default route", text: "10.0.0.0/8 dev eth1\n", expected: undefined },
  { title: "a line without device", text: "default via 10.0.0.1\n", expected: undefined },
  { title: "nothing", text: "", expected: undefined },
];

for (const { title, text, expected } of CASES) {
  Deno.test(`parseDefaultRoute() reads ${title}`, () => {
    deepStrictEqual(parseDefaultRoute(text), expected);
  });
}
