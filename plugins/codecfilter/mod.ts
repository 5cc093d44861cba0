/**
 * plugin_codecfilter: takes codecs out of offers and answers.
 * It adds none and never leaves a media line without a codec. The plugin host calls it.
 *
 * @module
 */
import { CONTINUE, definePlugin, type Plugin } from "../../src/plugin/api.ts";
import { parseContentType } from "../../src/sip/content_type.ts";
import { headerValue, withBody } from "../../src/sip/headers.ts";
import type { SipMessage } from "../../src/sip/message.ts";
import { replacePart } from "../../src/sip/multipart.ts";
import { type CodecFilter, createCodecFilter } from "./filter_codecs.ts";

/** The plugin. */
export const plugin: Plugin = definePlugin({
  name: "codecfilter",
  apiVersion: 1,
  description: "Removes unwanted codecs from SDP bodies",
  options: {
    blacklist: {
      kind: "list",
      help: "Part of a codec's name, in any case; codecs whose name has it are removed.",
      example: "g729",
    },
  },
  examine: ({ blacklist }) =>
    blacklist.length > 0 ? [] : [{
      option: "blacklist",
      severity: "warning",
      message: "Cannot filter anything: no plugin_codecfilter_blacklist is set",
    }],
  setup({ blacklist }) {
    if (blacklist.length === 0) return {};
    const filter = createCodecFilter(blacklist.map((word) => word.toLowerCase()));
    return {
      preProxy: ({ message }) => {
        const edited = filterMessage(message, filter);
        return edited === message ? CONTINUE : { kind: "continue", message: edited };
      },
      preProxyResponse: ({ message }) => {
        const edited = filterMessage(message, filter);
        return edited === message ? CONTINUE : { kind: "continue", message: edited };
      },
    };
  },
});

function filterMessage<Message extends SipMessage>(
  message: Message,
  filter: CodecFilter,
): Message {
  if (message.body === "") return message;
  const contentType = headerValue(message, "content-type") ?? "";
  const parsed = parseContentType(contentType);
  const mediaType = parsed.ok ? parsed.value.mediaType : "";
  if (mediaType === "application/sdp") {
    return withFiltered(message, filter(message.body));
  }
  if (!mediaType.startsWith("multipart/")) return message;
  const replace = (body: string) => {
    const filtered = filter(body);
    return filtered === body ? undefined : filtered;
  };
  const body = replacePart(message.body, { contentType, mediaType: "application/sdp", replace });
  return body.ok ? withFiltered(message, body.value) : message;
}

function withFiltered<Message extends SipMessage>(message: Message, body: string): Message {
  return body === message.body ? message : withBody(message, body);
}
