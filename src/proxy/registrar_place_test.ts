import { deepStrictEqual } from "node:assert/strict";
import { ALICE, phoneWorld, requestContext, requestText } from "../../tests/support/phone_world.ts";
import { registrarPlace } from "./registrar_place.ts";

const PLACES: readonly (readonly [string, "here" | "elsewhere"])[] = [
  ["sip:10.0.0.1", "here"],
  ["sip:10.0.0.1:5060", "here"],
  ["sip:192.0.2.1", "here"],
  ["sip:127.0.0.1", "here"],
  ["sip:alice@192.0.2.1", "here"],
  ["sip:192.0.2.1:5061", "elsewhere"],
  ["sip:192.0.2.10", "elsewhere"],
  ["sip:10.0.0.10", "elsewhere"],
  ["tel:+49", "elsewhere"],
  ["urn:service:sos", "elsewhere"],
];

for (const [uri, wanted] of PLACES) {
  Deno.test(`registrarPlace() of ${uri} is ${wanted}`, () => {
    const text = requestText({ method: "REGISTER", uri });
    deepStrictEqual(registrarPlace(requestContext(phoneWorld(), { text, from: ALICE })), wanted);
  });
}

const NAMES: readonly (readonly [string, string, number])[] = [
  ["sip:home.example", "home.example", 5060],
  ["sip:home.example:5070", "home.example", 5070],
  ["sip:alice@Home.Example;transport=tcp", "Home.Example", 5060],
];

for (const [uri, host, port] of NAMES) {
  Deno.test(`registrarPlace() of ${uri} wants the name first`, () => {
    const text = requestText({ method: "REGISTER", uri });
    deepStrictEqual(registrarPlace(requestContext(phoneWorld(), { text, from: ALICE })), {
      kind: "need",
      need: { kind: "host", query: { host, port, transport: undefined, method: "address" } },
    });
  });
}

const KNOWN: readonly (readonly [string, "here" | "elsewhere"])[] = [
  ["192.0.2.1", "here"],
  ["192.0.2.10", "elsewhere"],
];

for (const [home, wanted] of KNOWN) {
  Deno.test(`registrarPlace() of a name that is ${home} is ${wanted}`, () => {
    const world = phoneWorld({ hosts: { "home.example": home } });
    const text = requestText({ method: "REGISTER", uri: "sip:home.example" });
    world.receive(text, ALICE);
    deepStrictEqual(registrarPlace(requestContext(world, { text, from: ALICE })), wanted);
  });
}

Deno.test("registrarPlace() of a name that does not exist is elsewhere, and asks no more", () => {
  const world = phoneWorld();
  const text = requestText({ method: "REGISTER", uri: "sip:nowhere.example" });
  world.receive(text, ALICE);
  deepStrictEqual(registrarPlace(requestContext(world, { text, from: ALICE })), "elsewhere");
});
