import type { Places } from "../../torture/settings.ts";

/** Where everybody is in the namespace of the tortures; no message of the RFCs names one of them. */
export const TORTURE_PLACES: Places = {
  lan: "10.0.0.1:5081",
  wan: "198.51.100.1:5081",
  phone: "10.0.0.10:5062",
  far: "198.51.100.10:5060",
};
