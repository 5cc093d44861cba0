import { invite, PluginBench, type Step } from "./plugin_bench.ts";

/** Providers whose names the bench knows, and one that is nobody's. */
const HOSTS = {
  "tel.t-online.de": "198.51.100.10",
  "sipgate.de": "198.51.100.11",
  "sip.1und1.de": "198.51.100.12",
  "030.sip.arcor.de": "198.51.100.13",
  "sip.easybell.de": "198.51.100.14",
  "orange-multimedia.fr": "198.51.100.15",
  "trunk.pstn.twilio.com": "198.51.100.16",
  "other.example": "198.51.100.99",
} as const;

/** A core with these profiles loaded, and alice registered. */
export class ProfileBench extends PluginBench {
  constructor(...names: readonly string[]) {
    const lines = names.map((name) => `plugin_profile_name = ${name}`);
    super({ config: ["load_plugin = plugin_profile.la", ...lines].join("\n"), hosts: HOSTS });
    this.registerAlice();
  }

  /** A call of alice to a number of a provider; the name is in the cache from the second time on. */
  call(uri: string, changes: Readonly<Record<string, string>> = {}): Step {
    const dial = (branch: string) =>
      this.fromPhone(invite(uri, {
        Via: `SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bK${branch}`,
        "Call-ID": branch,
        ...changes,
      }));
    dial("first");
    return dial("second");
  }
}
