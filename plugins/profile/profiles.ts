import { PHONE_PROFILES } from "./phone_profiles.ts";
import type { Profile } from "./profile.ts";
import { PROVIDER_PROFILES } from "./provider_profiles.ts";
import { readProfiles } from "./read_profiles.ts";

/** All profiles that are built in. */
export const PROFILES: readonly Profile[] = Object.freeze([
  ...read(PROVIDER_PROFILES),
  ...read(PHONE_PROFILES),
]);

/** The files are ours: one that cannot be read is our bug. */
function read(text: string): readonly Profile[] {
  const profiles = readProfiles(text);
  if (!profiles.ok) throw new Error(profiles.error);
  return profiles.value;
}
