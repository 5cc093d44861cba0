import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { findFreePorts } from "./free_ports.ts";

Deno.test("findFreePorts() finds an even port with free neighbours on all addresses", () => {
  const hostnames = ["127.0.0.1", "127.9.0.1"];
  const first = findFreePorts(hostnames, 4);
  if (first === undefined) throw new Error("none found");
  strictEqual(first % 2, 0);
  const sockets = hostnames.flatMap((hostname) =>
    [0, 1, 2, 3].map((step) =>
      Deno.listenDatagram({ transport: "udp", hostname, port: first + step })
    )
  );
  for (const socket of sockets) socket.close();
  deepStrictEqual(sockets.length, 8);
});

Deno.test("findFreePorts() says so when an address cannot be bound", () => {
  strictEqual(findFreePorts(["203.0.113.77"], 1), undefined);
});
