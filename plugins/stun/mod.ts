/**
 * plugin_stun: learns from a STUN server under which address the outside sees us (RFC 8489 §2).
 * It keeps no NAT binding open and says nothing about ports. The plugin host calls it.
 *
 * @module
 */
import { CONTINUE, definePlugin, type Plugin, type PluginHost } from "../../src/plugin/api.ts";
import { type IpAddress, ipFamily } from "../../src/base/ip_address.ts";
import { addressScope } from "../../src/base/ip_network.ts";
import { sameSocketAddress, type SocketAddress } from "../../src/base/socket_address.ts";
import { bindingRequest, readBindingAnswer, TRANSACTION_ID_DIGITS } from "./binding.ts";

/** Rest between two requests while no answer comes: siproxd's. */
const RETRY_MS = 10_000;

/** The plugin. */
export const plugin: Plugin = definePlugin({
  name: "stun",
  apiVersion: 1,
  description: "Finds the public address by a STUN server",
  options: {
    server: {
      kind: "string",
      required: true,
      help: "Name or address of the STUN server.",
      example: "stun.example.org",
      validate: (value) => /^[A-Za-z0-9_.:[\]-]{1,253}$/.test(value) ? undefined : "no host name",
    },
    port: {
      kind: "integer",
      default: 0,
      min: 0,
      max: 65535,
      help: "Its port; 0: by the server's SRV record, else 3478.",
      example: "3478",
    },
    period: {
      kind: "integer",
      default: 300,
      min: 10,
      max: 86_400,
      help: "Seconds between two requests.",
      example: "300",
    },
  },
  setup({ server, port, period }, host) {
    const client = new StunClient({ server, port, periodSeconds: period }, host);
    return {
      onTimer: () => client.tick(),
      processRaw: ({ data, source }) =>
        client.receive(data, source) === "mine" ? { kind: "consume" } : CONTINUE,
    };
  },
});

interface StunSettings {
  readonly server: string;
  readonly port: number;
  readonly periodSeconds: number;
}

interface Question {
  readonly request: Uint8Array;
  readonly server: SocketAddress;
}

/** The exchange with the server: one question under way at most. */
class StunClient {
  readonly #settings: StunSettings;
  readonly #host: PluginHost;
  #question: Question | undefined;
  #dueAtMs = 0;
  #wan: IpAddress | undefined;

  constructor(settings: StunSettings, host: PluginHost) {
    this.#settings = settings;
    this.#host = host;
  }

  /** Asks when it is time, or at once when our own address has changed. */
  tick(): void {
    const { wan } = this.#host.addresses();
    const nowMs = this.#host.nowMs();
    if (wan !== this.#wan) this.#dueAtMs = nowMs;
    this.#wan = wan;
    if (wan === undefined || nowMs < this.#dueAtMs) return;
    const { server: name, port } = this.#settings;
    const servers = this.#host.locate(name, {
      port: port === 0 ? undefined : port,
      service: "stun",
    });
    // What is asked by IPv6 tells nothing of the NAT in front of an IPv4 address.
    const server = servers.find(({ address }) => ipFamily(address) === ipFamily(wan));
    // A name that is being looked up is there at the next tick.
    if (server === undefined) return;
    const request = bindingRequest(this.#host.randomHex(TRANSACTION_ID_DIGITS));
    this.#question = { request, server };
    this.#dueAtMs = nowMs + RETRY_MS;
    this.#host.sendDatagram(request, server);
  }

  /** Only the server that was asked can answer, and only the question under way. */
  receive(data: Uint8Array, source: SocketAddress): "mine" | "other" {
    const question = this.#question;
    if (question === undefined || !sameSocketAddress(source, question.server)) return "other";
    const answer = readBindingAnswer(data, question.request);
    if (answer.kind === "other") return "other";
    this.#question = undefined;
    if (answer.kind === "mapped") this.#follow(answer.address);
    return "mine";
  }

  #follow(address: IpAddress | undefined): void {
    const scope = address === undefined ? "unspecified" : addressScope(address);
    if (address === undefined || (scope !== "global" && scope !== "private")) return;
    this.#dueAtMs = this.#host.nowMs() + this.#settings.periodSeconds * 1000;
    const { advertised } = this.#host.addresses();
    if (address === advertised) return;
    const text = `STUN: public IP has changed ${advertised ?? "none"} -> ${address}`;
    this.#host.log({ level: "info", event: "address", text });
    this.#host.advertise(address);
  }
}
