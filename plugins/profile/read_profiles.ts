import { parse } from "@std/ini/parse";
import { err, ok, type Result } from "../../src/base/result.ts";
import { parseIpNetwork } from "../../src/base/ip_network.ts";
import { headerKey } from "../../src/sip/header_name.ts";
import type { PhoneProfile, Profile, ProfileNetwork, ProviderProfile } from "./profile.ts";

/** Keys of a section by its kind; a key of neither is a mistake. */
const KEYS = {
  provider: [
    "kind",
    "title",
    "remove",
    "domains",
    "locate",
    "host",
    "keepalive_seconds",
    "via_networks",
    "international",
    "max_message_bytes",
    "spare",
  ],
  phone: ["kind", "title", "remove", "products", "contact"],
} as const;

/** A section as INI gives it. */
type Section = ReadonlyMap<string, string>;

/**
 * Reads profiles from INI text, one a section.
 *
 * Keys of providers: `domains`, `locate`, `host`, `keepalive_seconds`, `via_networks`, `international`,
 * `max_message_bytes`, `spare`; of phones: `products`, `contact`; of both: `kind`, `title`, `remove`. Lists are joined by
 * commas.
 *
 * @param text the file
 * @returns the profiles in their order, or what is wrong with the first bad one
 */
export function readProfiles(text: string): Result<readonly Profile[]> {
  const sections = readSections(text);
  if (!sections.ok) return sections;
  const profiles: Profile[] = [];
  for (const [name, section] of sections.value) {
    const profile = readProfile(name, section);
    if (!profile.ok) return profile;
    profiles.push(profile.value);
  }
  return ok(profiles);
}

/** The parser throws on text that is no INI; to us that is a fault of the file. */
function readSections(text: string): Result<readonly (readonly [string, Section])[]> {
  const sections = new Map<string, Map<string, string>>();
  let stray: string | undefined;
  try {
    parse(text, {
      reviver: (key: string, value: unknown, section?: string) => {
        if (section === undefined) stray = key;
        const entries = sections.get(section ?? "") ?? new Map<string, string>();
        sections.set(section ?? "", entries.set(key, `${value}`));
        return value;
      },
    });
  } catch (error) {
    return err(`Cannot read profiles: ${error instanceof Error ? error.message : "no INI text"}`);
  }
  if (stray !== undefined) return err(`Cannot read profiles: key "${stray}" before any section`);
  return ok([...sections]);
}

function readProfile(name: string, section: Section): Result<Profile> {
  const bad = (reason: string) => err(`Cannot read profile "${name}": ${reason}`);
  const kind = section.get("kind");
  if (kind !== "provider" && kind !== "phone") return bad("kind is neither provider nor phone");
  const known: readonly string[] = KEYS[kind];
  const unknown = [...section.keys()].find((key) => !known.includes(key));
  if (unknown !== undefined) return bad(`a ${kind} has no key "${unknown}"`);
  const profile = kind === "provider" ? readProvider(name, section) : readPhone(name, section);
  return typeof profile === "string" ? bad(profile) : ok(profile);
}

function readProvider(name: string, section: Section): ProviderProfile | string {
  const domains = list(section, "domains").map((domain) => domain.toLowerCase());
  if (domains.length === 0) return "domains is missing";
  const locate = section.get("locate") ?? "port";
  if (locate !== "srv" && locate !== "port") return "locate is neither srv nor port";
  const keepaliveSeconds = wholeNumber(section, { key: "keepalive_seconds", min: 5, max: 3600 });
  if (typeof keepaliveSeconds === "string") return keepaliveSeconds;
  const maxBytes = wholeNumber(section, { key: "max_message_bytes", min: 500, max: 65_000 });
  if (typeof maxBytes === "string") return maxBytes;
  const viaNetworks = list(section, "via_networks").map(network);
  if (viaNetworks.includes(undefined)) return "via_networks holds no network";
  const international = section.get("international");
  if (international !== undefined && !/^[0-9]{1,4}$/.test(international)) {
    return "international is no dialled prefix";
  }
  return {
    kind: "provider",
    ...common(name, section),
    domains,
    locate,
    host: section.get("host"),
    keepaliveSeconds,
    viaNetworks: viaNetworks.filter((one) => one !== undefined),
    international,
    maxMessageLengthBytes: maxBytes,
    spare: list(section, "spare").map(headerKey),
  };
}

function readPhone(name: string, section: Section): PhoneProfile | string {
  const products = list(section, "products").map((product) => product.toLowerCase());
  if (products.length === 0) return "products is missing";
  const contact = section.get("contact") ?? "sent";
  if (contact !== "registered" && contact !== "sent") {
    return "contact is neither registered nor sent";
  }
  return { kind: "phone", ...common(name, section), products, contact };
}

function common(name: string, section: Section) {
  return {
    name,
    title: section.get("title") ?? name,
    remove: list(section, "remove").map(headerKey),
  };
}

function list(section: Section, key: string): readonly string[] {
  return (section.get(key) ?? "").split(",").map((entry) => entry.trim())
    .filter((entry) => entry !== "");
}

function wholeNumber(
  section: Section,
  option: { readonly key: string; readonly min: number; readonly max: number },
): number | undefined | string {
  const { key, min, max } = option;
  const text = section.get(key);
  if (text === undefined) return undefined;
  const number = Number(text);
  const isRight = Number.isInteger(number) && number >= min && number <= max;
  return isRight ? number : `${key} is no whole number from ${min} to ${max}`;
}

function network(text: string): ProfileNetwork | undefined {
  const slash = text.indexOf("/");
  if (slash < 0 || parseIpNetwork(text) === undefined) return undefined;
  return { kind: "address", host: text.slice(0, slash), bits: Number(text.slice(slash + 1)) };
}
