import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { peer } from "../../../tests/support/address.ts";
import { FakeStream } from "../../../tests/support/fake_stream.ts";
import { type Connect, TcpDialer } from "./tcp_dialer.ts";

const SERVER = peer("192.0.2.10:5070");

/** A dialer with a clock in the test's hand. */
function openDialer(connect: Connect, timeoutMs = 60_000) {
  const clock = { nowMs: 0 };
  const dialer = new TcpDialer({ timeoutMs, now: () => clock.nowMs, connect });
  return { dialer, clock };
}

/** Never connects, until it is told to give up. */
function hang(options: Deno.ConnectOptions): Promise<FakeStream> {
  const { promise, reject } = Promise.withResolvers<FakeStream>();
  options.signal?.addEventListener("abort", () => reject(options.signal?.reason));
  return promise;
}

Deno.test("TcpDialer.dial() connects to an address literal", async () => {
  const stream = new FakeStream();
  const asked: unknown[] = [];
  const { dialer } = openDialer(({ hostname, port, transport }) => {
    asked.push({ hostname, port, transport });
    return Promise.resolve(stream);
  });
  strictEqual(await dialer.dial(SERVER), stream);
  deepStrictEqual(asked, [{ hostname: "192.0.2.10", port: 5070, transport: "tcp" }]);
});

Deno.test("TcpDialer.dial() ends after its time-out", async () => {
  const { dialer } = openDialer(hang, 1);
  strictEqual(await dialer.dial(SERVER), "timeout");
  strictEqual(dialer.hasRefused(SERVER), true);
});

Deno.test("TcpDialer.dial() does not try a refusing peer again for two seconds", async () => {
  let tries = 0;
  const { dialer, clock } = openDialer(() => {
    tries++;
    return Promise.reject(new Deno.errors.ConnectionRefused("no"));
  });
  const outcomes = [await dialer.dial(SERVER), await dialer.dial(SERVER)];
  clock.nowMs = 2_000;
  outcomes.push(await dialer.dial(SERVER));
  deepStrictEqual([outcomes, tries], [["refused", "refused", "refused"], 2]);
});

Deno.test("TcpDialer.hasRefused() forgets after ten minutes, and when a dial succeeds", async () => {
  const answers = ["refuse", "accept"];
  const { dialer, clock } = openDialer(() =>
    answers.shift() === "accept"
      ? Promise.resolve(new FakeStream())
      : Promise.reject(new Deno.errors.ConnectionRefused("no"))
  );
  const said = [dialer.hasRefused(SERVER)];
  await dialer.dial(SERVER);
  said.push(dialer.hasRefused(SERVER));
  clock.nowMs = 599_999;
  said.push(dialer.hasRefused(SERVER));
  await dialer.dial(SERVER);
  said.push(dialer.hasRefused(SERVER));
  deepStrictEqual(said, [false, true, true, false]);
});

Deno.test("TcpDialer.dial() refuses the 65th dial at once", async () => {
  const { dialer } = openDialer(hang);
  const dials = Array.from(
    { length: 64 },
    (_, index) => dialer.dial(peer(`192.0.2.10:${index + 1}`)),
  );
  strictEqual(await dialer.dial(SERVER), "refused");
  dialer.close();
  deepStrictEqual(new Set(await Promise.all(dials)), new Set(["timeout"]));
});

Deno.test("TcpDialer.retime() changes the patience of later dials", async () => {
  const { dialer } = openDialer(hang);
  dialer.retime(1);
  strictEqual(await dialer.dial(SERVER), "timeout");
});
