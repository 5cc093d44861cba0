/** Phone profiles; `read_profiles.ts` says what the keys mean. */
export const PHONE_PROFILES: string = `
[fritzbox]
kind = phone
title = FRITZ!Box
products = FRITZ!, AVM
; Calls without a number come with a Contact that is not registered.
contact = registered

[snom]
kind = phone
title = Snom
products = snom
; Serial numbers and inside addresses are nobody's business.
remove = X-Serialnumber, X-Real-IP, P-Key-Flags

[grandstream]
kind = phone
title = Grandstream
products = Grandstream
remove = X-Grandstream-PBX, P-Early-Media
contact = registered
`;
