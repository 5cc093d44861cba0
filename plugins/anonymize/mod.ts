/**
 * plugin_anonymize: hides what messages say about the inside of the network, and puts it back into what returns.
 * It hides no caller's number and no media address, which the proxy masquerades anyway. The plugin host calls it.
 *
 * @module
 */
import {
  CONTINUE,
  type Continue,
  definePlugin,
  type Plugin,
  type PluginHost,
  type RequestEvent,
  type ResponseEvent,
} from "../../src/plugin/api.ts";
import { listValues, makeHeader, removeHeaders, setHeader } from "../../src/sip/headers.ts";
import type { SipMessage, SipRequest, SipResponse } from "../../src/sip/message.ts";
import { parameterValue } from "../../src/sip/parameters.ts";
import { parseVia } from "../../src/sip/via.ts";
import { editCallIds } from "./edit_call_ids.ts";
import { type HiddenParts, KeptRequests } from "./kept_requests.ts";
import { MaskedHosts } from "./masked_hosts.ts";

/** Headers in which phones name their maker, their version or their serial number. */
const PRODUCT_HEADERS = ["user-agent", "server"] as const;

/** The plugin. */
export const plugin: Plugin = definePlugin({
  name: "anonymize",
  apiVersion: 1,
  description: "Hides the topology of the inside network",
  options: {
    via: {
      kind: "boolean",
      default: true,
      help: "1: leave only our own Via in requests to the outside.",
      example: "1",
    },
    call_id: {
      kind: "boolean",
      default: true,
      help: "1: put a random name in the place of private hosts in Call-IDs.",
      example: "1",
    },
    user_agent: {
      kind: "string",
      default: "",
      help: "What stands in User-Agent and Server; without it both headers are taken out.",
      example: "Telephone",
      validate: (value) =>
        value.length <= 64 && /^[\x21-\x7e][\x20-\x7e]*$/.test(value)
          ? undefined
          : "at most 64 printable characters are expected",
    },
    keep_user_agent: {
      kind: "boolean",
      default: false,
      help: "1: leave User-Agent and Server as phones write them.",
      example: "0",
    },
    history_info: {
      kind: "boolean",
      default: true,
      help: "1: take History-Info out of requests to the outside.",
      example: "1",
    },
  },
  examine({ keep_user_agent, user_agent }) {
    if (!keep_user_agent || user_agent === "") return [];
    const message =
      "Cannot write a User-Agent: plugin_anonymize_keep_user_agent = 1 leaves it alone";
    return [{ option: "user_agent", severity: "warning", message }];
  },
  setup(config, host) {
    const hider = new Hider(config, host);
    return {
      determineTarget: (request) => hider.restoreRequest(request),
      determineTargetResponse: (response) => hider.restoreResponse(response),
      postProxy: (request) => hider.hideRequest(request),
      postProxyResponse: (response) => hider.hideResponse(response),
    };
  },
});

interface HiderConfig {
  readonly via: boolean;
  readonly call_id: boolean;
  readonly user_agent: string;
  readonly keep_user_agent: boolean;
  readonly history_info: boolean;
}

/** Hides on the way out what it restores on the way in. */
class Hider {
  readonly #config: HiderConfig;
  readonly #host: PluginHost;
  readonly #kept: KeptRequests = new KeptRequests();
  readonly #masks: MaskedHosts;

  constructor(config: HiderConfig, host: PluginHost) {
    this.#config = config;
    this.#host = host;
    this.#masks = new MaskedHosts(host);
  }

  hideRequest({ message, direction }: RequestEvent): Continue<SipRequest> {
    if (direction !== "outgoing") return CONTINUE;
    const { via, history_info } = this.#config;
    const [own = "", ...inner] = listValues(message, "via");
    const vias = via ? inner : [];
    const historyInfo = history_info ? listValues(message, "history-info") : [];
    const branch = branchOf(own);
    let edited = message;
    if (branch !== undefined && vias.length + historyInfo.length > 0) {
      this.#kept.keep(branch, { vias, historyInfo, nowMs: this.#host.nowMs() });
      if (vias.length > 0) edited = onlyVia(edited, own);
      if (historyInfo.length > 0) edited = removeHeaders(edited, "history-info");
    }
    return changed(message, this.#hideBoth(edited));
  }

  hideResponse({ message, direction }: ResponseEvent): Continue<SipResponse> {
    return direction === "outgoing" ? changed(message, this.#hideBoth(message)) : CONTINUE;
  }

  restoreRequest({ message, side }: RequestEvent): Continue<SipRequest> {
    return side === "wan" ? changed(message, this.#restoreCallIds(message)) : CONTINUE;
  }

  restoreResponse({ message, checked, side }: ResponseEvent): Continue<SipResponse> {
    if (side !== "wan") return CONTINUE;
    const branch = parameterValue(checked.topmostVia.parameters, "branch") ?? "";
    const hidden = checked.viaCount > 1 ? undefined : this.#kept.find(branch);
    const { vias, historyInfo } = hidden ?? NOTHING_HIDDEN;
    const edited = withHistory(withVias(message, vias), historyInfo);
    return changed(message, this.#restoreCallIds(edited));
  }

  #hideBoth<Message extends SipMessage>(message: Message): Message {
    const { call_id } = this.#config;
    const anonymous = call_id
      ? editCallIds(message, (callId) => this.#masks.hide(callId))
      : message;
    return this.#hideProduct(anonymous);
  }

  #hideProduct<Message extends SipMessage>(message: Message): Message {
    const { keep_user_agent, user_agent } = this.#config;
    if (keep_user_agent) return message;
    let edited = message;
    for (const key of PRODUCT_HEADERS) {
      const field = edited.headers.find((one) => one.key === key);
      if (field === undefined) continue;
      edited = user_agent === ""
        ? removeHeaders(edited, key)
        : setHeader(edited, field.name, user_agent);
    }
    return edited;
  }

  #restoreCallIds<Message extends SipMessage>(message: Message): Message {
    if (!this.#config.call_id) return message;
    return editCallIds(message, (callId) => this.#masks.restore(callId));
  }
}

const NOTHING_HIDDEN: HiddenParts = { vias: [], historyInfo: [] };

function branchOf(via: string): string | undefined {
  const parsed = parseVia(via);
  return parsed.ok ? parameterValue(parsed.value.parameters, "branch") : undefined;
}

/** Only our own Via came back; those below it follow it again. */
function withVias(message: SipResponse, vias: readonly string[]): SipResponse {
  if (vias.length === 0) return message;
  const hidden = vias.map((element) => makeHeader("Via", element));
  const headers = message.headers.flatMap((field) =>
    field.key === "via" ? [field, ...hidden] : [field]
  );
  return { ...message, headers };
}

function onlyVia(message: SipRequest, own: string): SipRequest {
  const at = message.headers.findIndex(({ key }) => key === "via");
  const headers = message.headers.flatMap((field, index) =>
    field.key !== "via" ? [field] : index === at ? [makeHeader("Via", own)] : []
  );
  return { ...message, headers };
}

/** The server knows only what came after us; our entries are the older ones (RFC 7044 §10.3). */
function withHistory(message: SipResponse, entries: readonly string[]): SipResponse {
  if (entries.length === 0) return message;
  const newer = listValues(message, "history-info");
  const value = [...entries, ...newer].join(", ");
  return setHeader(removeHeaders(message, "history-info"), "History-Info", value);
}

function changed<Message extends SipMessage>(before: Message, after: Message): Continue<Message> {
  return after === before ? CONTINUE : { kind: "continue", message: after };
}
