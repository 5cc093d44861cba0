import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { PROFILES } from "./profiles.ts";
import { readProfiles } from "./read_profiles.ts";

Deno.test("readProfiles() reads every key of a provider", () => {
  const text = [
    "; a comment",
    "[one]",
    "kind = provider",
    "title = The One",
    "domains = One.example, two.example",
    "locate = srv",
    "host = sip.one.example",
    "keepalive_seconds = 25",
    "via_networks = 10.0.0.0/8, 2001:db8::/32",
    "international = 00",
    "max_message_bytes = 1300",
    "spare = User-Agent, k",
    "remove = Allow-Events",
  ].join("\n");
  deepStrictEqual(readProfiles(text), {
    ok: true,
    value: [{
      kind: "provider",
      name: "one",
      title: "The One",
      remove: ["allow-events"],
      domains: ["one.example", "two.example"],
      locate: "srv",
      host: "sip.one.example",
      keepaliveSeconds: 25,
      viaNetworks: [
        { kind: "address", host: "10.0.0.0", bits: 8 },
        { kind: "address", host: "2001:db8::", bits: 32 },
      ],
      international: "00",
      maxMessageLengthBytes: 1300,
      spare: ["user-agent", "supported"],
    }],
  });
});

Deno.test("readProfiles() reads every key of a phone, and defaults", () => {
  const text = "[p]\nkind = phone\nproducts = Abc\ncontact = registered\nremove = X-A, X-B\n" +
    "[q]\nkind = phone\nproducts = d\n";
  deepStrictEqual(readProfiles(text), {
    ok: true,
    value: [
      {
        kind: "phone",
        name: "p",
        title: "p",
        remove: ["x-a", "x-b"],
        products: ["abc"],
        contact: "registered",
      },
      { kind: "phone", name: "q", title: "q", remove: [], products: ["d"], contact: "sent" },
    ],
  });
});

Deno.test("readProfiles() gives a provider that says nothing its defaults", () => {
  deepStrictEqual(readProfiles("[a]\nkind = provider\ndomains = a.example\n"), {
    ok: true,
    value: [{
      kind: "provider",
      name: "a",
      title: "a",
      remove: [],
      domains: ["a.example"],
      locate: "port",
      host: undefined,
      keepaliveSeconds: undefined,
      viaNetworks: [],
      international: undefined,
      maxMessageLengthBytes: undefined,
      spare: [],
    }],
  });
});

const P = "[a]\nkind = provider\ndomains = a.example\n";

const wrong: readonly (readonly [string, string])[] = [
  ["nonsense", "Cannot read profiles: Unexpected token n in INI at line 1"],
  ["[a", "Cannot read profiles: Unexpected end of INI section at line 1"],
  ["x = 1\n" + P, 'Cannot read profiles: key "x" before any section'],
  ["[a]\ntitle = A", 'Cannot read profile "a": kind is neither provider nor phone'],
  ["[a]\nkind = car", 'Cannot read profile "a": kind is neither provider nor phone'],
  ["[a]\nkind = provider", 'Cannot read profile "a": domains is missing'],
  ["[a]\nkind = provider\ndomains = ,", 'Cannot read profile "a": domains is missing'],
  ["[a]\nkind = phone", 'Cannot read profile "a": products is missing'],
  [P + "products = x", 'Cannot read profile "a": a provider has no key "products"'],
  ["[a]\nkind = phone\nhost = x", 'Cannot read profile "a": a phone has no key "host"'],
  [P + "locate = naptr", 'Cannot read profile "a": locate is neither srv nor port'],
  [
    P + "keepalive_seconds = 4",
    'Cannot read profile "a": keepalive_seconds is no whole number from 5 to 3600',
  ],
  [
    P + "keepalive_seconds = 2.5e1x",
    'Cannot read profile "a": keepalive_seconds is no whole number from 5 to 3600',
  ],
  [
    P + "max_message_bytes = 100000",
    'Cannot read profile "a": max_message_bytes is no whole number from 500 to 65000',
  ],
  [P + "via_networks = 10.0.0.0", 'Cannot read profile "a": via_networks holds no network'],
  [P + "via_networks = 10.0.0.0/40", 'Cannot read profile "a": via_networks holds no network'],
  [P + "international = +", 'Cannot read profile "a": international is no dialled prefix'],
  [
    "[a]\nkind = phone\nproducts = x\ncontact = right",
    'Cannot read profile "a": contact is neither registered nor sent',
  ],
];

for (const [text, error] of wrong) {
  Deno.test(`readProfiles() refuses ${JSON.stringify(text)}`, () => {
    deepStrictEqual(readProfiles(text), { ok: false, error });
  });
}

Deno.test("PROFILES are ten, each with a name of its own and something to do", () => {
  deepStrictEqual(PROFILES.map(({ name }) => name), [
    "telekom",
    "sipgate",
    "1und1",
    "vodafone",
    "easybell",
    "orange",
    "twilio",
    "fritzbox",
    "snom",
    "grandstream",
  ]);
  for (const profile of PROFILES) {
    const isBusy = profile.kind === "provider"
      ? profile.locate === "srv" || profile.host !== undefined
      : profile.contact === "registered" || profile.remove.length > 0;
    ok(isBusy, profile.name);
  }
});

Deno.test("PROFILES: no domain and no product belongs to two", () => {
  const words = PROFILES.flatMap((profile) =>
    profile.kind === "provider" ? profile.domains : profile.products
  );
  strictEqual(new Set(words).size, words.length);
});
