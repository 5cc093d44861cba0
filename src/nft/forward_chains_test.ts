import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { type ForwardChain, forwardChains, forwardRuleText } from "./forward_chains.ts";

/** As `nft list chains` of 1.0.6 writes it. */
const LISTING = `table ip nat {
	chain postrouting {
		type nat hook postrouting priority srcnat; policy accept;
	}
}
table inet filter {
	chain input {
		type filter hook input priority filter; policy drop;
	}
	chain forward {
		type filter hook forward priority filter; policy drop;
	}
	chain helper {
	}
}
table ip filter { # handle 3
	chain FORWARD {
		type filter hook forward priority 0; policy accept;
	}
}
table bridge filter {
	chain forward {
		type filter hook forward priority filter; policy drop;
	}
}
table ip odd name {
	chain forward {
		type filter hook forward priority filter; policy drop;
	}
}
`;

const CHAINS: readonly ForwardChain[] = [
  { family: "inet", table: "filter", chain: "forward", policy: "drop" },
  { family: "ip", table: "filter", chain: "FORWARD", policy: "accept" },
];

Deno.test("forwardChains() finds the chains that forwarded packets pass", () => {
  deepStrictEqual(forwardChains(LISTING), CHAINS);
});

Deno.test("forwardChains() finds none in nothing", () => {
  deepStrictEqual(forwardChains(""), []);
  deepStrictEqual(forwardChains("type filter hook forward priority 0; policy drop;"), []);
});

Deno.test("forwardRuleText() names a rule for each chain", () => {
  strictEqual(
    forwardRuleText(CHAINS),
    "nft insert rule inet filter forward meta l4proto udp ct state untracked accept; " +
      "nft insert rule ip filter FORWARD meta l4proto udp ct state untracked accept",
  );
});

Deno.test("forwardRuleText() speaks iptables where nft knows no chain", () => {
  strictEqual(
    forwardRuleText([]),
    "iptables -I FORWARD -p udp -m conntrack --ctstate UNTRACKED -j ACCEPT",
  );
});
